// SPDX-License-Identifier: Apache-2.0

/// Percent-encoding as signatures want it: everything but RFC 3986's unreserved characters, in
/// upper-case hexadecimal, a space as %20.
enum URIEncoding {
  /// `text` with each byte outside `A-Z a-z 0-9 - _ . ~` and `keeping` encoded.
  static func encode(_ text: String, keeping kept: String = "") -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var result: [UInt8] = []
    for byte in text.utf8 {
      if isUnreserved(byte) || kept.utf8.contains(byte) {
        result.append(byte)
      } else {
        result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-_.~".utf8.contains(byte)
    }
  }
}
