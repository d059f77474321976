// SPDX-License-Identifier: Apache-2.0

import Facts
import TestSupport
import Values

/// A host that tries to join: its own services and credential command are stand-ins, its shell and curl real.
struct JoiningHost {
  let scratch: Scratch
  let server: TLSServer

  /// Parts of the token that must show up nowhere.
  static let secrets = ["SIGNATURESECRET", "SESSIONSECRET", "KEYSECRET"]

  init(_ server: TLSServer) throws {
    self.server = server
    scratch = try Scratch()
    let curl =
      "#!/bin/sh\nprintf '%s\\n' \"$@\" >>\(scratch.path)/arguments\nexec /usr/bin/curl \"$@\"\n"
    try scratch.write(curl, to: "bin/curl", mode: 0o755)
    let properties = "LoadState=loaded\\nActiveState=active\\nSubState=running\\nNRestarts=0\\n"
    try scratch.write("#!/bin/sh\nprintf '\(properties)'\n", to: "bin/systemctl", mode: 0o755)
    try scratch.write("#!/bin/sh\ncat \(scratch.path)/journal\n", to: "bin/journalctl", mode: 0o755)
    try scratch.write("I0102 kubelet.go:1] Starting\n", to: "journal")
    try scratch.write("{}\n", to: "net.d/10-aws.conflist")
    try scratch.write(
      "[ -n \"$SECRET_KEY\" ] && cat \(scratch.path)/token.json\n",
      to: "credential"
    )
    try give(case: "ready")
  }

  /// Makes the credential command give a token by which the server knows what to answer.
  func give(case name: String, expiration: String = "2999-01-01T00:00:00Z") throws {
    try scratch.write(
      """
      {"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1beta1", "spec": {},
       "status": {"expirationTimestamp": "\(expiration)", "token": "\(Self.token(name, server))"}}

      """,
      to: "token.json"
    )
  }

