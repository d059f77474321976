// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOSSL
import TestSupport
import Testing
import Values

@testable import Verify

@Suite struct ServedCertificateTests {
  @Test func readsWhatTheServerShowsWithoutTrustingIt() async throws {
    try await TLSServer.with { server in
      let shown = try await ServedCertificate.read(at: "127.0.0.1:\(server.port)")
      let own = try NIOSSLCertificate.fromPEMBytes(Array(server.read("server.crt").utf8))
      #expect(own.first == shown)
    }
  }

  @Test(arguments: ["127.0.0.1:1", "127.0.0.1:0"]) func nobodyThereIsAFailure(
    address: String
  ) async throws {
    let failure = try await #require(throws: Failure.self) {
      try await ServedCertificate.read(at: address)
    }
    #expect(failure.kind == .unreachable)
    #expect(failure.why?.contains("(") == false, "no library's own words: \(failure)")
  }

  @Test(arguments: ["", "127.0.0.1", "127.0.0.1:x", "a:b:c"]) func whatIsNoAddressIsTold(
    address: String
  ) async throws {
    let failure = try await #require(throws: Failure.self) {
      try await ServedCertificate.read(at: address)
    }
    #expect(failure.kind == .internalError)
  }
}

@Suite struct CheckTests {
  @Test func whatWasSeenIsTheDetail() async throws {
    let check = try await Check.run("api", "a") { "ok" }
    #expect(check == Check(area: "api", subject: "a", passed: true, detail: "ok"))
  }

  @Test func anUnmetAssertionIsAFailedCheckWithItsReason() async throws {
    let check = try await Check.run("api", "a") { throw Unmet("is down") }
    #expect(check == Check(area: "api", subject: "a", passed: false, detail: "is down"))
  }

  @Test func aFailureIsAFailedCheckToo() async throws {
    let check = try await Check.run("api", "a") {
      throw Failure(.unreachable, "GET x", why: "refused")
    }
    #expect(!check.passed)
    #expect(check.detail == "GET x: refused")
  }

  @Test func cancellationIsNoCheck() async {
    await #expect(throws: CancellationError.self) {
      try await Check.run("api", "a") { throw CancellationError() }
    }
  }
}
