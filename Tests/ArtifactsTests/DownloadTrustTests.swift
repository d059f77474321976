// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Values

@testable import Artifacts

/// Whom downloads trust.
@Suite struct DownloadTrustTests {
  private static func fetch(
    _ server: TLSServer,
    host: String = "127.0.0.1",
    _ environment: [String: String]
  ) async throws -> (Download.Outcome, String) {
    try await Download(folder: server.folder, environment: environment)
      .text("https://\(host):\(server.port)/kubelet.sha256")
  }

  @Test func theSameAuthoritiesAreTrustedAsElsewhere() async throws {
    try await TLSServer.with(program: TLSServer.program(saying: "hello")) { server in
      let (outcome, text) = try await Self.fetch(
        server,
        ["SSL_CERT_FILE": "\(server.folder)/ca.crt"]
      )
      #expect(outcome == .done && text == "hello")
    }
  }

  @Test(
    arguments: [
      ("127.0.0.1", "other-ca.crt", [:], "signed by no authority that this machine trusts"),
      ("127.0.0.1", "other-ca.crt", [:], "it is CN=server, signed by CN=ca\n"),
      ("localhost", "ca.crt", [:], "the certificate that localhost shows is for other names"),
      (
        "127.0.0.1", "other-ca.crt", ["https_proxy": "http://user:hunter2@p:1"],
        "asked through the proxy that https_proxy names"
      ),
      ("127.0.0.1", "none.crt", [:], "SSL_CERT_FILE names no file of certificate authorities"),
    ] as [(String, String, [String: String], String)]
  )
  func whoIsNotTrustedIsTold(
    _ host: String,
    _ file: String,
    _ more: [String: String],
    _ text: String
  ) async throws {
    try await TLSServer.with(program: TLSServer.program(saying: "hello")) { server in
      var environment = more
      environment["SSL_CERT_FILE"] = "\(server.folder)/\(file)"
      let (outcome, _) = try await Self.fetch(server, host: host, environment)
      guard case .unreachable(let why) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(why.contains(text), "\(why)")
      #expect(!why.contains("hunter2"))
    }
  }
}
