// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What is wrong with a program for hosts before any shell reads it.
package enum ShellText {
  /// What shellcheck says of it, and what it would be to bash 4.2, which CentOS 7 and EOS have.
  package static func complaints(about program: String) async throws -> [String] {
    let result = try await Command.run(["shellcheck", "-s", "sh", "-"], input: program)
    return (result.exitCode == 0 ? [] : [result.output]) + unreadableByOldBash(program)
  }

  /// The lines with a `case` that bash 4.2 does not read.
  ///
  /// Inside `$(…)` it looks for the closing parenthesis by itself, and takes a `case` for one only where
  /// no `do`, `then`, `else` or `{` comes right before it; otherwise the first pattern's `)` ends the
  /// substitution, unless the pattern begins with `(`. Found with bash 4.2.45.
  package static func unreadableByOldBash(_ program: String) -> [String] {
    var found: [String] = []
    var substitutions: [Int] = []
    var last = ""
    var pending: String?
    for (index, line) in program.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      let text = line.trimmingCharacters(in: .whitespaces)
      guard !text.isEmpty, !text.hasPrefix("#") else { continue }
      let indent = line.prefix { $0 == " " }.count
      if let start = pending {
        if !text.hasPrefix("(") { found.append(start) }
        pending = nil
      }
      while let open = substitutions.last, indent <= open { substitutions.removeLast() }
      let opens = openSubstitution(in: text)
      if let range = text.range(of: #"\bcase .* in( |$)"#, options: .regularExpression),
        !substitutions.isEmpty || opens.map({ $0 < range.lowerBound }) == true
      {
        let before = text[..<range.lowerBound].trimmingCharacters(in: .whitespaces)
        let word = (before.isEmpty ? last : before).split(separator: " ").last ?? ""
        if ["do", "then", "else", "{"].contains(word) {
          let name = "line \(index + 1): \(text)"
          let pattern = text[range.upperBound...].trimmingCharacters(in: .whitespaces)
          if pattern.isEmpty {
            pending = name
          } else if !pattern.hasPrefix("(") {
            found.append(name)
          }
        }
      }
      if opens != nil { substitutions.append(indent) }
      last = text
    }
    return found
  }

  /// Where a `$(` begins that its line does not end.
  private static func openSubstitution(in text: String) -> String.Index? {
    var open: [String.Index?] = []
    var index = text.startIndex
    while index < text.endIndex {
      if text[index...].hasPrefix("$(") {
        open.append(index)
        index = text.index(after: index)
      } else if text[index] == "(" {
        open.append(nil)
      } else if text[index] == ")", !open.isEmpty {
        open.removeLast()
      }
      index = text.index(after: index)
    }
    return open.compactMap(\.self).first
  }
}
