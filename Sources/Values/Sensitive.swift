// SPDX-License-Identifier: Apache-2.0

/// A value that no log, plan or error may show: every description is its fingerprint at most.
package struct Sensitive: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let bytes: [UInt8]

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  package init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The bytes themselves; callers write them to a 0600 file or a standard input and nowhere else.
  package func reveal() -> [UInt8] { bytes }

  /// The bytes as text, for formats that are text (PEM, YAML).
  package func revealText() -> String { String(decoding: bytes, as: UTF8.self) }

  /// A fingerprint, by which two keys can be told apart; none for what is short enough to be guessed
  /// from one, such as a password.
  package var description: String {
    bytes.count < 32 ? "<secret>" : "<secret sha256:\(Digest(of: bytes).short)>"
  }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
