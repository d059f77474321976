// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Values

@testable import AWS

/// Where credentials are looked for, in which order, and what is said of what is wrong.
struct CredentialChainTests {
  static let keys = ["AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "envsecret"]

  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var environment: [String: String] = [:]
    var config = ""
    var credentials = ""
    /// The key that is expected, or a part of the failure's text.
    var key: String?
    var origin = ""
    var failure: String?

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(
      name: "environment",
      environment: keys,
      credentials: "[default]\naws_access_key_id = AKFILE\naws_secret_access_key = s",
      key: "AKENV",
      origin: "the environment (AWS_ACCESS_KEY_ID)"
    ),
    Case(
      name: "environment without its secret",
      environment: ["AWS_ACCESS_KEY_ID": "A"],
      failure: "AWS_SECRET_ACCESS_KEY is not"
    ),
    Case(
      name: "environment without its id",
      environment: ["AWS_SECRET_ACCESS_KEY": "hunter2"],
      failure: "AWS_ACCESS_KEY_ID is not"
    ),
    Case(
      name: "a line end in a key",
      environment: ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "hunter2\n"],
      failure: "white space"
    ),
    Case(
      name: "default profile",
      credentials: "[default]\naws_access_key_id = AKFILE\naws_secret_access_key = s",
      key: "AKFILE",
      origin: "the profile default"
    ),
    Case(
      name: "named profile",
      environment: ["AWS_PROFILE": "dev"],
      config: "[profile dev]\naws_access_key_id = AKDEV\naws_secret_access_key = s",
      key: "AKDEV",
      origin: "the profile dev"
    ),
    Case(
      name: "named profile that is missing",
      environment: ["AWS_PROFILE": "dve"],
      config: "[profile dev]\nregion = us-east-1",
      failure: "did you mean dev?"
    ),
    Case(
      name: "profile without its secret",
      credentials: "[default]\naws_access_key_id = A",
      failure: "no aws_secret_access_key"
    ),
    Case(
      name: "files before web identity",
      environment: [
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/web",
      ],
      credentials: "[default]\naws_access_key_id = AKFILE\naws_secret_access_key = s",
      key: "AKFILE",
      origin: "the profile default"
    ),
    Case(
      name: "web identity",
      environment: [
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/web",
      ],
      key: "ASIA-arn:aws:iam::1:role/web-by-web",
      origin: "web identity (/token) as arn:aws:iam::1:role/web"
    ),
    Case(
      name: "web identity without a role",
      environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token"],
      failure: "AWS_ROLE_ARN is not"
    ),
    Case(
      name: "web identity without its file",
      environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/none", "AWS_ROLE_ARN": "a"],
      failure: "/none does not exist"
    ),
    Case(
      name: "assumed role",
      config: "[default]\nrole_arn = R1\nsource_profile = base\nexternal_id = e x",
      credentials: "[base]\naws_access_key_id = AKBASE\naws_secret_access_key = s",
      key: "ASIA-R1-by-AKBASE",
      origin: "the profile default (role R1, from the profile base)"
    ),
    Case(
      name: "chain of roles",
      config:
        "[default]\nrole_arn = R2\nsource_profile = mid\n[profile mid]\nrole_arn = R1\nsource_profile = base",
      credentials: "[base]\naws_access_key_id = AKBASE\naws_secret_access_key = s",
      key: "ASIA-R2-by-ASIA-R1-by-AKBASE",
      origin: "the profile default (role R2, from the profile mid (role R1, from the profile base))"
    ),
    Case(
      name: "a profile that is its own source",
      config: "[default]\nrole_arn = R1\nsource_profile = default",
      credentials: "[default]\naws_access_key_id = AKSELF\naws_secret_access_key = s",
      key: "ASIA-R1-by-AKSELF",
      origin: "the profile default (role R1, from the profile default)"
    ),
    Case(
      name: "its own source without keys",
      config: "[default]\nrole_arn = R1\nsource_profile = default",
      failure: "has no credentials"
    ),
    Case(
      name: "a circle",
      config:
        "[default]\nrole_arn = R1\nsource_profile = a\n[profile a]\nrole_arn = R2\nsource_profile = b\n[profile b]\nrole_arn = R3\nsource_profile = a",
      failure: "default -> a -> b -> a"
    ),
    Case(
      name: "a source that is missing",
      config: "[default]\nrole_arn = R1\nsource_profile = nobody",
      failure: "source_profile = nobody, which does not exist"
    ),
    Case(
      name: "a role without a source",
      config: "[default]\nrole_arn = R1",
      failure: "either source_profile or credential_source"
    ),
    Case(
      name: "a role with two sources",
      config: "[default]\nrole_arn = R1\nsource_profile = a\ncredential_source = Environment",
      failure: "either source_profile or credential_source"
    ),
    Case(
      name: "a role from the instance",
      config: "[default]\nrole_arn = R1\ncredential_source = Ec2InstanceMetadata",
      key: "ASIA-R1-by-AKROLE",
      origin: "the profile default (role R1, from the instance's role node/x)"
    ),
    Case(
      name: "a role from the container",
      environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/creds"],
      config: "[default]\nrole_arn = R1\ncredential_source = EcsContainer",
      key: "ASIA-R1-by-AKTASK",
      origin: "the profile default (role R1, from the container agent at 127.0.0.1)"
    ),
    Case(
      name: "an unknown source",
      config: "[default]\nrole_arn = R1\ncredential_source = Moon",
      failure: "use Environment, EcsContainer"
    ),
    Case(
      name: "one-time codes",
      config: "[default]\nrole_arn = R1\nsource_profile = a\nmfa_serial = m",
      failure: "mfa_serial"
    ),
    Case(
      name: "single sign-on",
      config: "[default]\nsso_session = s\nsso_account_id = 1",
      failure: "aws sso login --profile default"
    ),
    Case(
      name: "a profile of aws login",
      config: "[default]\nlogin_session = arn:aws:iam::1:user/u",
      failure: "run `aws login --profile default`"
    ),
    Case(
      name: "a process",
      config: "[default]\ncredential_process = /bin/give 'a b'",
      key: "AKPROC",
      origin: "the profile default (credential_process)"
    ),
    Case(
      name: "a process with an open quote",
      config: "[default]\ncredential_process = /bin/give 'a b",
      failure: "open quote"
    ),
    Case(
      name: "a process that prints something else",
      config: "[default]\ncredential_process = /bin/other",
      failure: "no JSON with Version 1"
    ),
    Case(
      name: "a role's web identity",
      config: "[default]\nrole_arn = R1\nweb_identity_token_file = /token",
      key: "ASIA-R1-by-web",
      origin: "the profile default (web identity) as R1"
    ),
    Case(
      name: "container, relative",
      environment: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/creds/1"],
      key: "AKTASK",
      origin: "the container agent at 169.254.170.2"
    ),
    Case(
      name: "container, full, with a token",
      environment: [
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token",
      ],
      key: "AKTASK-jwt",
      origin: "the container agent at 169.254.170.23"
    ),
    Case(
      name: "container elsewhere over http",
      environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://evil.example.com/"],
      failure: "is not https, this machine"
    ),
    Case(
      name: "container token with a line end",
      environment: [
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/creds",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a\r\nX: y",
      ],
      failure: "characters of no header"
    ),
    Case(
      name: "container before instance",
      environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/creds"],
      key: "AKTASK",
      origin: "the container agent at localhost"
    ),
    Case(name: "instance role", key: "AKROLE", origin: "the instance's role node/x"),
    Case(
      name: "nowhere",
      environment: ["AWS_EC2_METADATA_DISABLED": "true"],
      failure: "instance role: AWS_EC2_METADATA_DISABLED is true"
    ),
  ]

  @Test("metadata that are switched off are one place without credentials among others")
  func metadataSwitchedOff() async throws {
    let surroundings = Surroundings.test(
      ["HOME": "/h"],
      exchange: InstanceMetadataTests.exchange(.switchedOff)
    )
    let context = try AWSContext(surroundings: surroundings)
    let failure = await #expect(throws: Failure.self) { try await context.credentials.current() }
    #expect(failure?.what == "there are no AWS credentials")
    #expect(failure?.why?.contains("environment: AWS_ACCESS_KEY_ID is not set") == true)
    #expect(
      failure?.why?.contains("instance role: instance metadata is switched off for this instance")
        == true
    )
    let region = await #expect(throws: Failure.self) { try await context.region() }
    #expect(region?.what == "which AWS region?")
    #expect(region?.why?.contains("switched off for this instance") == true)
  }

  static func chain(_ example: Case, time: FakeTime = FakeTime()) throws -> CredentialChain {
    var environment = example.environment
    environment["HOME"] = "/h"
    var surroundings = Surroundings.test(
      environment,
      files: [
        "/h/.aws/config": example.config, "/h/.aws/credentials": example.credentials,
        "/token": "jwt\n",
      ],
      time: time,
      exchange: ScriptedExchange { request, _ in try answer(request) }
    )
    surroundings.run = { words in
      switch words {
      case ["/bin/give", "a b"]:
        Array(
          #"{"Version": 1, "AccessKeyId": "AKPROC", "SecretAccessKey": "s", "SessionToken": "t"}"#
            .utf8
        )
      default: Array("hello".utf8)
      }
    }
    return CredentialChain(
      surroundings: surroundings,
      configuration: try SharedConfiguration(surroundings: surroundings),
      metadata: try InstanceMetadata(surroundings: surroundings),
      region: { try #require(Region("us-east-1")) }
    )
  }

  /// STS, the container agent and instance metadata in one.
  static func answer(_ request: HTTPRequest) throws -> HTTPReply {
    func credentials(_ id: String) -> HTTPReply {
      .ok(
        #"{"AccessKeyId": "\#(id)", "SecretAccessKey": "s", "Token": "t", "Expiration": "2015-08-30T18:00:00Z", "Code": "Success", "Extra": 1}"#
      )
    }
    switch (request.endpoint.host, request.fullPath) {
    case ("sts.us-east-1.amazonaws.com", "/"):
      let form = Dictionary(
        String(decoding: request.body, as: UTF8.self).split(separator: "&").map { pair in
          let parts = pair.split(separator: "=", maxSplits: 1)
          return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        },
        uniquingKeysWith: { first, _ in first }
      )
      let action = form["Action"] ?? ""
      let signer = request.headers.first { $0.name == "Authorization" }?.value
        .split(separator: "=").dropFirst().first?.split(separator: "/")
        .prefix { !$0.hasPrefix("2015") }.joined(separator: "/")
      let by = signer ?? (form["WebIdentityToken"] == "jwt" ? "web" : "nobody")
      let role = (form["RoleArn"] ?? "").replacing("%3A", with: ":").replacing("%2F", with: "/")
      return .ok(
        """
        <\(action)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\(action)Result>
        <Credentials><AccessKeyId>ASIA-\(role)-by-\(by)</AccessKeyId>
        <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
        <Expiration>2015-08-30T13:36:00Z</Expiration></Credentials>
        <AssumedRoleUser><Arn>a</Arn></AssumedRoleUser></\(action)Result></\(action)Response>
        """
      )
    case ("127.0.0.1", "/creds"), ("localhost", "/creds"), ("169.254.170.2", "/v2/creds/1"):
      return credentials("AKTASK")
    case ("169.254.170.23", "/v1/credentials"):
      return credentials(
        "AKTASK-\(request.headers.first { $0.name == "Authorization" }?.value ?? "")"
      )
    case ("169.254.169.254", "/latest/api/token"): return .ok("token")
    case ("169.254.169.254", "/latest/meta-data/iam/security-credentials/"): return .ok("node/x\n")
    case ("169.254.169.254", "/latest/meta-data/iam/security-credentials/node%2Fx"):
      return credentials("AKROLE")
    default: return .status(404)
    }
  }

  @Test("the chain", arguments: cases)
  func chain(_ example: Case) async throws {
    let chain = try Self.chain(example)
    if let expected = example.key {
      let found = try await chain.credentials()
      #expect(found.accessKeyID == expected)
      #expect(found.origin == example.origin)
    } else {
      let failure = await #expect(throws: Failure.self) { try await chain.credentials() }
      let text = failure?.description ?? ""
      #expect(text.contains(example.failure ?? "?"))
      #expect(!text.contains("hunter2"))
    }
  }

  @Test(
    "answers that are no credentials",
    arguments: [
      "", "null", "[]", "{}", #"{"AccessKeyId": 1}"#,
      #"{"AccessKeyId": "a", "SecretAccessKey": ""}"#,
      #"{"AccessKeyId": "a\r\nX: y", "SecretAccessKey": "s"}"#,
      #"{"AccessKeyId": "a", "SecretAccessKey": "s", "Expiration": "soon"}"#,
      String(repeating: "[", count: 100_000),
    ]
  )
  func hostile(_ text: String) {
    #expect(throws: Failure.self) {
      try CredentialChain.decode(Array(text.utf8), origin: "x")
    }
  }

  @Test("a real process gives credentials, and its failure is told without its output")
  func process() async throws {
    let scratch = try Scratch()
    let good = try scratch.write("#!/bin/sh\necho \"$1\"\n", to: "give it", mode: 0o700)
    #expect(try await ProcessOutput.of([good, "a b"]) == Array("a b\n".utf8))
    let bad = try scratch.write(
      "#!/bin/sh\necho hunter2\necho sign in first >&2\nexit 3\n",
      to: "bad",
      mode: 0o700
    )
    let failure = await #expect(throws: Failure.self) { try await ProcessOutput.of([bad]) }
    #expect(failure?.why?.contains("sign in first") == true)
    #expect(failure?.description.contains("hunter2") == false)
    await #expect(throws: Failure.self) { try await ProcessOutput.of(["\(scratch.path)/none"]) }
  }
}