  private static func token(_ name: String, _ server: TLSServer) -> String {
    let url =
      "https://127.0.0.2:\(server.port)/?Action=GetCallerIdentity&Version=2011-06-15&case=\(name)"
      + "&X-Amz-Credential=ASIAEXAMPLE%2F20260102%2Fus-west-2%2Fsts%2Faws4_request"
      + "&X-Amz-Security-Token=SESSIONSECRET%2B&X-Amz-Signature=SIGNATURESECRET"
    return "k8s-aws-v1."
      + base64(url).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  private static func base64(_ text: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var bits = text.utf8.flatMap { byte in (0..<8).reversed().map { byte >> $0 & 1 } }
    while bits.count % 6 != 0 { bits.append(0) }
    return String(
      stride(from: 0, to: bits.count, by: 6).map { start in
        alphabet[bits[start..<(start + 6)].reduce(0) { Int($0) << 1 | Int($1) }]
      }
    )
  }

  var probe: JoinProbe {
    JoinProbe(
      cluster: "prod",
      endpoint: "https://127.0.0.2:\(server.port)",
      authorityPath: "\(server.folder)/ca.crt",
      credentialCommand: ["sh", "\(scratch.path)/credential", "a b"],
      credentialEnvironment: [
        "CURL_CA_BUNDLE": "\(server.folder)/ca.crt", "SECRET_KEY": "KEYSECRET'$(x)",
        "NOT A NAME": "x",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": "https://127.0.0.2:\(server.port)/metadata",
      ],
      nodeName: "node-a",
      runtimeUnit: "crio.service",
      cniFolder: "\(scratch.path)/net.d"
    )
  }

  /// Starts a process that leaves the session, and keeps what it has open for longer than a probe may take.
  var daemon: String {
    let file = "\(scratch.path)/daemon"
    return "setsid sh -c 'echo $$ >\(file); exec sleep 300' & until [ -s \(file) ]; do :; done"
  }

  /// Ends that process; false where it had come to its end.
  func endDaemon() async throws -> Bool {
    try await Command.run("sh", "-c", "kill \"$(cat '\(scratch.path)/daemon')\"").exitCode == 0
  }

  /// Runs the probe's program over standard input, as a transport would.
  func run(_ probe: JoinProbe, _ userland: Userland) async throws -> Command.Result {
    try await run(probe.program, userland)
  }

  func run(_ program: String, _ userland: Userland) async throws -> Command.Result {
    let words =
      ["env", "-i", "HOME=/nonexistent", "https_proxy=http://127.0.0.1:9"]
      + ["PATH=\(scratch.path)/bin:/usr/sbin:/usr/bin:/sbin:/bin"] + userland.shell
    return try await Command.run(words, input: program)
  }

  func findings(_ probe: JoinProbe, _ userland: Userland) async throws -> [Failure] {
    let result = try await run(probe, userland)
    return JoinDiagnosis.findings(
      try JoinEvidence.parse(result.output),
      JoinExpectations(host: "one", probe: probe, region: "us-west-2")
    )
  }

  /// A server that is the endpoint at 127.0.0.2, has another name at .1 and an old certificate at .3, and
  /// is STS and the metadata service as well.
  static func with(_ body: (JoiningHost) async throws -> Void) async throws {
    try await TLSServer.with(certificates: certificates, program: answers) { server in
      try await body(try JoiningHost(server))
    }
  }

  private static let certificates = """
    leaf api /CN=api 'subjectAltName=IP:127.0.0.2'
    leaf old /CN=old 'subjectAltName=IP:127.0.0.3'
    openssl x509 -req -in old.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 0 -extfile old.ext -out old.crt
    """

  private static let answers = #"""
    import base64, http.server, json, ssl, threading, urllib.parse
    ARN = "arn:aws:sts::123456789012:assumed-role/worker/i-0abc"
    def status(code, message): return code, {"kind": "Status", "status": "Failure", "message": message, "code": code}
    def node(*conditions): return 200, {"kind": "Node", "status": {"conditions": list(conditions)}}
    READY = {"type": "Ready", "status": "True", "message": "kubelet is posting ready status"}
    NODES = {
      "ready": node(READY),
      "unauthorized": status(401, "Unauthorized"), "expired": status(401, "Unauthorized"),
      "canonical": status(401, "Unauthorized"), "xml": status(401, "Unauthorized"),
      "other-name": status(403, 'nodes "node-a" is forbidden: User "system:node:b" cannot get resource "nodes" in'
        ' API group "" at the cluster scope: node \'b\' cannot read \'node-a\', only its own Node object'),
      "absent": status(404, 'nodes "node-a" not found'),
      "no-network": node({"type": "Ready", "status": "False", "message": "container runtime network not ready:"
        " NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not"
        " initialized"}),
    }
    USERS = {"other-name": "system:node:b", "absent": "system:node:node-a"}
    def sts(case):
      if case == "expired":
        return 403, json.dumps({"Error": {"Code": "ExpiredToken", "Message": "The security token included in the"
          " request is expired", "Type": "Sender"}, "RequestId": "r"})
      if case == "canonical":
        return 403, json.dumps({"Error": {"Code": "SignatureDoesNotMatch", "Message": "The request signature we"
          " calculated does not match. The Canonical String should have been 'GET / X-Amz-Security-Token="
          "SESSIONSECRET'", "Type": "Sender"}})
      if case == "xml":
        return 200, "<R xmlns='u'><GetCallerIdentityResult><Arn>" + ARN + "</Arn></GetCallerIdentityResult></R>"
      return 200, json.dumps({"GetCallerIdentityResponse": {"GetCallerIdentityResult":
        {"Account": "123456789012", "Arn": ARN, "UserId": "AROA:i-0abc"}}})
    class Handler(http.server.BaseHTTPRequestHandler):
      protocol_version = "HTTP/1.1"
      def choose(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path == "/version": return 200, "{}"
        if url.path == "/metadata/latest/api/token": return 200, "META-"
        if url.path.startswith("/metadata/"):
          return (404, "no") if self.headers["X-aws-ec2-metadata-token"] == "META-" else (401, "")
        if query.get("Action") == "GetCallerIdentity":
          good = self.headers["x-k8s-aws-id"] == "prod" and query["X-Amz-Security-Token"] == "SESSIONSECRET+"
          return sts(query["case"]) if good else (403, '{"Error": {"Code": "Unexpected"}}')
        token = (self.headers["Authorization"] or "").removeprefix("Bearer k8s-aws-v1.")
        signed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        case = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(signed).query)).get("case", "unauthorized")
        if url.path == "/api/v1/nodes/node-a": answer = NODES[case]
        elif case in USERS: answer = status(403, 'forbidden: User "' + USERS[case] + '" cannot get path "' + url.path + '"')
        else: answer = status(401, "Unauthorized")
        return answer[0], json.dumps(answer[1])
      def answer(self):
        code, text = self.choose()
        self.send_response(code)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD": self.wfile.write(text.encode())
      do_GET = do_HEAD = do_PUT = answer
      def log_message(self, *words): pass
    port = 0
    for address, name in [("127.0.0.1", "api"), ("127.0.0.2", "api"), ("127.0.0.3", "old")]:
      server = http.server.ThreadingHTTPServer((address, port), Handler)
      port = server.server_address[1]
      context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
      context.load_cert_chain(name + ".crt", name + ".key")
      server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
      threading.Thread(target=server.serve_forever).start()
    print(port, flush=True)
    """#
}
