// SPDX-License-Identifier: Apache-2.0

/// An error for the person at the terminal: what failed, where, why, and how to go on.
package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of thing went wrong; tests and exit codes go by it.
  package enum Kind: String, Sendable, Codable {
    /// The spec, topology or another input file is wrong (exit 2).
    case invalidInput
    /// A host cannot be reached, or refuses the login or its key.
    case unreachable
    /// A host lacks something, or holds something that forbids going on; nothing was changed.
    case preflight
    /// An API does not know who asks.
    case unauthenticated
    /// An API knows who asks, and does not let them do what they ask for.
    case forbidden
    /// A step on a host failed.
    case step
    /// Health did not come by its deadline, or could not come.
    case deadline
    /// A file of ours, on the operator's side, is missing, damaged or cannot be written.
    case state
    /// A program or download that is needed cannot be had.
    case artifact
    /// Another run holds the lock.
    case locked
    /// The user stopped it (exit 130).
    case interrupted
    /// A defect in this program.
    case internalError

    /// Whether an API did not let us in, or do it.
    package var isRefusal: Bool { self == .unauthenticated || self == .forbidden }
  }

  package var kind: Kind
  /// The host it happened on, where there is one.
  package var host: String?
  /// What was being done: a sentence without a full stop.
  package var what: String
  /// The underlying reason as the failing program said it; may have several lines.
  package var why: String?
  /// What to do about it.
  package var remedy: String?

  package init(
    _ kind: Kind,
    host: String? = nil,
    _ what: String,
    why: String? = nil,
    remedy: String? = nil
  ) {
    self.kind = kind
    self.host = host
    self.what = what
    self.why = why
    self.remedy = remedy
  }

  package var description: String {
    var text = host.map { "\($0): \(what)" } ?? what
    if let why, !why.isEmpty {
      text += why.contains(where: \.isNewline) ? ":\n" + why.indented(by: 4) : ": \(why)"
    }
    if let remedy { text += "\n  \(remedy)" }
    return text
  }
}

extension String {
  /// Every line behind `count` spaces.
  package func indented(by count: Int) -> String {
    let pad = String(repeating: " ", count: count)
    return split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map { $0.isEmpty ? "" : pad + $0 }
      .joined(separator: "\n")
  }
}
