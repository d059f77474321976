// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import Values

@testable import AWS

/// Refusals, faults and retries.
struct ServiceClientTests {
  static let cluster = #"{"cluster": {"name": "prod", "status": "ACTIVE"}}"#
  static let throttled = HTTPReply.status(
    429,
    #"{"__type": "com.amazonaws.eks#ThrottlingException", "message": "Rate exceeded"}"#
  )

  static func eks(
    _ exchange: ScriptedExchange,
    time: FakeTime,
    credentials: CredentialProvider? = nil,
    retry: RetryPolicy = RetryPolicy(),
    environment: [String: String] = [:]
  ) throws -> EKS {
    EKS(
      try ServiceClient(
        .eks,
        in: try #require(Region("us-west-2")),
        credentials: credentials ?? CredentialProvider(fixed: .example),
        surroundings: .test(environment, time: time, exchange: exchange),
        retry: retry
      )
    )
  }

  @Test("throttled for 30 s, it heals", arguments: [1, 4, 7])
  func throttling(_ times: Int) async throws {
    let time = FakeTime()
    let exchange = ScriptedExchange { _, count in count < times ? Self.throttled : .ok(Self.cluster)
    }
    #expect(try await Self.eks(exchange, time: time).cluster("prod").status == "ACTIVE")
    // Full jitter with the whole bound: 0.5, 1, 2, 4, 8, then 10 s each.
    let bounds: [Duration] = [
      .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(10),
      .seconds(10),
    ]
    #expect(time.sleeps == Array(bounds.prefix(times)))
    #expect(exchange.requests.count == times + 1)
  }

  /// Who was refused, as far as STS tells.
  @Test(
    "who may not is named",
    arguments: [
      (
        200, "arn:aws:sts::123456789012:assumed-role/dev/me",
        "allow eks:DescribeCluster to arn:aws:sts::123456789012:assumed-role/dev/me, whose credentials are"
          + " from the environment (AWS_ACCESS_KEY_ID)"
      ),
      (403, "", "allow eks:DescribeCluster to the identity of the environment (AWS_ACCESS_KEY_ID)"),
      (200, "no ARN", "allow eks:DescribeCluster to the identity of the environment"),
    ]
  )
  func refused(_ status: Int, _ arn: String, _ remedy: String) async throws {
    let exchange = ScriptedExchange { request, _ in
      guard request.endpoint.host.hasPrefix("sts.") else {
        return .status(403, #"{"__type": "AccessDeniedException", "message": "no"}"#)
      }
      return .status(
        status,
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>\(arn)</Arn><UserId>u</UserId>"
          + "<Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
      )
    }
    let keys = [
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "us-west-2",
    ]
    let context = try AWSContext(surroundings: .test(keys, exchange: exchange))
    let error = await #expect(throws: ServiceError.self) {
      try await context.eks(try await context.region().value).cluster("prod")
    }
    let named = await context.named(try #require(error))
    #expect(named.failure.remedy?.hasPrefix(remedy) == true, "\(named)")
    #expect(exchange.requests.count == 2)
  }

  @Test("patience ends after two minutes, with the service's own code")
  func patience() async throws {
    let time = FakeTime()
    let exchange = ScriptedExchange { _, _ in Self.throttled }
    let error = await #expect(throws: ServiceError.self) {
      try await Self.eks(exchange, time: time).cluster("prod")
    }
    #expect(error?.code == "ThrottlingException" && error?.reason == .throttled)
    #expect(time.sleeps.reduce(.zero, +) <= .seconds(120))
    #expect(exchange.requests.count > 10)
  }

  @Test(
    "Retry-After is honoured up to the cap",
    arguments: [("3", 3), ("3600", 10), ("soon", 0), ("-5", 0)]
  )
  func retryAfter(_ value: String, _ seconds: Int) async throws {
    let time = FakeTime()
    var timing = time.timing
    timing.random = { _ in 0 }
    let exchange = ScriptedExchange { _, count in
      count == 0
        ? HTTPReply(status: 503, headers: [.init("Retry-After", value)]) : .ok(Self.cluster)
    }
    var surroundings = Surroundings.test(time: time, exchange: exchange)
    surroundings.timing = timing
    let client = try ServiceClient(
      .eks,
      in: try #require(Region("us-west-2")),
      credentials: nil,
      surroundings: surroundings
    )
    _ = try await EKS(client).cluster("prod")
    #expect(time.sleeps == [.seconds(seconds)])
  }