/// Keeping credentials while they last.
struct CredentialProviderTests {
  private static func credentials(_ number: Int, until: Timestamp?) -> Credentials {
    Credentials(
      accessKeyID: "AK\(number)",
      secretAccessKey: Sensitive("s"),
      expiration: until,
      origin: "a test"
    )
  }

  @Test("they are fetched once, again five minutes before they expire, and when told to forget")
  func refresh() async throws {
    let time = FakeTime()
    let counter = Counter()
    let provider = CredentialProvider(timing: time.timing) {
      Self.credentials(await counter.next(), until: time.timing.now().advanced(bySeconds: 3600))
    }
    #expect(try await provider.current().accessKeyID == "AK1")
    time.pass(.seconds(3299))
    #expect(try await provider.current().accessKeyID == "AK1")
    time.pass(.seconds(1))
    #expect(try await provider.current().accessKeyID == "AK2")
    await provider.forget()
    #expect(try await provider.current().accessKeyID == "AK3")
  }

  @Test("what still lasts serves while new ones cannot be had")
  func failing() async throws {
    let time = FakeTime()
    let counter = Counter()
    let end = time.timing.now().advanced(bySeconds: 3600)
    let provider = CredentialProvider(timing: time.timing) {
      guard await counter.next() == 1 else { throw Failure(.unreachable, "no") }
      return Self.credentials(1, until: end)
    }
    #expect(try await provider.current().accessKeyID == "AK1")
    time.pass(.seconds(3599))
    #expect(try await provider.current().accessKeyID == "AK1")
    time.pass(.seconds(1))
    await #expect(throws: Failure.self) { try await provider.current() }
  }

  @Test("many askers, one fetch")
  func together() async throws {
    let counter = Counter()
    let provider = CredentialProvider(timing: .real) {
      let number = await counter.next()
      try await Task.sleep(for: .milliseconds(20))
      return Self.credentials(number, until: nil)
    }
    try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<20 {
        group.addTask { try await provider.current().accessKeyID }
      }
      for try await key in group { #expect(key == "AK1") }
    }
  }
}

private actor Counter {
  private var count = 0

  func next() -> Int {
    count += 1
    return count
  }
}
