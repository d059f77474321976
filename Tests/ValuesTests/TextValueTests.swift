// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing
import Values

struct DigestTests {
  /// FIPS 180-4's examples.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ])
  func matchesTheStandard(text: String, hex: String) {
    #expect(Digest(of: text).hex == hex)
    #expect(Digest(of: Array(text.utf8)) == Digest(of: text))
    #expect(Digest(hex: hex.uppercased()) == Digest(of: text))
    #expect(Digest(of: text).short == String(hex.prefix(12)))
  }

  @Test(arguments: [
    "", "abc", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
    String(repeating: "g", count: 64), String(repeating: "０", count: 64),
    " " + String(repeating: "0", count: 63),
  ])
  func refuses(hex: String) {
    #expect(Digest(hex: hex) == nil)
  }

  @Test func passesThroughJSON() throws {
    let json = try JSONEncoder().encode([Digest(of: "abc")])
    #expect(try JSONDecoder().decode([Digest].self, from: json) == [Digest(of: "abc")])
    #expect(throws: InvalidValue.self) {
      try JSONDecoder().decode([Digest].self, from: Data("[\"ab\"]".utf8))
    }
  }
}

struct FileModeTests {
  @Test(arguments: [("0644", 0o644), ("644", 0o644), ("0", 0), ("1777", 0o1777), ("7777", 0o7777)])
  func readsOctal(text: String, bits: UInt16) {
    #expect(FileMode(text)?.bits == bits)
    #expect(FileMode(FileMode(bits).description)?.bits == bits)
    #expect(FileMode(bits).description.count == 4)
  }

  @Test(arguments: ["", "8", "0o644", "+644", "-0", "10000", "rw-r--r--", " 644", "777777777"])
  func refuses(text: String) {
    #expect(FileMode(text) == nil)
  }

  @Test func writesAsChmodReads() {
    #expect(FileMode(0o600).description == "0600")
    #expect(FileMode(0o4755).description == "4755")
  }
}

struct NearestSpellingTests {
  private static let keys = ["podCIDR", "serviceCIDR", "nodePrefix", "proxy", "cni"]

  @Test(arguments: [
    ("podCidr", "podCIDR"), ("podCDIR", "podCIDR"), ("serviceCIRD", "serviceCIDR"),
    ("nodePrefx", "nodePrefix"), ("proxi", "proxy"), ("cnii", "cni"), ("CNI", "cni"),
  ])
  func finds(word: String, expected: String) {
    #expect(NearestSpelling.of(word, among: Self.keys) == expected)
  }

  @Test(arguments: ["", "x", "completely", "podNetwork", "abc"])
  func findsNothingFar(word: String) {
    #expect(NearestSpelling.of(word, among: Self.keys) == nil)
  }

  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abd", 1),
    ("kitten", "sitting", 3), ("ca", "abc", 3),
  ])
  func measures(left: String, right: String, distance: Int) {
    #expect(NearestSpelling.distance(left, right) == distance)
    #expect(NearestSpelling.distance(right, left) == distance)
  }

  @Test func aHugeWordCostsNothing() {
    let word = String(repeating: "x", count: 5_000_000)
    #expect(NearestSpelling.of(word, among: Self.keys) == nil)
  }
}

struct FailureTests {
  @Test func saysWhatWhereAndWhy() {
    let short = Failure(.step, host: "a", "cannot start etcd", why: "exit 1", remedy: "look at it")
    #expect(short.description == "a: cannot start etcd: exit 1\n  look at it")
    #expect(Failure(.step, "cannot start", why: "").description == "cannot start")
  }

  @Test(arguments: ["one\ntwo", "one\r\ntwo"])
  func severalLinesStandBelow(why: String) {
    #expect(Failure(.step, "failed", why: why).description == "failed:\n    one\n    two")
  }
}

struct DiagnosticTests {
  private let position = SourcePosition(file: "c.yaml", line: 3, column: 7)

  @Test func isOneLineForEditors() {
    let diagnostic = Diagnostic(
      .error,
      at: position,
      keyPath: "spec.x",
      "is wrong",
      allowed: ["a", "b"],
      suggestion: "a"
    )
    #expect(
      diagnostic.description
        == "c.yaml:3:7: error: spec.x: is wrong (allowed: a, b); did you mean 'a'?"
    )
    #expect(
      Diagnostic(.warning, at: position, "is odd").description == "c.yaml:3:7: warning: is odd"
    )
  }

  @Test func placesFollowTheFile() {
    let places = [(2, 9), (10, 1), (2, 10)].map {
      SourcePosition(file: "c", line: $0.0, column: $0.1)
    }
    #expect(places.sorted().map(\.description) == ["c:2:9", "c:2:10", "c:10:1"])
  }
}
