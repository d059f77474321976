// SPDX-License-Identifier: Apache-2.0

import Values

/// The files ~/.aws/config and ~/.aws/credentials: sections of keys, as the SDKs read them.
package struct INIFile: Sendable, Equatable {
  /// The sections by the text between their brackets, words parted by one space.
  ///
  /// Keys are lower-case. A key below one without a value is a member of it: `services`' `eks` has
  /// `eks.endpoint_url`. A section that comes twice is merged, the later key wins.
  package private(set) var sections: [String: [String: String]] = [:]

  package init() {}

  /// Parses a file.
  ///
  /// Values are never quoted in errors: a line in the wrong form may well hold a secret.
  ///
  /// - Throws: `Failure` (`invalidInput`) that starts with `file:line:column`.
  package init(_ bytes: [UInt8], file: String) throws {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(.invalidInput, "\(file) is not UTF-8 text")
    }
    var section: String?
    var key: String?
    for (index, line) in text.lines.enumerated() {
      func wrong(_ message: String) -> Failure {
        let position = SourcePosition(file: file, line: index + 1, column: 1)
        return Failure(.invalidInput, Diagnostic(.error, at: position, message).description)
      }
      let body = Self.trimmed(line)
      if body.isEmpty || body.hasPrefix("#") || body.hasPrefix(";") { continue }
      if line.first?.isWhitespace == true {
        guard let section, let key else { throw wrong("an indented line without a key above it") }
        try continueValue(of: key, in: section, with: body) { wrong($0) }
      } else if body.hasPrefix("[") {
        section = try Self.sectionName(body) { wrong($0) }
        key = nil
        sections[section ?? "", default: [:]].merge([:]) { old, _ in old }
      } else {
        guard let section else { throw wrong("a key before the first [section]") }
        guard let equals = body.firstIndex(of: "=") else {
          throw wrong("expected KEY = VALUE, [section] or a comment")
        }
        let name = Self.trimmed(body[..<equals]).lowercased()
        guard !name.isEmpty else { throw wrong("a value without a key") }
        key = name
        sections[section, default: [:]][name] = Self.value(body[body.index(after: equals)...])
      }
    }
  }

  private mutating func continueValue(
    of key: String,
    in section: String,
    with body: Substring,
    wrong: (String) -> Failure
  ) throws {
    let parent = sections[section]?[key] ?? ""
    guard parent.isEmpty else {
      sections[section]?[key] = parent + "\n" + Self.value(body)
      return
    }
    guard let equals = body.firstIndex(of: "=") else {
      throw wrong("expected KEY = VALUE below a key without a value")
    }
    let name = Self.trimmed(body[..<equals]).lowercased()
    sections[section]?["\(key).\(name)"] = Self.value(body[body.index(after: equals)...])
  }

  private static func sectionName(
    _ body: Substring,
    wrong: (String) -> Failure
  ) throws -> String {
    guard let end = body.firstIndex(of: "]") else {
      throw wrong("a section name without its closing ]")
    }
    let rest = trimmed(body[body.index(after: end)...])
    guard rest.isEmpty || rest.hasPrefix("#") || rest.hasPrefix(";") else {
      throw wrong("text after a section name")
    }
    let words = body[body.index(after: body.startIndex)..<end].split(whereSeparator: \.isWhitespace)
      .map { $0.filter { $0 != "\"" && $0 != "'" } }
    guard !words.isEmpty else { throw wrong("an empty section name") }
    return words.joined(separator: " ")
  }

  /// A value without its comment: what follows white space and `#` or `;`.
  private static func value(_ text: Substring) -> String {
    var end = text.endIndex
    var previous: Character = " "
    for index in text.indices {
      if previous.isWhitespace, text[index] == "#" || text[index] == ";" {
        end = index
        break
      }
      previous = text[index]
    }
    return String(trimmed(text[..<end]))
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let front = text.drop(while: \.isWhitespace)
    guard let last = front.lastIndex(where: { !$0.isWhitespace }) else { return front.prefix(0) }
    return front[...last]
  }
}

extension String {
  /// The lines, whichever of the two ends they have: CR and LF are one character to Swift.
  var lines: [Substring] {
    split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
  }
}