  @Test(
    "what a broken connection comes to",
    arguments: [
      (ExchangeError.refused, 5), (.timeout, 5), (.truncated, 5),
      (.unresolved("eks.x", isDefinite: true), 3), (.unresolved("eks.x", isDefinite: false), 5),
      (.tooLarge(10), 1), (.untrusted(Failure(.preflight, "nobody is trusted", why: "a\nb")), 1),
    ]
  )
  func connection(_ error: ExchangeError, _ tries: Int) async throws {
    let time = FakeTime()
    let exchange = ScriptedExchange { _, _ in throw error }
    let failure = await #expect(throws: Failure.self) {
      try await Self.eks(exchange, time: time, retry: RetryPolicy(attempts: 5)).clusters()
    }
    #expect(failure?.kind == .unreachable)
    #expect(failure?.why == error.description)
    #expect(exchange.requests.count == tries)
  }

  @Test("a name that DNS does not know is given up within seconds, unless it comes up")
  func missingName() async throws {
    let time = FakeTime()
    let missing = ExchangeError.unresolved("eks.x", isDefinite: true)
    let never = ScriptedExchange { _, _ in throw missing }
    await #expect(throws: Failure.self) { try await Self.eks(never, time: time).clusters() }
    #expect(time.sleeps == [.milliseconds(500), .seconds(1)])
    let late = ScriptedExchange { _, count in
      if count < 2 { throw missing }
      return .ok(Self.cluster)
    }
    #expect(try await Self.eks(late, time: FakeTime()).cluster("prod").name == "prod")
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let code: String
    var service = Service.eks
    var status = 400
    var message = "m"
    /// The server's clock minus ours.
    var skew: Int64?
    let reason: ServiceError.Reason
    let remedy: String

    var testDescription: String { "\(service.rawValue) \(code) \(skew ?? 0)" }

    var reply: HTTPReply {
      let body =
        switch service {
        case .eks: #"{"message": "\#(message)"}"#
        case .sts:
          "<ErrorResponse xmlns=\"u\"><Error><Type>Sender</Type><Code>\(code)</Code>"
            + "<Message>\(message)</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
        case .ec2:
          "<?xml version=\"1.0\"?>\n<Response><Errors><Error><Code>\(code)</Code>"
            + "<Message>\(message)</Message></Error></Errors><RequestID>r-1</RequestID></Response>"
        }
      var headers: [HTTPRequest.Field] = []
      if service == .eks {
        headers = [
          .init("x-amzn-errortype", "\(code):http://internal/"), .init("x-amzn-requestid", "r-1"),
        ]
      }
      // Ours says 12:36:00.
      if let skew {
        let minutes = 36 + skew / 60
        headers.append(.init("Date", "Sun, 30 Aug 2015 12:\(minutes):00 GMT"))
      }
      return HTTPReply(status: status, headers: headers, body: Array(body.utf8))
    }
  }

  static let refusals: [Refusal] = [
    .init(
      code: "ExpiredTokenException",
      status: 403,
      reason: .expiredCredentials,
      remedy: "the credentials from a test have expired"
    ),
    .init(
      code: "ExpiredToken",
      service: .sts,
      status: 403,
      reason: .expiredCredentials,
      remedy: "get new ones"
    ),
    .init(
      code: "UnrecognizedClientException",
      status: 403,
      reason: .unknownCredentials,
      remedy: "the region us-west-2 is not enabled"
    ),
    .init(
      code: "InvalidClientTokenId",
      service: .sts,
      status: 403,
      reason: .unknownCredentials,
      remedy: "another partition"
    ),
    .init(
      code: "AuthFailure",
      service: .ec2,
      status: 401,
      reason: .unknownCredentials,
      remedy: "the access key from a test"
    ),
    .init(
      code: "AuthFailure",
      service: .ec2,
      status: 401,
      skew: 600,
      reason: .clock,
      remedy: "600 s behind AWS's"
    ),
    .init(
      code: "AccessDeniedException",
      status: 403,
      reason: .accessDenied,
      remedy: "allow eks:Ask to the identity of a test"
    ),
    .init(
      code: "AccessDenied",
      service: .sts,
      status: 403,
      reason: .accessDenied,
      remedy: "allow sts:Ask"
    ),
    .init(
      code: "UnauthorizedOperation",
      service: .ec2,
      status: 403,
      reason: .accessDenied,
      remedy: "allow ec2:Ask"
    ),
    .init(
      code: "SignatureDoesNotMatch",
      service: .sts,
      status: 403,
      skew: 300,
      reason: .clock,
      remedy: "300 s behind AWS's"
    ),
    .init(
      code: "SignatureDoesNotMatch",
      service: .sts,
      status: 403,
      skew: -300,
      reason: .clock,
      remedy: "300 s ahead of AWS's"
    ),
    .init(
      code: "SignatureDoesNotMatch",
      service: .sts,
      status: 403,
      skew: 0,
      reason: .badSignature,
      remedy: "does not belong to its access key"
    ),
    .init(
      code: "InvalidSignatureException",
      status: 403,
      message: "Signature expired: 2015 is now earlier than",
      reason: .clock,
      remedy: "clock is wrong"
    ),
    .init(code: "RequestTimeTooSkewed", status: 403, reason: .clock, remedy: "clock"),
    .init(code: "RequestExpired", service: .ec2, skew: 600, reason: .clock, remedy: "behind"),
    .init(
      code: "ResourceNotFoundException",
      status: 404,
      reason: .notFound,
      remedy: "check the name and the region (us-west-2)"
    ),
    .init(
      code: "OptInRequired",
      service: .ec2,
      status: 401,
      reason: .regionOff,
      remedy: "enable the region"
    ),
    .init(
      code: "ThrottlingException",
      status: 429,
      reason: .throttled,
      remedy: "endpoint and certificateAuthority"
    ),
    .init(
      code: "RequestLimitExceeded",
      service: .ec2,
      status: 503,
      reason: .throttled,
      remedy: "try again later"
    ),
    .init(
      code: "InternalFailure",
      service: .sts,
      status: 500,
      reason: .serverFault,
      remedy: "AWS's side"
    ),
    .init(code: "SomethingNew", reason: .other, remedy: ""),
  ]

  @Test("each refusal says what to do", arguments: refusals)
  func refusal(_ example: Refusal) throws {
    let error = ServiceError(
      example.reply,
      service: example.service,
      operation: "Ask",
      region: try #require(Region("us-west-2")),
      credentials: "a test",
      now: Timestamp(seconds: 1_440_938_160)
    )
    #expect(error.code == example.code)
    #expect(error.message == example.message)
    #expect(error.requestID == "r-1")
    #expect(error.reason == example.reason)
    #expect((error.failure.remedy ?? "").contains(example.remedy))
    #expect(error.failure.what == "\(example.service.rawValue):Ask in us-west-2 was refused")
  }

  @Test(
    "refusals in no form are told as they are, on one line of printable text",
    arguments: [
      ("", "HTTP 418"), ("<html>teapot</html>", "HTTP 418"), ("{", "HTTP 418"),
      ("{\"message\": 3}", "HTTP 418"), ("\u{1b}[2J\u{7}", "HTTP 418"),
      (#"{"__type": "a#B:c", "Message": "x\ny"}"#, "B"),
      ("<!DOCTYPE x [<!ENTITY a \"b\">]><Response/>", "HTTP 418"),
      (String(repeating: "<a>", count: 100_000), "HTTP 418"),
    ]
  )
  func formless(_ body: String, _ code: String) throws {
    let error = ServiceError(
      .status(418, body),
      service: .eks,
      operation: "Ask",
      region: try #require(Region("us-west-2")),
      credentials: nil,
      now: .now()
    )
    #expect(error.code == code)
    #expect(error.message.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 })
    #expect(error.message.count <= 1000)
  }

  @Test("credentials that expired on the way are fetched again, once")
  func expired() async throws {
    let time = FakeTime()
    let fresh = Credentials(
      accessKeyID: "AK",
      secretAccessKey: Sensitive("s"),
      expiration: time.timing.now().advanced(bySeconds: 3600),
      origin: "a test"
    )
    let provider = CredentialProvider(timing: time.timing) { fresh }
    let answer = HTTPReply(
      status: 403,
      headers: [.init("x-amzn-ErrorType", "ExpiredTokenException")]
    )
    let once = ScriptedExchange { _, count in count == 0 ? answer : .ok(Self.cluster) }
    _ = try await Self.eks(once, time: time, credentials: provider).cluster("prod")
    #expect(once.requests.count == 2)
    let always = ScriptedExchange { _, _ in answer }
    let error = await #expect(throws: ServiceError.self) {
      try await Self.eks(always, time: time, credentials: provider).cluster("prod")
    }
    #expect(error?.reason == .expiredCredentials && always.requests.count == 2)
  }

  @Test("keys that somebody renewed in their file are read again, once")
  func renewedFile() async throws {
    let reads = Mutex(0)
    let surroundings = Surroundings.test(
      exchange: ScriptedExchange { request, _ in
        let authorization = request.headers.first { $0.name == "Authorization" }?.value ?? ""
        guard authorization.contains("Credential=AKNEW/") else {
          return HTTPReply(
            status: 403,
            headers: [.init("x-amzn-ErrorType", "ExpiredTokenException")]
          )
        }
        return .ok(Self.cluster)
      }
    )
    let provider = CredentialProvider(timing: surroundings.timing) {
      let count = reads.withLock {
        $0 += 1
        return $0
      }
      return Credentials(
        accessKeyID: count == 1 ? "AKOLD" : "AKNEW",
        secretAccessKey: Sensitive("s"),
        origin: "a file"
      )
    }
    let client = try ServiceClient(
      .eks,
      in: try #require(Region("us-west-2")),
      credentials: provider,
      surroundings: surroundings
    )
    #expect(try await EKS(client).cluster("prod").name == "prod")
    #expect(reads.withLock { $0 } == 2)
  }

  @Test(
    "JSON that is not what was asked for is a failure, never a crash",
    arguments: [
      "", "{", "null", "[]", #"{"cluster": {}}"#, #"{"cluster": {"name": 1, "status": "x"}}"#,
      String(repeating: "[", count: 1_000_000), "\u{0}\u{1}",
    ]
  )
  func hostileJSON(_ body: String) async throws {
    let exchange = ScriptedExchange { _, _ in .ok(body) }
    await #expect(throws: Failure.self) {
      try await Self.eks(exchange, time: FakeTime()).cluster("prod")
    }
  }

  /// Ten to the ninth letters, if anybody expanded them.
  static let laughs =
    "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a0 \"lol\">"
    + (1...9).map { number in
      "<!ENTITY a\(number) \"" + String(repeating: "&a\(number - 1);", count: 10) + "\">"
    }.joined()
    + "]><DescribeInstancesResponse><requestId>&a9;</requestId></DescribeInstancesResponse>"

  @Test(
    "XML that is not what was asked for is a failure, never a crash",
    arguments: [
      "", "<", "<a>", "hello", "{}", "<DescribeInstancesResponse><reservationSet><item>", "<a></b>",
      laughs, String(repeating: "<a>", count: 1_000_000),
      "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><DescribeInstancesResponse/>", "\u{0}",
    ]
  )
  func hostileXML(_ body: String) async throws {
    let exchange = ScriptedExchange { _, _ in .ok(body) }
    let client = try ServiceClient(
      .sts,
      in: try #require(Region("us-west-2")),
      credentials: CredentialProvider(fixed: .example),
      surroundings: .test(exchange: exchange)
    )
    await #expect(throws: Failure.self) { try await STS(client).callerIdentity() }
    #expect(throws: Failure.self) {
      try XMLAnswer.decode(IdentityProbe.self, from: Array(body.utf8))
    }
  }

  private struct IdentityProbe: Decodable {
    let member: String
  }

  @Test("pages are followed to their end, and endless ones are not")
  func pages() async throws {
    let exchange = ScriptedExchange { request, _ in
      switch request.query.first(where: { $0.name == "nextToken" })?.value {
      case nil: .ok(#"{"clusters": ["a"], "nextToken": "t/+="}"#)
      case "t/+=": .ok(#"{"clusters": ["b"], "nextToken": null}"#)
      default: .status(400)
      }
    }
    #expect(try await Self.eks(exchange, time: FakeTime()).clusters() == ["a", "b"])
    let endless = ScriptedExchange { _, _ in .ok(#"{"clusters": [], "nextToken": "t"}"#) }
    await #expect(throws: Failure.self) {
      try await Self.eks(endless, time: FakeTime()).clusters()
    }
    #expect(endless.requests.count == 100)
  }

  @Test("an endpoint in the environment that is no URL is refused")
  func endpoint() throws {
    #expect(throws: Failure.self) {
      try Self.eks(
        ScriptedExchange { _, _ in .status(500) },
        time: FakeTime(),
        environment: ["AWS_ENDPOINT_URL_EKS": "eks.local"]
      )
    }
  }
}
