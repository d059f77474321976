// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Values

/// One etcd member, spoken to through its JSON gateway (etcd 3.4 and later serve it at /v3).
package struct EtcdAPI: Sendable {
  private let client: SecureClient

  package init(client: SecureClient) {
    self.client = client
  }

  /// A member as the cluster lists it.
  package struct Member: Sendable, Equatable {
    package let id: String
    package let name: String
    package let peerURLs: [String]
  }

  /// Whether the member says it is healthy: it has a leader and can commit.
  /// - Throws: `Failure` when it cannot be reached.
  package func health() async throws -> Bool {
    let reply = try await client.send("GET", "/health")
    // 3.4 says "true" as a text, others as a boolean.
    let health = JSONValue.parse(reply.body)?["health"]
    return reply.succeeded && (health?.string == "true" || health?.bool == true)
  }

  /// The cluster's members.
  package func members() async throws -> [Member] {
    let answer = try await call("/v3/cluster/member/list", .object([:]))
    return (answer["members"]?.array ?? []).map { member in
      Member(
        id: member["ID"]?.string ?? "",
        name: member["name"]?.string ?? "",
        peerURLs: (member["peerURLs"]?.array ?? []).compactMap(\.string)
      )
    }
  }

  /// The raw value of `key`, nil where there is none.
  package func value(of key: String) async throws -> [UInt8]? {
    let answer = try await call(
      "/v3/kv/range",
      .object(["key": .string(Data(key.utf8).base64EncodedString())])
    )
    guard let text = answer["kvs"]?[0]?["value"]?.string else { return nil }
    return Data(base64Encoded: text).map { Array($0) }
  }

  /// etcd's own version.
  package func version() async throws -> String {
    let reply = try await client.send("GET", "/version")
    return JSONValue.parse(reply.body)?["etcdserver"]?.string ?? ""
  }

  private func call(_ path: String, _ body: JSONValue) async throws -> JSONValue {
    let bytes = Array(try JSONEncoder().encode(body))
    let reply = try await client.send("POST", path, body: bytes)
    guard reply.succeeded, let answer = JSONValue.parse(reply.body) else {
      throw Failure(
        .step,
        "etcd refused \(path)",
        why: "HTTP \(reply.status): \(reply.text.prefix(300))"
      )
    }
    return answer
  }
}
