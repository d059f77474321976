// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A server of rules for the faults that moto does not have.
///
/// The first rule that fits a request and is not used up answers it.
struct FakeAWS {
  struct Rule: Codable {
    var method: String?
    /// The path without its query; nil for any.
    var path: String?
    var status = 200
    var headers: [String: String] = [:]
    var body = ""
    /// How often the body is repeated.
    var copies = 1
    /// How many requests it answers; nil for all.
    var times: Int?
    /// Ends the connection in the middle of the body.
    var truncated = false
    /// Gives no answer at all.
    var silent = false
    /// Seconds until it answers.
    var delay: Int?
    /// Refuses a request whose signature is not what botocore makes of what arrived.
    var verified = false
    /// Seconds that its clock is ahead.
    var ahead = 0
    /// A metadata token without which it answers 401.
    var token: String?
  }

  let server: LoopbackServer

  init(_ rules: [Rule]) async throws {
    let text = String(decoding: try JSONEncoder().encode(rules), as: UTF8.self)
    server = try await LoopbackServer(Self.program, text)
  }

  private static let program = #"""
    import json, re, time
    from datetime import datetime, timezone
    from email.utils import formatdate
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from urllib.parse import urlsplit
    import botocore.auth as auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    rules = json.loads(sys.argv[1])
    lock = threading.Lock()
    AUTHORIZATION = re.compile(
        r"AWS4-HMAC-SHA256 Credential=(\w+)/(\d+)/([\w-]+)/(\w+)/aws4_request, "
        r"SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$")

    def signed(handler, body):
        found = AUTHORIZATION.match(handler.headers.get("Authorization", ""))
        if not found:
            return False
        key, day, region, service, names, signature = found.groups()
        request = AWSRequest(handler.command, "http://" + handler.headers["Host"] + handler.path,
                             data=body)
        for name in names.split(";"):
            for value in handler.headers.get_all(name):
                request.headers.add_header(name, value)
        request.context["timestamp"] = handler.headers["X-Amz-Date"]
        signer = auth.SigV4Auth(Credentials(key, "envsecret"), service, region)
        canonical = signer.canonical_request(request)
        return signer.signature(signer.string_to_sign(request, canonical), request) == signature

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = urlsplit(self.path).path
            with lock:
                print(self.command, self.path, flush=True)
                for rule in rules:
                    if rule.get("method") not in (None, self.command):
                        continue
                    if rule.get("path") not in (None, path):
                        continue
                    if rule.get("times") is not None:
                        if rule["times"] == 0:
                            continue
                        rule["times"] -= 1
                    break
                else:
                    rule = {"status": 404, "headers": {}, "body": "", "copies": 1,
                            "truncated": False, "silent": False, "verified": False, "ahead": 0}
            if rule["silent"]:
                time.sleep(60)
            time.sleep(rule.get("delay") or 0)
            status, text = rule["status"], rule["body"]
            if rule.get("token") not in (None, self.headers.get("X-aws-ec2-metadata-token")):
                status, text = 401, ""
            if rule["verified"] and not signed(self, body):
                status, text = 403, '{"__type": "InvalidSignatureException", "message": "m"}'
            data = text.encode() * rule["copies"]
            self.send_response_only(status)
            self.send_header("Date", formatdate(time.time() + rule["ahead"], usegmt=True))
            self.send_header("Content-Length", str(len(data)))
            for name, value in rule["headers"].items():
                self.send_header(name, value)
            self.end_headers()
            if rule["truncated"]:
                self.wfile.write(data[:len(data) // 2])
                self.close_connection = True
                return
            try:
                self.wfile.write(data)
            except OSError:
                pass

        do_GET = do_PUT = do_POST = do_CONNECT = answer

        def log_message(self, *words):
            pass

    serve(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    """#
}
