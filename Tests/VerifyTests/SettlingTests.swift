// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Verify

/// What a verification waits for after a reboot, and what it does not wait for.
@Suite struct SettlingTests {
  enum Fault: String, CaseIterable, Sendable {
    case refused, notReady, wrongVersion, wrongCertificate

    var error: any Error {
      switch self {
      case .refused: Failure(.unreachable, "no TLS at 10.0.0.1:10250", why: "refused")
      case .notReady: Unmet("NotReady", mayPass: true)
      case .wrongVersion: Unmet("v1.19.0, the spec says v1.20.2")
      case .wrongCertificate: Failure(.state, "another certificate")
      }
    }

    /// Whether a cluster that comes to rest mends it.
    var passes: Bool { self == .refused || self == .notReady }
  }

  /// A fault that is there for the first `times` attempts.
  private actor Server {
    private(set) var attempts = 0

    func answer(after times: Int, _ fault: Fault) throws -> String {
      attempts += 1
      if attempts <= times { throw fault.error }
      return "serving"
    }
  }

  @Test(arguments: Fault.allCases)
  func onlyWhatMayPassIsAskedAgain(fault: Fault) async throws {
    let server = Server()
    let check = try await Check.run(
      "certificate",
      "served",
      settling: Settling(patience: .seconds(600))
    ) { try await server.answer(after: 2, fault) }
    #expect(check.passed == fault.passes)
    #expect(await server.attempts == (fault.passes ? 3 : 1))
  }

  @Test(arguments: Fault.allCases)
  func whenTheTimeIsUpTheReasonIsTold(fault: Fault) async throws {
    let server = Server()
    let check = try await Check.run(
      "certificate",
      "served",
      settling: Settling(patience: .zero)
    ) { try await server.answer(after: .max, fault) }
    #expect(!check.passed)
    #expect(!check.detail.isEmpty)
    #expect(await server.attempts == 1)
  }
}
