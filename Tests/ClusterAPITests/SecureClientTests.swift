// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
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
        #expect(failure.kind == .forbidden)
        #expect(failure.why == "HTTP 403: nodes is forbidden")
      }
    }
  }

  @Test func aMergeTellsThatTheObjectIsAnotherByNow() async throws {
    try await TLSServer.with { server in
      try await server.client { client in
        let api = KubernetesAPI(client: client)
        let merged = try await api.merge(.object(["a": .null]), into: "/echo")
        let passed = try await api.merge(.object([:]), into: "/changed")
        #expect(merged && !passed)
        await #expect(throws: Failure.self) { try await api.merge(.object([:]), into: "/missing") }
      }
    }
  }

  @Test func aKeyThatIsNoneIsToldWithoutShowingIt() async throws {
    let failure = try #require(throws: Failure.self) {
      try SecureClient(
        base: "https://127.0.0.1:1",
        authority: "no pem",
        identity: .certificate("no pem", key: Sensitive("hunter2"))
      )
    }
    #expect(failure.kind == .state)
    #expect(!failure.description.contains("hunter2"))
  }
}

extension TLSServer {
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
      identity: .certificate(read("client.crt"), key: Sensitive(read("client.key"))),
      body
    )
  }
}
