// SPDX-License-Identifier: Apache-2.0

import NIOSSL
import TestSupport
import Testing
import Values

@testable import TLS

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
