// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import TestSupport
import Testing
import Values

@testable import AWS

/// Signatures, compared with botocore's on the same requests.
struct SignerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var method = "GET"
    var service = "eks"
    /// Segments of the path, not encoded.
    var segments: [String] = []
    var path: String?
    var query: [[String]] = []
    var headers: [[String]] = []
    var body = ""
    var token: String?
    var secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

    var testDescription: String { name }

    var request: HTTPRequest {
      HTTPRequest(
        method,
        Endpoint(host: "\(service).us-west-2.amazonaws.com"),
        path: path ?? "/" + segments.map { URIEncoding.encode($0) }.joined(separator: "/"),
        query: query.map { .init($0[0], $0[1]) },
        headers: headers.map { .init($0[0], $0[1]) },
        body: Array(body.utf8)
      )
    }

    var credentials: Credentials {
      Credentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: Sensitive(secret),
        sessionToken: token.map { Sensitive($0) },
        origin: "a test"
      )
    }

    var json: JSON {
      JSON(
        name: name,
        method: method,
        service: service,
        segments: segments,
        path: path,
        query: query,
        headers: headers,
        body: body,
        token: token,
        secret: secret
      )
    }
  }

  struct JSON: Codable {
    let name: String
    let method: String
    let service: String
    let segments: [String]
    let path: String?
    let query: [[String]]
    let headers: [[String]]
    let body: String
    let token: String?
    let secret: String
  }

  static let form = ["Content-Type", "application/x-www-form-urlencoded; charset=utf-8"]
  static let token = "IQoJb3JpZ2luX2VjEA==/+long/token+with=signs"

  static let cases: [Case] = [
    Case(name: "list clusters", segments: ["clusters"]),
    Case(name: "root path"),
    Case(name: "empty path", path: ""),
    Case(
      name: "a page",
      segments: ["clusters"],
      query: [["nextToken", "a+b/c=="], ["maxResults", "100"]]
    ),
    Case(name: "plain name", segments: ["clusters", "prod-1"]),
    Case(name: "space in the path", segments: ["clusters", "a b"]),
    Case(name: "unicode in the path", segments: ["clusters", "größe-集群-🚢"]),
    Case(name: "slash in a segment", segments: ["clusters", "a/b"]),
    Case(name: "per cent in a segment", segments: ["clusters", "100%25"]),
    Case(name: "odd characters", segments: ["clusters", "!*'();:@&=+$,?#[]~-._"]),
    Case(name: "dot segments", path: "/a/./b/../c"),
    Case(name: "doubled slashes", path: "//a///b/"),
    Case(name: "dots above the root", path: "/../../a"),
    Case(name: "empty value", query: [["a", ""], ["b", "1"]]),
    Case(name: "same key twice", query: [["a", "2"], ["a", "1"], ["a", ""]]),
    Case(
      name: "keys out of order",
      query: [["b", "1"], ["A", "1"], ["a", "1"], ["a-b", "1"], ["a%", "1"]]
    ),
    Case(name: "unicode in the query", query: [["ключ", "значение 値"], ["sp ace", "~*'()"]]),
    Case(name: "session token", segments: ["clusters"], token: token),
    Case(
      name: "folded header",
      headers: [["x-k8s-aws-id", "  a   b \t c  "], ["X-Custom", "plain"]]
    ),
    Case(name: "header twice", headers: [["X-Many", "one"], ["x-many", " two "]]),
    Case(name: "unsigned headers", headers: [["User-Agent", "x"], ["Expect", "100-continue"]]),
    Case(
      name: "ec2 query",
      method: "POST",
      service: "ec2",
      headers: [form],
      body: "Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-0abc&Filter.1.Value.1=a%20b"
    ),
    Case(
      name: "sts query with a token",
      method: "POST",
      service: "sts",
      headers: [form],
      body: "Action=GetCallerIdentity&Version=2011-06-15",
      token: token
    ),
    Case(
      name: "unicode body",
      method: "POST",
      headers: [["Content-Type", "application/json"]],
      body: "{\"a\": \"ü\"}"
    ),
    Case(name: "lower-case method", method: "get", segments: ["clusters"]),
    Case(name: "a long secret", segments: ["x"], secret: String(repeating: "s/+", count: 60)),
  ]

  @Test("headers are botocore's", arguments: cases)
  func headers(_ example: Case) async throws {
    let expected = try #require(try await Botocore.answers.value[example.name])
    let signer = Signer(example.credentials, region: "us-west-2", service: example.service)
    let signed = signer.signed(example.request, at: Timestamp(seconds: 1_440_938_160))
    #expect(signer.canonical(signed) == expected.canonical)
    #expect(signed.headers.last == .init("Authorization", expected.authorization))
  }

  /// Those that a URL can hold: one value a key, no body, and a path, which we always write.
  static let presignable = cases.filter {
    Set($0.query.map { $0[0] }).count == $0.query.count && $0.body.isEmpty && $0.path != ""
  }

  @Test("presigned URLs are botocore's", arguments: presignable)
  func presigned(_ example: Case) async throws {
    let expected = try #require(try await Botocore.answers.value[example.name])
    let signer = Signer(example.credentials, region: "us-west-2", service: example.service)
    let url = signer.presigned(
      example.request,
      validFor: 60,
      at: Timestamp(seconds: 1_440_938_160)
    ).url
    #expect(url == expected.presigned)
  }
}

/// What botocore makes of the cases, asked once.
enum Botocore {
  struct Answer: Codable, Sendable {
    let canonical: String
    let authorization: String
    let presigned: String
  }

  static let answers = Task<[String: Answer], any Error> {
    let scratch = try Scratch()
    let cases = try JSONEncoder().encode(SignerTests.cases.map(\.json))
    let file = try scratch.write(Array(cases), to: "cases.json")
    let script = try scratch.write(program, to: "sign.py")
    let result = try await Command.run("python3", script, file)
    try #require(result.exitCode == 0, "\(result.error)")
    return try JSONDecoder().decode([String: Answer].self, from: Data(result.output.utf8))
  }

  private static let program = """
    import datetime, json, sys
    from urllib.parse import quote
    import botocore.auth as auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    moment = datetime.datetime(2015, 8, 30, 12, 36, 0)
    auth.get_current_datetime = lambda *a, **k: moment

    def request(case, params):
        path = case.get("path")
        if path is None:
            path = "/" + "/".join(quote(s, safe="-._~") for s in case["segments"])
        made = AWSRequest(
            method=case["method"],
            url="https://%s.us-west-2.amazonaws.com%s" % (case["service"], path),
            data=case["body"].encode(),
            params=params,
        )
        for name, value in case["headers"]:
            made.headers.add_header(name, value)
        return made

    answers = {}
    for case in json.load(open(sys.argv[1])):
        keys = Credentials("AKIDEXAMPLE", case["secret"], case.get("token"))
        signed = request(case, [tuple(pair) for pair in case["query"]])
        signer = auth.SigV4Auth(keys, case["service"], "us-west-2")
        signer.add_auth(signed)
        authorization = signed.headers["Authorization"]
        del signed.headers["Authorization"]
        presigned = request(case, dict(case["query"]))
        if not case["body"]:
            auth.SigV4QueryAuth(keys, case["service"], "us-west-2", expires=60).add_auth(presigned)
        answers[case["name"]] = {
            "canonical": signer.canonical_request(signed),
            "authorization": authorization,
            "presigned": presigned.url,
        }
    json.dump(answers, sys.stdout)
    """
}
