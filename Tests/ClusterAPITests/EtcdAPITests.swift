// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import TestSupport
import Testing
import Values

/// etcd's JSON gateway, as the releases have it.
@Suite struct EtcdAPITests {
  /// A gateway at `prefix` only.
  ///
  /// It refuses the first two additions as a store does whose members met just now.
  private static func program(_ prefix: String) -> String {
    """
    import http.server, json
    members, refusals = [{"ID": "9372538179322589801", "name": "a", "peerURLs": ["https://192.0.2.1:2380"]}], [0]
    def change(path, body):
      if path == "member/list": return 200, {"members": members}
      if path == "member/add":
        refusals[0] += 1
        if refusals[0] < 3: return 503, {"error": "etcdserver: unhealthy cluster", "code": 14}
        members.append({"ID": "2", "peerURLs": body["peerURLs"], "isLearner": body.get("isLearner", False)})
        return 200, {"members": members}
      if path == "member/promote":
        return 400, {"error": "etcdserver: can only promote a learner member which is in sync with leader"}
      if path == "member/remove":
        members[:] = [m for m in members if m["ID"] != body["ID"]]
        return 200, {"members": members}
      return 404, {}
    class Handler(http.server.BaseHTTPRequestHandler):
      protocol_version = "HTTP/1.1"
      def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        status, answer = 404, {}
        if self.path.startswith("\(prefix)/cluster/"):
          status, answer = change(self.path.removeprefix("\(prefix)/cluster/"), body)
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
      def log_message(self, *words): pass
    \(TLSServer.serving())
    """
  }

  @Test("members come and go", arguments: ["/v3", "/v3beta", "/v3alpha"])
  func members(_ gateway: String) async throws {
    try await TLSServer.with(program: Self.program(gateway)) { server in
      try await SecureClient.with(
        base: "https://127.0.0.1:\(server.port)",
        authority: try server.read("ca.crt"),
        identity: .token(Sensitive("none"))
      ) { client in
        let etcd = EtcdAPI(client: client)
        let url = "https://192.0.2.2:2380"
        try await etcd.add(peerURL: url, asLearner: true)
        let members = try await etcd.members()
        #expect(
          members == [
            .init(id: "9372538179322589801", name: "a", peerURLs: ["https://192.0.2.1:2380"]),
            .init(id: "2", name: "", peerURLs: [url], isLearner: true),
          ]
        )
        let refused = await #expect(throws: Failure.self) { try await etcd.promote("2") }
        #expect(refused?.kind == .step && refused?.why?.contains("in sync with leader") == true)
        try await etcd.remove("9372538179322589801")
        #expect(try await etcd.members().map(\.id) == ["2"])
      }
    }
  }
}
