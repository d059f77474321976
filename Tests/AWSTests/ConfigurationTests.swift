// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Values

@testable import AWS

/// The shared files.
struct ConfigurationTests {
  @Test("sections, comments, quotes, nesting, continuation")
  func parses() throws {
    let text = """
      # a comment
      [default]
      region = us-west-2 ; trailing
      Output=json

      [profile "with space"]\r
      role_arn = arn:aws:iam::1:role/a#b\r
      s3 =
        max_concurrent_requests = 10
        addressing_style = path # why
      credential_process = /bin/x --a
        --b
      [default]
      region = us-east-1
      """
    let file = try INIFile(Array(text.utf8), file: "config")
    #expect(
      file.sections == [
        "default": ["region": "us-east-1", "output": "json"],
        "profile with space": [
          "role_arn": "arn:aws:iam::1:role/a#b", "s3": "", "s3.max_concurrent_requests": "10",
          "s3.addressing_style": "path", "credential_process": "/bin/x --a\n--b",
        ],
      ]
    )
  }

  @Test(
    "what is wrong is placed, and never quoted",
    arguments: [
      ("secret = hunter2", "f:1:1: error: a key before the first [section]"),
      ("[a]\nhunter2", "f:2:1: error: expected KEY = VALUE, [section] or a comment"),
      ("[a", "f:1:1: error: a section name without its closing ]"),
      ("[]", "f:1:1: error: an empty section name"),
      ("[a] hunter2", "f:1:1: error: text after a section name"),
      ("[a]\n= hunter2", "f:2:1: error: a value without a key"),
      ("[a]\n  hunter2 = 1", "f:2:1: error: an indented line without a key above it"),
      ("[a]\ns3 =\n  hunter2", "f:3:1: error: expected KEY = VALUE below a key without a value"),
    ]
  )
  func errors(_ text: String, _ message: String) throws {
    let failure = #expect(throws: Failure.self) { try INIFile(Array(text.utf8), file: "f") }
    #expect(failure?.what == message)
    #expect(failure?.kind == .invalidInput)
    #expect(failure?.description.contains("hunter2") == false)
  }

  @Test("bytes that are no text are refused, whatever they are")
  func hostile() {
    #expect(throws: Failure.self) { try INIFile([0xff, 0xfe, 0x00], file: "f") }
    var generator = SystemRandomNumberGenerator()
    let alphabet = Array("[]=#; \n\r\t\"'ab\u{e9}.".utf8)
    for _ in 0..<500 {
      let bytes = (0..<60).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] }
      let file = try? INIFile(bytes, file: "f")
      #expect(file?.sections.keys.contains("") != true)
    }
  }

  @Test("the credentials file goes before the config file, and the named profile before default")
  func merged() throws {
    let surroundings = Surroundings.test(
      ["HOME": "/home/u", "AWS_PROFILE": "dev"],
      files: [
        "/home/u/.aws/config": """
        [default]
        region = us-east-1
        [profile dev]
        region = eu-west-1
        aws_access_key_id = from-config
        [sso-session s]
        sso_region = x
        [dev]
        region = not-this
        """,
        "/home/u/.aws/credentials": "[dev]\naws_access_key_id = from-credentials",
      ]
    )
    let configuration = try SharedConfiguration(surroundings: surroundings)
    #expect(configuration.profile == "dev" && configuration.isNamed)
    #expect(configuration.region == "eu-west-1")
    #expect(configuration.profiles["dev"]?["aws_access_key_id"] == "from-credentials")
    #expect(Set(configuration.profiles.keys) == ["default", "dev"])
  }

  struct Setting: Sendable, CustomTestStringConvertible {
    let name: String
    var environment: [String: String] = [:]
    let profile: String
    var services = ""
    let expected: [Service: String]

    var testDescription: String { name }
  }

  static let settings = [
    Setting(
      name: "FIPS",
      profile: "use_fips_endpoint = true",
      expected: [
        .eks: "https://fips.eks.us-west-2.amazonaws.com",
        .sts: "https://sts-fips.us-west-2.amazonaws.com",
      ]
    ),
    Setting(
      name: "dual stack; a variable goes before the profile",
      environment: ["AWS_USE_FIPS_ENDPOINT": "false"],
      profile: "use_dualstack_endpoint = TRUE\nuse_fips_endpoint = true",
      expected: [.eks: "https://eks.us-west-2.api.aws", .ec2: "https://ec2.us-west-2.api.aws"]
    ),
    Setting(
      name: "one URL for all, another for one",
      profile: "endpoint_url = http://all:1\nservices = local",
      services: "[services local]\neks =\n  endpoint_url = http://one:2\n[services other]\nsts =\n"
        + "  endpoint_url = http://other:3\n",
      expected: [.eks: "http://one:2", .sts: "http://all:1"]
    ),
    Setting(
      name: "the environment's URL goes before both",
      environment: ["AWS_ENDPOINT_URL": "http://env:1", "AWS_ENDPOINT_URL_STS": "http://env:2"],
      profile: "endpoint_url = http://all:1\nservices = local",
      services: "[services local]\neks =\n  endpoint_url = http://one:2\n",
      expected: [.eks: "http://env:1", .sts: "http://env:2"]
    ),
    Setting(
      name: "all switched off",
      profile: "endpoint_url = http://all:1\nignore_configured_endpoint_urls = true",
      expected: [.eks: "https://eks.us-west-2.amazonaws.com"]
    ),
  ]

  @Test("the profile's endpoints", arguments: settings)
  func endpoints(_ setting: Setting) async throws {
    let time = FakeTime()
    let exchange = ScriptedExchange { _, _ in throw ExchangeError.tooLarge(1) }
    let environment = CredentialChainTests.keys.merging(setting.environment) { _, new in new }
      .merging(["HOME": "/h", "AWS_PROFILE": "p", "AWS_REGION": "us-west-2"]) { _, new in new }
    let context = try AWSContext(
      surroundings: .test(
        environment,
        files: ["/h/.aws/config": "[profile p]\n\(setting.profile)\n\(setting.services)"],
        time: time,
        exchange: exchange
      )
    )
    let region = try await context.region().value
    for (service, url) in setting.expected {
      let count = exchange.requests.count
      await #expect(throws: Failure.self) {
        switch service {
        case .eks: _ = try await context.eks(region).clusters()
        case .ec2: _ = try await context.ec2(region).instance("i-0abc")
        case .sts: _ = try await context.sts(region).callerIdentity()
        }
      }
      #expect(exchange.requests.dropFirst(count).map(\.endpoint.description) == [url])
    }
  }

  @Test("the profile's file of authorities, below the home folder")
  func authorities() throws {
    let surroundings = Surroundings.test(
      ["HOME": "/h"],
      files: ["/h/.aws/config": "[default]\nca_bundle = ~/corporate.pem"]
    )
    let configuration = try SharedConfiguration(surroundings: surroundings)
    #expect(configuration.settings(over: [:])["AWS_CA_BUNDLE"] == "/h/corporate.pem")
    let given = ["AWS_CA_BUNDLE": "/own.pem"]
    #expect(configuration.settings(over: given)["AWS_CA_BUNDLE"] == "/own.pem")
  }

  @Test("a file that is a folder or too long is refused; one that is absent is not")
  func files() throws {
    let scratch = try Scratch()
    #expect(try BoundedFile.read("\(scratch.path)/none") == nil)
    #expect(throws: Failure.self) { try BoundedFile.read(scratch.path) }
    let long = try scratch.write([UInt8](repeating: 97, count: BoundedFile.limit + 1), to: "long")
    #expect(throws: Failure.self) { try BoundedFile.read(long) }
    let exact = try scratch.write([UInt8](repeating: 97, count: BoundedFile.limit), to: "exact")
    #expect(try BoundedFile.read(exact)?.count == BoundedFile.limit)
  }
}
