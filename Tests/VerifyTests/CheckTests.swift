// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Verify

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
