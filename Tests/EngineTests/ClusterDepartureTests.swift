// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Engine
import Facts
import Spec
import TestSupport
import Testing
import Values

/// How workers leave another's control plane.
@Suite struct ClusterDepartureTests {
  private static func instance(_ id: String, _ name: String) -> InstanceIdentity {
    InstanceIdentity(
      id: id,
      type: "m5.large",
      zone: "eu-west-1a",
      region: "eu-west-1",
      address: IPv4Address(raw: 1),
      hostname: name
    )
  }

  private static func facts(_ instance: InstanceIdentity?) -> HostFacts {
    HostFacts(hostname: "h", instance: instance)
  }

  private static func cluster(_ controlPlane: ControlPlaneSpec) -> ClusterSpec {
    ClusterSpec(
      name: "test",
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 30, 1)),
      controlPlane: controlPlane,
      hosts: [HostSpec(name: "a", ssh: nil, nodeIP: IPv4Address(raw: 1), roles: [.worker])]
    )
  }

  /// An API that has nodes by these names: mine, another's, one without an identity, one that may not be deleted.
  private static let api = """
    import http.server, json
    nodes = {"mine": "aws:///eu-west-1a/i-1", "others": "aws:///eu-west-1a/i-2", "plain": None, "kept": None}
    class Handler(http.server.BaseHTTPRequestHandler):
      protocol_version = "HTTP/1.1"
      def answer(self):
        name = self.path.removeprefix("/api/v1/nodes/")
        if name not in nodes: status, body = 404, {}
        elif self.command == "GET":
          status, body = 200, {"metadata": {"name": name}, "spec": {"providerID": nodes[name]} if nodes[name] else {}}
        elif name == "kept": status, body = 403, {"message": "nodes is forbidden"}
        else:
          del nodes[name]
          status, body = 200, {}
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
      do_GET = do_DELETE = answer
      def log_message(self, *words): pass
    \(TLSServer.serving())
    """

  @Test func theNodeOfTheInstanceGoesAndNoOther() async throws {
    try await TLSServer.with(program: Self.api) { server in
      try await SecureClient.with(
        base: "https://127.0.0.1:\(server.port)",
        authority: try server.read("ca.crt"),
        identity: .token(Sensitive("token"))
      ) { client in
        let api = KubernetesAPI(client: client)
        func delete(_ name: String) async throws -> String {
          try await ClusterDeparture.delete(Self.instance("i-1", name), api)
        }
        var said: [String] = []
        for name in ["Mine", "mine", "plain", "others"] { said.append(try await delete(name)) }
        #expect(
          said == [
            "its node mine is deleted", "has no node in the cluster", "its node plain is deleted",
            "the node others is another instance's by now (aws:///eu-west-1a/i-2), and stays",
          ]
        )
        let others = try await api.get("/api/v1/nodes/others")
        #expect(others != nil)
        let refused = await #expect(throws: Failure.self) { try await delete("kept") }
        #expect(refused?.why == "HTTP 403: nodes is forbidden")
        await #expect(throws: Failure.self) { try await delete("../secrets") }
      }
    }
  }

  @Test func whoMayNotIsToldHow() async throws {
    let departure = ClusterDeparture(
      Self.cluster(ControlPlaneSpec(eks: EKSSpec(cluster: "production"))),
      found: ["a": Self.facts(Self.instance("i-1", "node-a"))],
      recorded: [:]
    )
    let told = await departure.leave("a") { throw Failure(.state, "no way in", why: "none known") }
    #expect(
      told == "its node node-a stays in the cluster: no way in, none known; delete it with "
        + "kubectl delete node node-a"
    )
    let none = await departure.leave("b") { throw Failure(.state, "no way in") }
    #expect(none == nil)
  }

  @Test func nodesAreCalledWhatWasFoundOutBefore() {
    let (old, new) = (Self.instance("i-1", "by-ec2"), Self.instance("i-1", "by-metadata"))
    let other = Self.instance("i-2", "other")
    func name(_ found: InstanceIdentity?, _ recorded: InstanceIdentity?) -> String? {
      ClusterDeparture(
        Self.cluster(ControlPlaneSpec(eks: EKSSpec())),
        found: ["a": Self.facts(found)],
        recorded: recorded.map { ["a": Self.facts($0)] } ?? [:]
      ).instances["a"]?.nodeName
    }
    #expect(name(new, old) == "by-ec2" && name(new, nil) == "by-metadata")
    #expect(name(nil, old) == "by-ec2" && name(other, old) == "other" && name(nil, nil) == nil)
    let own = ClusterDeparture(
      Self.cluster(ControlPlaneSpec(endpoint: Endpoint(host: "127.0.0.1"))),
      found: ["a": Self.facts(new)],
      recorded: [:]
    )
    #expect(own.instances.isEmpty)
  }
}
