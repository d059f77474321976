// SPDX-License-Identifier: Apache-2.0

/// An IPv4 address in host byte order; the text form is dotted decimal without leading zeros.
package struct IPv4Address: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  package let raw: UInt32

  package init(raw: UInt32) {
    self.raw = raw
  }

  /// 0.0.0.0: no address in particular.
  package static let unspecified = Self(raw: 0)

  /// Parses dotted decimal; nil for anything else, leading zeros included (octal to some programs).
  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard (1...3).contains(part.count), part.utf8.allSatisfy({ (48...57).contains($0) }),
        part == "0" || !part.hasPrefix("0"), let octet = UInt8(part)
      else { return nil }
      value = value << 8 | UInt32(octet)
    }
    raw = value
  }

  package var description: String {
    // A large cluster writes each host's address for each host, so without text in between.
    String(unsafeUninitializedCapacity: 15) { buffer in
      var end = 0
      func put(_ byte: UInt32) {
        buffer[end] = UInt8(truncatingIfNeeded: byte)
        end += 1
      }
      for shift: UInt32 in [24, 16, 8, 0] {
        let octet = raw >> shift & 255
        if octet >= 100 { put(48 + octet / 100) }
        if octet >= 10 { put(48 + octet / 10 % 10) }
        put(48 + octet % 10)
        if shift > 0 { put(46) }
      }
      return end
    }
  }

  /// The four octets, most significant first, as certificates hold them.
  package var octets: [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: raw >> UInt32($0)) }
  }

  package static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let address = Self(text) else { throw InvalidValue(kind: "IPv4 address", text: text) }
    self = address
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
