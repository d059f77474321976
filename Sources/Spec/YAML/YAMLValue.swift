// SPDX-License-Identifier: Apache-2.0

/// A value to write, as YAML or as JSON.
enum YAMLValue: Sendable, Equatable {
  struct Entry: Sendable, Equatable {
    let key: String
    let value: YAMLValue
  }

  case text(String)
  case number(Int)
  case list([Self])
  case map([Entry])

  /// The value of `key` of a mapping.
  subscript(_ key: String) -> Self? {
    guard case .map(let entries) = self else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// On one line, as it stands in a YAML file.
  var flow: String {
    switch self {
    case .text(let text): Self.quoteIfNeeded(text)
    case .number(let number): String(number)
    case .list(let items): "[" + items.map(\.flow).joined(separator: ", ") + "]"
    case .map(let entries):
      "{"
        + entries.map { "\(Self.quoteIfNeeded($0.key)): \($0.value.flow)" }.joined(separator: ", ")
        + "}"
    }
  }

  private static func quoteIfNeeded(_ text: String) -> String {
    let isSafe =
      text.utf8.first.map { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "/") } == true
      && text.utf8.allSatisfy { $0.isLetter || $0.isDigit || "/._-+=".utf8.contains($0) }
      && YAMLScalar(text: text, isPlain: true).kind == .text
      && !["y", "n", "yes", "no", "on", "off"].contains(text.lowercased())
    return isSafe ? text : JSONText.quote(text)
  }
}
