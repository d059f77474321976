// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Values

@testable import AWS

/// The same parts over real connections, with a server that misbehaves.
struct NetworkTests {
  static func environment(_ server: LoopbackServer) -> [String: String] {
    CredentialChainTests.keys.merging([
      "AWS_REGION": "us-west-2", "AWS_ENDPOINT_URL": server.endpoint.description,
      "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.endpoint.description,
    ]) { _, new in new }
  }

  static func eks<Result: Sendable>(
    _ fake: FakeAWS,
    retry: RetryPolicy = RetryPolicy(attempts: 3, base: .milliseconds(1)),
    _ body: (EKS) async throws -> Result
  ) async throws -> Result {
    try await AWSContext.with(.init(retry: retry), environment: environment(fake.server)) {
      context in
      try await body(context.eks(try await context.region().value))
    }
  }

  @Test(
    "what arrives has the signature that botocore computes from it",
    arguments: ["prod", "a b", "größe", "a/b", "a%2Fb", "..", "!*'();:@&=+$,?#[]", "~-._"]
  )
  func signature(_ name: String) async throws {
    let fake = try await FakeAWS([
      .init(method: "GET", body: ServiceClientTests.cluster, verified: true)
    ])
    #expect(try await Self.eks(fake) { try await $0.cluster(name).status } == "ACTIVE")
  }

  @Test("pages and posts are signed as they arrive")
  func signedPages() async throws {
    let fake = try await FakeAWS([
      .init(
        path: "/clusters",
        body: #"{"clusters": ["a"], "nextToken": "x/+= ü&"}"#,
        times: 1,
        verified: true
      ),
      .init(path: "/clusters", body: #"{"clusters": ["b"]}"#, verified: true),
      .init(
        method: "POST",
        body: "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn</Arn><UserId>u</UserId>"
          + "<Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
        verified: true
      ),
    ])
    #expect(try await Self.eks(fake) { try await $0.clusters() } == ["a", "b"])
    let identity = try await AWSContext.with(environment: Self.environment(fake.server)) {
      context in
      try await context.sts(try await context.region().value).callerIdentity()
    }
    #expect(identity.arn == "arn")
  }

  struct Fault: CustomTestStringConvertible, Sendable {
    let name: String
    let rule: @Sendable () -> FakeAWS.Rule
    let says: String

    var testDescription: String { name }
  }

  static let faults: [Fault] = [
    Fault(
      name: "huge",
      rule: { .init(body: String(repeating: "x", count: 1 << 10), copies: 17 << 10) },
      says: "longer than 16777216 bytes"
    ),
    Fault(
      name: "truncated",
      rule: { .init(body: String(repeating: " ", count: 100_000), truncated: true) },
      says: "the connection ended before the answer did"
    ),
    Fault(
      name: "a redirect is not followed",
      rule: { .init(status: 302, headers: ["Location": "http://127.0.0.1:1/"]) },
      says: "HTTP 302"
    ),
    Fault(
      name: "throttled for ever",
      rule: {
        .init(status: 429, body: #"{"__type": "ThrottlingException", "message": "Rate exceeded"}"#)
      },
      says: "ThrottlingException: Rate exceeded"
    ),
    Fault(
      name: "expired",
      rule: { .init(status: 403, body: #"{"__type": "ExpiredTokenException", "message": "m"}"#) },
      says: "the environment (AWS_ACCESS_KEY_ID) have expired"
    ),
    Fault(
      name: "our clock is behind",
      rule: {
        .init(
          status: 403,
          body: #"{"__type": "InvalidSignatureException", "message": "m"}"#,
          ahead: 300
        )
      },
      says: "s behind AWS's"
    ),
    Fault(
      name: "our clock is ahead",
      rule: {
        .init(
          status: 403,
          body: #"{"__type": "InvalidSignatureException", "message": "m"}"#,
          ahead: -300
        )
      },
      says: "s ahead of AWS's"
    ),
    Fault(name: "no JSON", rule: { .init(body: "<html>Sign in</html>") }, says: "not the JSON"),
  ]

  @Test("faults end in the right error", arguments: faults)
  func fault(_ fault: Fault) async throws {
    let fake = try await FakeAWS([fault.rule()])
    let failure = await #expect(throws: Failure.self) {
      try await Self.eks(fake) { try await $0.cluster("prod") }
    }
    #expect(failure?.description.contains(fault.says) == true, "\(failure as Any)")
  }

  @Test("throttled for some answers, it heals")
  func heals() async throws {
    let fake = try await FakeAWS([
      .init(status: 429, times: 2), .init(status: 503, times: 1),
      .init(body: ServiceClientTests.cluster),
    ])
    let retry = RetryPolicy(base: .milliseconds(1))
    #expect(try await Self.eks(fake, retry: retry) { try await $0.cluster("p").name } == "prod")
    #expect(fake.server.log.split(separator: "\n").count == 4)
  }

  @Test("nobody listens: refused; a region that is none: no address")
  func unreachable() async throws {
    var environment = CredentialChainTests.keys
    environment["AWS_REGION"] = "us-west-2"
    environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"
    let retry = RetryPolicy(attempts: 1)
    let refused = await #expect(throws: Failure.self) {
      try await AWSContext.with(.init(retry: retry), environment: environment) { context in
        try await context.eks(try await context.region().value).clusters()
      }
    }
    #expect(refused?.why == "connection refused")
    // No label is that long, which the resolver knows without a name server.
    let host = String(repeating: "a", count: 64) + ".us-wset-2.invalid"
    environment["AWS_ENDPOINT_URL"] = "http://\(host)"
    let unresolved = await #expect(throws: Failure.self) {
      try await AWSContext.with(.init(retry: retry), environment: environment) { context in
        try await context.eks(try await context.region().value).clusters()
      }
    }
    #expect(unresolved?.why == "the name \(host) has no address")
    #expect(unresolved?.remedy?.contains("is a region's name") == true)
  }

  @Test("names that DNS does not know are told from name servers that do not answer")
  func lookups() {
    #expect(NameLookup.code(of: "127.0.0.1") == 0)
    #expect(NameLookup.isDefinite(EAI_NONAME))
    for code in [0, EAI_AGAIN, EAI_FAIL, EAI_MEMORY, EAI_SYSTEM] {
      #expect(!NameLookup.isDefinite(code))
    }
  }

  @Test("where the proxy's name has no address, that is the name that is told")
  func proxyWithoutAddress() async throws {
    let proxy = String(repeating: "p", count: 64) + ".invalid"
    let environment = CredentialChainTests.keys.merging([
      "AWS_REGION": "us-west-2", "HTTPS_PROXY": "http://\(proxy):3128",
    ]) { _, new in new }
    let failure = await #expect(throws: Failure.self) {
      try await AWSContext.with(.init(retry: .init(attempts: 1)), environment: environment) {
        context in
        try await context.eks(try await context.region().value).clusters()
      }
    }
    #expect(failure?.why == "the name \(proxy) has no address")
  }

