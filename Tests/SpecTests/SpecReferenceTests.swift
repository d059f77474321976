// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Spec

struct SpecReferenceTests {
  static let page = SpecReference.markdown()

  @Test func namesEveryKeyAndWord() {
    func visit(_ fields: [FieldShape]) {
      for field in fields {
        #expect(Self.page.contains("| `\(field.key)` |"))
        #expect(Self.page.contains(field.doc))
        visit(field.shape)
      }
    }
    func visit(_ shape: Shape) {
      switch shape {
      case .record(let fields): visit(fields)
      case .list(let item, _): visit(item)
      case .choice(let choices) where choices.count > 1:
        for choice in choices { #expect(Self.page.contains("- `\(choice.word)`: \(choice.doc)")) }
      default: break
      }
    }
    visit(ClusterModel.shapes)
    for rule in Rule.all { #expect(Self.page.contains("- \(rule.doc)")) }
  }

  @Test func everyLinkHasItsHeading() {
    let anchors = Set(
      Self.page.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
        line.lowercased().drop { $0 == "#" || $0 == " " }
          .filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == " " }
          .replacing(" ", with: "-")
      }
    )
    let links = Self.page.matches(of: /\(#([^)]*)\)/).map { String($0.1) }
    #expect(links.count > 8)
    #expect(links.filter { !anchors.contains($0) } == [])
  }

  @Test func everyRowHasItsColumns() {
    let rows = Self.page.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(rows.filter { $0.count(where: { $0 == "|" }) != 5 } == [])
  }

  @Test func sentencesEnd() {
    for rule in Rule.all { #expect(rule.doc.hasSuffix(".")) }
  }
}
