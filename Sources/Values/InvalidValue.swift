// SPDX-License-Identifier: Apache-2.0

/// A text that is not what its place asks for; thrown by the decoding initialisers of this module's types.
package struct InvalidValue: Error, Sendable, Equatable, CustomStringConvertible {
  package let kind: String
  package let text: String

  package init(kind: String, text: String) {
    self.kind = kind
    self.text = text
  }

  package var description: String { "'\(text)' is not a valid \(kind)" }
}
