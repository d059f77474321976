// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Subprocess
import SystemPackage

/// A TLS server in a process of its own, with certificates made by openssl.
package struct TLSServer: Sendable {
  package let folder: String
  package let port: Int

  /// The text of one of its files: ca.crt, other-ca.crt, server.crt, client.crt, client.key.
  package func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/\(name)")), as: UTF8.self)
  }

  /// Runs `body` while the server runs.
  ///
  /// `certificates` is sh that makes further ones with `ca NAME` and `leaf NAME SUBJECT EXTENSIONS`,
  /// `program` a Python program for other answers, which prints its port as its first line.
  package static func with(
    certificates more: String = "",
    program server: String = Self.program,
    _ body: (TLSServer) async throws -> Void
  ) async throws {
    let scratch = try Scratch()
    let folder = scratch.path
    defer { scratch.remove() }
    let made = try await run(
      .name("sh"),
      arguments: ["-eu", "-c", certificates + "\n" + more],
      workingDirectory: FilePath(folder),
      output: .string(limit: 4096),
      error: .string(limit: 65536)
    )
    guard made.terminationStatus.isSuccess else { throw ServerError(made.standardOutput) }
    _ = try await run(
      .name("python3"),
      arguments: ["-c", server],
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

  /// Says who its client is, by the client's certificate.
  package static let program = """
    import http.server
    class Handler(http.server.BaseHTTPRequestHandler):
      protocol_version = "HTTP/1.1"
      def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        name = [v for r in self.connection.getpeercert()["subject"] for k, v in r if k == "commonName"][0]
        status, text = {
          "/whoami": (200, self.command + " " + name), "/echo": (200, body.decode()),
          "/large": (200, "x" * 100000), "/healthz": (200, "ok"),
          "/unready": (500, "[+]ping ok\\n[-]etcd failed: reason withheld\\n"),
          "/changed": (409, '{"kind": "Status", "reason": "Conflict"}'),
          "/forbidden": (403, '{"kind": "Status", "message": "nodes is forbidden"}'),
        }.get(self.path, (404, "not found"))
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())
      do_GET = do_PATCH = answer
      def log_message(self, *words): pass
    \(serving(asksClients: true))
    """
}

extension TLSServer {
  /// The end of a program: serves its class `Handler`, and prints the port.
  ///
  /// With `asksClients` nobody enters without a certificate.
  package static func serving(asksClients: Bool = false) -> String {
    """
    import ssl
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("server.crt", "server.key")
    if \(asksClients ? "True" : "False"):
      context.load_verify_locations("ca.crt")
      context.verify_mode = ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """
  }

  /// Says `body` to everybody, whoever they are.
  package static func program(saying body: String) -> String {
    """
    import http.server
    class Handler(http.server.BaseHTTPRequestHandler):
      def do_GET(self):
        text = b'''\(body)'''
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
      def log_message(self, *words): pass
    \(serving())
    """
  }
}

/// Why a server of a test did not start.
package struct ServerError: Error {
  package let reason: String
  package init(_ reason: String) { self.reason = reason }
}
