// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import FoundationEssentials
import Subprocess
import SystemPackage
import TestSupport
import Testing
import Values

/// The clients against a real TLS server that asks for client certificates.
@Suite struct SecureClientTests {
  @Test func theServerSeesOurCertificate() async throws {
    try await TLSServer.with { server in
      try await server.client { client in
        let reply = try await client.send("GET", "/whoami")
        #expect(reply.status == 200)
        #expect(reply.text == "GET kubernetes-admin")
      }
    }
  }

  @Test func bodiesAndMethodsArrive() async throws {
    try await TLSServer.with { server in
      try await server.client { client in
        let reply = try await client.send("PATCH", "/echo", body: Array("{\"a\":1}".utf8))
        #expect(reply.text == "{\"a\":1}")
      }
    }
  }

  @Test func anotherAuthorityIsNotTrusted() async throws {
    try await TLSServer.with { server in
      let failure = try await #require(throws: Failure.self) {
        try await server.client(authority: server.read("other-ca.crt")) {
          try await $0.send("GET", "/whoami")
        }
      }
      #expect(failure.kind == .unreachable)
      #expect(failure.why?.contains("not from the cluster's authority") == true)
    }
  }

  @Test func anotherNameIsNotTrusted() async throws {
    try await TLSServer.with { server in
      let failure = try await #require(throws: Failure.self) {
        try await server.client(host: "127.0.0.2") { try await $0.send("GET", "/whoami") }
      }
      #expect(failure.kind == .unreachable)
    }
  }

  @Test func nobodyListening() async throws {
    try await TLSServer.with { server in
      let failure = try await #require(throws: Failure.self) {
        try await server.client(port: 1) { try await $0.send("GET", "/") }
      }
      #expect(failure.why == "connection refused")
    }
  }

  @Test func anAnswerThatNeverEndsIsCutOff() async throws {
    try await TLSServer.with { server in
      try await server.client { client in
        let failure = try await #require(throws: Failure.self) {
          try await client.send("GET", "/large", limit: 1024)
        }
        #expect(failure.kind == .unreachable)
      }
    }
  }

  @Test func readinessFallsBackToHealthz() async throws {
    try await TLSServer.with { server in
      try await server.client { client in
        let api = KubernetesAPI(client: client)
        #expect(try await api.readiness("/readyz") == (true, "ok"))
        let answer = try await api.readiness("/unready")
        #expect(!answer.ready)
        #expect(answer.detail == "HTTP 500 [-]etcd failed: reason withheld")
      }
    }
  }

  @Test func refusalsCarryTheServersWords() async throws {
    try await TLSServer.with { server in
      try await server.client { client in
        let api = KubernetesAPI(client: client)
        #expect(try await api.get("/missing") == nil)
        let failure = try await #require(throws: Failure.self) { try await api.get("/forbidden") }
        #expect(failure.kind == .step)
        #expect(failure.why == "HTTP 403: nodes is forbidden")
      }
    }
  }

  @Test func aKeyThatIsNoneIsToldWithoutShowingIt() async throws {
    let failure = try #require(throws: Failure.self) {
      try SecureClient(
        base: "https://127.0.0.1:1",
        authority: "no pem",
        certificate: "no pem",
        key: Sensitive("hunter2")
      )
    }
    #expect(failure.kind == .state)
    #expect(!failure.description.contains("hunter2"))
  }
}

/// A TLS server in a process of its own, with certificates made by openssl.
struct TLSServer: Sendable {
  let folder: String
  let port: Int

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/\(name)")), as: UTF8.self)
  }

  /// A client with the good certificate; `authority`, `host` and `port` may be made wrong.
  func client<Result: Sendable>(
    authority: String? = nil,
    host: String = "127.0.0.1",
    port: Int? = nil,
    _ body: (SecureClient) async throws -> Result
  ) async throws -> Result {
    try await SecureClient.with(
      base: "https://\(host):\(port ?? self.port)",
      authority: authority ?? read("ca.crt"),
      certificate: read("client.crt"),
      key: Sensitive(read("client.key")),
      body
    )
  }

  static func with(_ body: (TLSServer) async throws -> Void) async throws {
    let scratch = try Scratch()
    let folder = scratch.path
    defer { scratch.remove() }
    let made = try await run(
      .name("sh"),
      arguments: ["-eu", "-c", certificates],
      workingDirectory: FilePath(folder),
      output: .string(limit: 4096),
      error: .string(limit: 65536)
    )
    guard made.terminationStatus.isSuccess else { throw ServerError(made.standardOutput) }
    _ = try await run(
      .name("python3"),
      arguments: ["-c", program],
      workingDirectory: FilePath(folder),
      input: .none,
      output: .sequence,
      error: .discarded
    ) { execution in
      defer { try? execution.send(signal: .terminate) }
      for try await line in execution.standardOutput.strings() {
        guard let port = Int(line.filter(\.isNumber)) else { throw ServerError("no port: \(line)") }
        try await body(TLSServer(folder: folder, port: port))
        return
      }
      throw ServerError("the server did not start")
    }
  }

  private static let certificates = """
    exec 2>&1
    ca() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout $1.key \
      -out $1.crt -subj "/CN=$1" -addext basicConstraints=critical,CA:TRUE; }
    leaf() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $1.key -out $1.csr -subj "$2"
      printf '%s' "$3" > $1.ext
      openssl x509 -req -in $1.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 1 -extfile $1.ext -out $1.crt; }
    ca ca; ca other-ca
    leaf server /CN=server 'subjectAltName=IP:127.0.0.1'
    leaf client /O=system:masters/CN=kubernetes-admin 'extendedKeyUsage=clientAuth'
    """

  private static let program = """
    import http.server, ssl
    class Handler(http.server.BaseHTTPRequestHandler):
      protocol_version = "HTTP/1.1"
      def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        name = [v for r in self.connection.getpeercert()["subject"] for k, v in r if k == "commonName"][0]
        status, text = {
          "/whoami": (200, self.command + " " + name), "/echo": (200, body.decode()),
          "/large": (200, "x" * 100000), "/healthz": (200, "ok"),
          "/unready": (500, "[+]ping ok\\n[-]etcd failed: reason withheld\\n"),
          "/forbidden": (403, '{"kind": "Status", "message": "nodes is forbidden"}'),
        }.get(self.path, (404, "not found"))
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())
      do_GET = do_PATCH = answer
      def log_message(self, *words): pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("server.crt", "server.key")
    context.load_verify_locations("ca.crt")
    context.verify_mode = ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """
}

struct ServerError: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}
