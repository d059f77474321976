// SPDX-License-Identifier: Apache-2.0

import Catalog
import TestSupport
import Testing
import Values

@testable import Spec

/// A valid file made wrong at random, the same way in every run.
struct MutationTests {
  private static let fragments = [
    "\t", "  ", "\n", ": ", "- ", "? ", "*a", "&a ", "[", "]", "{", "}", "\"", "'", "|", ">-\n",
    "!!int ",
    "!x ", "%", "@", "#", "~", "null", "---\n", "...\n", "<<: ", "é\u{301}", "\u{0}", "\u{85}",
    "\u{2028}",
    "\u{E000}", "\u{FFFD}", "99999999999999999999", "-1", "0x1F", "1e9", "10.0.0.0/33", "::", "\\",
    ",",
    "name: ", "hosts:\n", "roles: []\n",
  ]

  @Test(arguments: UInt64(0)..<24)
  func alwaysEndsInASpecOrInErrors(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let example = try #require(
      SpecExample.text(
        named: seed.isMultiple(of: 2) ? "three-hosts" : "single-host",
        newest: Catalog.standard.newest
      )
    )
    for _ in 0..<40 {
      var scalars = Array(example.unicodeScalars)
      for _ in 0...Int.random(in: 0..<4, using: &generator) {
        Self.mutate(&scalars, &generator)
      }
      var text = ""
      text.unicodeScalars.append(contentsOf: scalars)
      check(text)
    }
  }

  private func check(_ text: String) {
    let result = SpecFixture.read(text)
    let errors = result.diagnostics.filter { $0.severity == .error }
    #expect((result.spec == nil) == !errors.isEmpty, "\(text)")
    let lines = text.unicodeScalars.count {
      "\n\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains($0)
    }
    for diagnostic in result.diagnostics {
      #expect((1...lines + 1).contains(diagnostic.position.line), "\(diagnostic)\n\(text)")
      #expect(!diagnostic.message.isEmpty)
      #expect(!diagnostic.description.contains { $0.isNewline })
    }
    if let spec = result.spec {
      #expect(SpecFixture.read(ExampleWriter.plainText(of: spec)).spec == spec, "\(text)")
    }
  }

  private static func mutate(
    _ scalars: inout [Unicode.Scalar],
    _ generator: inout SeededGenerator
  ) {
    let place = Int.random(in: 0..<max(1, scalars.count), using: &generator)
    let end = min(scalars.count, place + Int.random(in: 0..<40, using: &generator))
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: scalars.removeSubrange(min(place, end)..<end)
    case 1: scalars.insert(contentsOf: scalars[min(place, end)..<end], at: min(place, end))
    case 2:
      let fragment = fragments.randomElement(using: &generator) ?? ""
      scalars.insert(contentsOf: fragment.unicodeScalars, at: min(place, scalars.count))
    default:
      guard place < scalars.count else { return }
      scalars[place] = Unicode.Scalar(UInt8.random(in: 32..<127, using: &generator))
    }
  }
}
