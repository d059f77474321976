// SPDX-License-Identifier: Apache-2.0

import Values

/// One word of the line formats that programs print and manifests keep: percent-encoded, so that any
/// name travels in one line without a blank, a quote or a control character.
enum Token {
  static func encode(_ text: String) -> String {
    var word: [UInt8] = []
    for byte in text.utf8 {
      if isPlain(byte) {
        word.append(byte)
      } else {
        word.append(UInt8(ascii: "%"))
        word += Hex.encode([byte]).utf8
      }
    }
    return String(decoding: word, as: UTF8.self)
  }

  /// Returns nil for what `encode` never writes.
  static func decode(_ word: some StringProtocol) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(word.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard let decoded = Hex.decode(rest.prefix(2)), decoded.count == 1 else { return nil }
        bytes += decoded
        rest = rest.dropFirst(2)
      } else {
        guard isPlain(byte) else { return nil }
        bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "@+=:,./-_".utf8.contains(byte)
    }
  }
}

extension ResourceID {
  /// The name as one word.
  var token: String { Token.encode(description) }

  init?(token: some StringProtocol) {
    guard let text = Token.decode(token), let id = Self(text) else { return nil }
    self = id
  }
}

extension String {
  /// Lines without their ends.
  ///
  /// Works on bytes: to `Character`, CR LF is one and no line end.
  var byteLines: [String] {
    utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      String($0) ?? ""
    }
  }

  /// The words of a line between single blanks or runs of them.
  var words: [Substring] {
    unicodeScalars.split(separator: " ").map(Substring.init)
  }
}
