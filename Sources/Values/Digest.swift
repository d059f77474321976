// SPDX-License-Identifier: Apache-2.0

import Crypto

/// A SHA-256 digest, written as 64 lower-case hexadecimal digits.
package struct Digest: Sendable, Hashable, Codable, CustomStringConvertible {
  package let hex: String

  /// The digest of `bytes`.
  package init(of bytes: some Sequence<UInt8>) {
    self.init(finished: SHA256.hash(data: Array(bytes)))
  }

  /// The digest of the UTF-8 form of `text`.
  package init(of text: String) {
    self.init(of: text.utf8)
  }

  /// Parses 64 hexadecimal digits; returns nil for anything else.
  package init?(hex: String) {
    guard hex.utf8.count == 64, hex.allSatisfy({ $0.isHexDigit && $0.isASCII }) else { return nil }
    self.hex = hex.lowercased()
  }

  private init(finished: SHA256.Digest) {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in finished {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    hex = String(decoding: text, as: UTF8.self)
  }

  package var description: String { hex }

  /// The first 12 digits: enough for a person to compare.
  package var short: String { String(hex.prefix(12)) }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let value = Self(hex: text) else {
      throw InvalidValue(kind: "SHA-256 digest", text: text)
    }
    self = value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }
}
