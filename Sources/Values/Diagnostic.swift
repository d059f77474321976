// SPDX-License-Identifier: Apache-2.0

/// A place in an input file; line and column count from 1.
package struct SourcePosition: Sendable, Hashable, Comparable, CustomStringConvertible {
  package let file: String
  package let line: Int
  package let column: Int

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  package var description: String { "\(file):\(line):\(column)" }

  package static func < (left: Self, right: Self) -> Bool {
    (left.file, left.line, left.column) < (right.file, right.line, right.column)
  }
}

/// One thing to say about an input file: `file:line:column: error: key.path: message`.
package struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
  package enum Severity: String, Sendable, Codable {
    case error
    case warning
    case note
  }

  package var severity: Severity
  package var position: SourcePosition
  /// The key it is about: `spec.hosts[2].ssh.port`; empty for the whole file.
  package var keyPath: String
  package var message: String
  /// What is allowed there, for a reader who has to choose.
  package var allowed: [String]
  /// The nearest right spelling.
  package var suggestion: String?

  package init(
    _ severity: Severity,
    at position: SourcePosition,
    keyPath: String = "",
    _ message: String,
    allowed: [String] = [],
    suggestion: String? = nil
  ) {
    self.severity = severity
    self.position = position
    self.keyPath = keyPath
    self.message = message
    self.allowed = allowed
    self.suggestion = suggestion
  }

  package var description: String {
    var text = "\(position): \(severity.rawValue): "
    if !keyPath.isEmpty { text += "\(keyPath): " }
    text += message
    if !allowed.isEmpty { text += " (allowed: \(allowed.joined(separator: ", ")))" }
    if let suggestion { text += "; did you mean '\(suggestion)'?" }
    return text
  }
}