  @Test("requests go through the proxy: a CONNECT for https")
  func proxy() async throws {
    let fake = try await FakeAWS([.init(method: "CONNECT", status: 403)])
    var environment = CredentialChainTests.keys
    environment["AWS_REGION"] = "us-west-2"
    environment["HTTPS_PROXY"] = fake.server.endpoint.description
    await #expect(throws: Failure.self) {
      try await AWSContext.with(.init(retry: .init(attempts: 1)), environment: environment) {
        context in
        try await context.eks(try await context.region().value).clusters()
      }
    }
    #expect(fake.server.log == "CONNECT eks.us-west-2.amazonaws.com:443\n")
  }

  @Test("metadata that is late by some answers, and that wants tokens")
  func lateMetadata() async throws {
    let fake = try await FakeAWS([
      .init(status: 503, times: 1), .init(method: "PUT", path: "/latest/api/token", body: "tok"),
      .init(path: "/latest/meta-data/instance-id", body: "i-0abc"),
    ])
    let id = try await AWSContext.with(environment: Self.environment(fake.server)) { context in
      try await context.metadata.text("/latest/meta-data/instance-id")
    }
    #expect(id == "i-0abc")
    #expect(
      fake.server.log.split(separator: "\n")
        == ["PUT /latest/api/token", "PUT /latest/api/token", "GET /latest/meta-data/instance-id"]
    )
  }

  @Test("a token request without an answer falls back to version 1, or names the hop limit")
  func hopLimit() async throws {
    for required in [false, true] {
      let fake = try await FakeAWS([
        .init(method: "PUT", silent: true),
        required ? .init(method: "GET", status: 401) : .init(method: "GET", body: "i-0abc"),
      ])
      let ask = {
        try await AWSContext.with(environment: Self.environment(fake.server)) { context in
          try await context.metadata.text("/latest/meta-data/instance-id")
        }
      }
      if required {
        let failure = await #expect(throws: Failure.self) { try await ask() }
        #expect(failure?.remedy?.contains("http-put-response-hop-limit 2") == true)
      } else {
        #expect(try await ask() == "i-0abc")
      }
    }
  }
}
