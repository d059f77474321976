// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Values

/// One etcd member, spoken to through its JSON gateway.
package struct EtcdAPI: Sendable {
  private let client: SecureClient

  package init(client: SecureClient) {
    self.client = client
  }

  /// Whether the member says it is healthy: it has a leader and can commit.
  /// - Throws: `Failure` when it cannot be reached.
  package func health() async throws -> Bool {
    let reply = try await client.send("GET", "/health")
    // 3.4 says "true" as a text, others as a boolean.
    let health = JSONValue.parse(reply.body)?["health"]
    return reply.succeeded && (health?.string == "true" || health?.bool == true)
  }

  /// The raw value of `key`, nil where there is none.
  package func value(of key: String) async throws -> [UInt8]? {
    let answer = try await call(
      "kv/range",
      ["key": .string(Data(key.utf8).base64EncodedString())]
    )
    guard let text = answer["kvs"]?[0]?["value"]?.string else { return nil }
    return Data(base64Encoded: text).map { Array($0) }
  }

  /// etcd's own version.
  package func version() async throws -> String {
    let reply = try await client.send("GET", "/version")
    return JSONValue.parse(reply.body)?["etcdserver"]?.string ?? ""
  }

  /// Where the gateway is: from 3.4 on, in 3.3, in 3.2.
  ///
  /// Source: Documentation/dev-guide/api_grpc_gateway.md of etcd 3.2 to 3.5.
  private static let gateways = ["/v3", "/v3beta", "/v3alpha"]

  /// Calls `method` of etcd's API, such as `cluster/member/list`.
  /// - Throws: `Failure`: `unreachable`, or `step` with etcd's own words.
  func call(_ method: String, _ body: [String: JSONValue]) async throws -> JSONValue {
    let bytes = Array(try JSONEncoder().encode(JSONValue.object(body)))
    var reply = SecureClient.Reply(status: 404, body: [])
    for gateway in Self.gateways where reply.status == 404 {
      reply = try await client.send("POST", "\(gateway)/\(method)", body: bytes)
    }
    guard reply.succeeded, let answer = JSONValue.parse(reply.body) else {
      let said = JSONValue.parse(reply.body)?["error"]?.string ?? String(reply.text.prefix(300))
      throw Failure(
        .step,
        "etcd refused \(method)",
        why: "\(TerminalText.escape(said)) (HTTP \(reply.status))"
      )
    }
    return answer
  }
}
