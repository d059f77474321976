// SPDX-License-Identifier: Apache-2.0

/// The permission bits of a file, 0 to 0o7777, written as chmod takes them: 0644.
package struct FileMode: Sendable, Hashable, Codable, ExpressibleByIntegerLiteral,
  CustomStringConvertible
{
  package let bits: UInt16

  package init(_ bits: UInt16) {
    self.bits = bits & 0o7777
  }

  package init(integerLiteral value: UInt16) {
    self.init(value)
  }

  /// Parses octal digits.
  package init?(_ text: String) {
    // UInt16 alone would take a sign.
    guard text.utf8.allSatisfy({ (48...55).contains($0) }), let value = UInt16(text, radix: 8),
      value <= 0o7777
    else { return nil }
    bits = value
  }

  package var description: String {
    let digits = String(bits, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
