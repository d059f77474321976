// SPDX-License-Identifier: Apache-2.0

import Components
import PKI
import Spec
import Synchronization
import TestSupport
import Testing
import Values

@testable import Engine

/// What a gate makes of a cluster that does not let the operator in.
@Suite struct GateTests {
  /// Tokens that are numbered, and how often AWS was asked who we are.
  private final class Account: Sendable {
    private let counts = Mutex((tokens: 0, callers: 0))

    var callers: Int { counts.withLock { $0.callers } }

    func token() -> Sensitive {
      counts.withLock {
        $0.tokens += 1
        return Sensitive("t\($0.tokens)")
      }
    }

    func caller() throws -> CallerARN {
      counts.withLock { $0.callers += 1 }
      guard let arn = CallerARN("arn:aws:sts::123456789012:assumed-role/dev/me") else {
        throw Failure(.step, "no ARN")
      }
      return arn
    }
  }

  private func gate(
    _ server: TLSServer,
    _ path: String,
    _ account: Account,
    grace: Duration
  ) throws -> Gate {
    let membership = EKSMembership(
      cluster: "prod",
      region: "us-west-2",
      endpoint: "https://127.0.0.1:\(server.port)/\(path)",
      authority: try server.read("ca.crt")
    )
    let cluster = ClusterSpec(
      name: "workers",
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 20, 2)),
      controlPlane: ControlPlaneSpec(eks: EKSSpec()),
      hosts: []
    )
    let entrance = EKSEntrance(
      membership,
      token: { account.token() },
      caller: { try account.caller() }
    )
    let clients = ClusterClients(
      cluster: cluster,
      pki: PKIOutcome.none.bundle,
      reach: Reach(fleet: Fleet(members: [])),
      eks: entrance
    )
    return Gate(
      clients: clients,
      patience: .seconds(600),
      grace: grace,
      lookPause: .zero,
      events: { _ in }
    )
  }

  private func with(_ body: (TLSServer) async throws -> Void) async throws {
    try await TLSServer.with(program: Self.program, body)
  }

  @Test("a refusal that stands is told, with who was refused and the way in")
  func refusal() async throws {
    try await with { server in
      let account = Account()
      let gate = try gate(server, "401", account, grace: .zero)
      let failure = try await #require(throws: Failure.self) {
        try await gate.pass(.nodes, hosts: ["n"])
      }
      #expect(failure.kind == .unauthenticated)
      #expect(
        failure.what
          == "the cluster prod does not know arn:aws:sts::123456789012:assumed-role/dev/me"
      )
      #expect(failure.why?.contains("HTTP 401: Unauthorized") == true)
      #expect(failure.remedy?.contains("create-access-entry --cluster-name prod") == true)
      #expect(failure.remedy?.contains("- rolearn: arn:aws:iam::123456789012:role/dev") == true)
      #expect(account.callers == 1)
    }
  }

  @Test("one who is known and may not is told so")
  func forbidden() async throws {
    try await with { server in
      let gate = try gate(server, "403", Account(), grace: .zero)
      let failure = try await #require(throws: Failure.self) {
        try await gate.pass(.workers, hosts: ["n"])
      }
      #expect(failure.kind == .forbidden)
      #expect(
        failure.what.hasSuffix("does not let arn:aws:sts::123456789012:assumed-role/dev/me do this")
      )
      #expect(failure.remedy?.contains("associate-access-policy") == true)
    }
  }

  @Test("an entry that takes seconds to be seen is waited for, with another token")
  func seenLate() async throws {
    try await with { server in
      let gate = try gate(server, "late", Account(), grace: .seconds(300))
      try await gate.pass(.nodes, hosts: ["n"])
    }
  }

  @Test("where no patience helps, it ends with the reason")
  func hopeless() async throws {
    try await with { server in
      let gate = try gate(server, "none", Account(), grace: .zero)
      let failure = try await #require(throws: Failure.self) {
        try await gate.pass(.workers, hosts: ["n"]) { "kubelet.service falls" }
      }
      #expect(failure.kind == .deadline)
      #expect(failure.what.hasSuffix("until the nodes have registered"))
      #expect(failure.why == "kubelet.service falls\nnot registered yet: n")
    }
  }

  /// Refuses by the path, or knows no node; `late` knows no first token, as a server that keeps its no.
  private static let program = """
    import http.server, json
    NODE = {"metadata": {"name": "n"}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
    class Handler(http.server.BaseHTTPRequestHandler):
      protocol_version = "HTTP/1.1"
      def do_GET(self):
        way = self.path.split("/")[1]
        status, answer = {
          "401": (401, {"message": "Unauthorized"}), "403": (403, {"message": "nodes is forbidden"}),
          "none": (404, {"message": "not found"}),
        }.get(way, (200, NODE))
        if way == "late" and self.headers["Authorization"] == "Bearer t1":
          status, answer = 401, {"message": "Unauthorized"}
        text = json.dumps(answer)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())
      def log_message(self, *words): pass
    \(TLSServer.serving())
    """
}
