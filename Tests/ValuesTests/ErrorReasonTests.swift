// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import TestSupport
import Testing
import Values

@Suite("Errors of libraries, in words") struct ErrorReasonTests {
  private struct Host: Codable {
    var roles: [Int]
  }

  private func reason(_ body: () throws -> Void) -> String {
    do {
      try body()
    } catch {
      return Failure.reason(of: error)
    }
    return "no error"
  }

  @Test func filesSayWhatTheSystemSays() throws {
    let scratch = try Scratch()
    let missing = reason { _ = try Data(contentsOf: URL(filePath: "\(scratch.path)/missing")) }
    #expect(missing == "No such file or directory")
    let folder = reason { _ = try Data(contentsOf: URL(filePath: scratch.path)) }
    #expect(folder == "Is a directory")
  }

  @Test(arguments: [
    ("{", "it is not JSON"),
    ("{}", "the key roles is missing"),
    (#"{"roles": 1}"#, "at roles: a value of another type is there"),
    (#"{"roles": [1, "x"]}"#, "at roles.[1]: a value of another type is there"),
  ])
  func documentsSayWhere(text: String, says: String) {
    #expect(reason { _ = try JSONDecoder().decode(Host.self, from: Data(text.utf8)) } == says)
  }

  @Test func whatIsKnownBetterStays() {
    #expect(Failure.reason(of: Failure(.state, "a", why: "b")) == "a: b")
  }
}
