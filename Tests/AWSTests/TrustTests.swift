// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Values

@testable import AWS
@testable import TLS

/// Whom requests to AWS trust.
struct TrustTests {
  private static func ask(
    _ server: TLSServer,
    host: String = "127.0.0.1",
    trusting file: String,
    by variable: String = "AWS_CA_BUNDLE"
  ) async throws -> String {
    let environment = CredentialChainTests.keys.merging([
      "AWS_REGION": "us-west-2", "AWS_ENDPOINT_URL": "https://\(host):\(server.port)",
      variable: "\(server.folder)/\(file)",
    ]) { _, new in new }
    return try await AWSContext.with(environment: environment) { context in
      try await context.eks(try await context.region().value).cluster("prod").status
    }
  }

  private static let program = TLSServer.program(saying: ServiceClientTests.cluster)

  @Test(arguments: ["AWS_CA_BUNDLE", "SSL_CERT_FILE"])
  func aFileThatIsNamedIsTrusted(_ variable: String) async throws {
    try await TLSServer.with(program: Self.program) { server in
      let status = try await Self.ask(server, trusting: "ca.crt", by: variable)
      #expect(status == "ACTIVE")
    }
  }

  @Test func theProfilesFileIsTrusted() async throws {
    try await TLSServer.with(program: Self.program) { server in
      let scratch = try Scratch()
      let config = try scratch.write(
        "[default]\nca_bundle = \(server.folder)/ca.crt\n"
          + "endpoint_url = https://127.0.0.1:\(server.port)\n",
        to: "config"
      )
      let environment = CredentialChainTests.keys.merging([
        "AWS_REGION": "us-west-2", "AWS_CONFIG_FILE": config,
      ]) { _, new in new }
      let status = try await AWSContext.with(environment: environment) { context in
        try await context.eks(try await context.region().value).cluster("prod").status
      }
      #expect(status == "ACTIVE")
    }
  }

  @Test func aServerOfAnotherAuthorityIsToldWithWhoseItIs() async throws {
    try await TLSServer.with(program: Self.program) { server in
      let failure = try #require(
        await #expect(throws: Failure.self) {
          try await Self.ask(server, trusting: "other-ca.crt")
        }
      )
      #expect(failure.kind == .unreachable)
      #expect(
        failure.why == """
          the certificate that 127.0.0.1 shows is signed by no authority that this machine trusts
          it is CN=server, signed by CN=ca
          trusted are the authorities in \(server.folder)/other-ca.crt
          """
      )
      #expect(failure.remedy?.contains("a proxy or firewall") == true)
      #expect(failure.remedy?.hasSuffix("AWS_CA_BUNDLE=FILE or SSL_CERT_FILE=FILE") == true)
    }
  }

  @Test func aCertificateForAnotherNameIsToldSo() async throws {
    try await TLSServer.with(
      certificates: "leaf server /CN=server subjectAltName=DNS:other.example",
      program: Self.program
    ) { server in
      let failure = await #expect(throws: Failure.self) {
        try await Self.ask(server, host: "localhost", trusting: "ca.crt")
      }
      #expect(
        failure?.why?.hasPrefix("the certificate that localhost shows is for other names\n")
          == true,
        "\(failure as Any)"
      )
    }
  }

  @Test func authoritiesThatAreNoneAreToldSo() async throws {
    try await TLSServer.with(
      certificates:
        "printf -- '-----BEGIN CERTIFICATE-----\\nx\\n-----END CERTIFICATE-----\\n' >no.crt",
      program: Self.program
    ) { server in
      let failure = await #expect(throws: Failure.self) {
        try await Self.ask(server, trusting: "no.crt")
      }
      #expect(
        failure?.why?.contains("\(server.folder)/no.crt cannot be used") == true,
        "\(failure as Any)"
      )
    }
  }

  @Test func withoutAuthoritiesOnlyHTTPSFails() async throws {
    let fake = try await FakeAWS([.init(body: ServiceClientTests.cluster)])
    let missing = Failure(.preflight, "there are none", remedy: "install them")
    try await NetworkExchange.with(
      settings: try ProxySettings(environment: [:]),
      trust: .failure(missing)
    ) { exchange in
      let plain = try await exchange.send(
        HTTPRequest("GET", fake.server.endpoint),
        timeout: .seconds(30),
        limit: 1024
      )
      #expect(plain.status == 200)
      let error = await #expect(throws: ExchangeError.self) {
        try await exchange.send(
          HTTPRequest("GET", Endpoint(host: "eks.us-west-2.amazonaws.com")),
          timeout: .seconds(30),
          limit: 1024
        )
      }
      #expect(error == .untrusted(missing))
    }
  }
}
