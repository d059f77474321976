// SPDX-License-Identifier: Apache-2.0

/// A line of a switch's configuration, cut into words.
struct ConfigurationLine {
  struct Word {
    var text: String
    /// Counted from 1, in bytes.
    var column: Int
  }

  /// From 1.
  let number: Int
  let words: [Word]

  init(_ text: Substring, number: Int) {
    self.number = number
    var words: [Word] = []
    var column = 1
    var start = 1
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") {
        if !bytes.isEmpty {
          words.append(Word(text: String(decoding: bytes, as: UTF8.self), column: start))
        }
        bytes = []
      } else {
        if bytes.isEmpty { start = column }
        bytes.append(byte)
      }
      column += 1
    }
    if !bytes.isEmpty {
      words.append(Word(text: String(decoding: bytes, as: UTF8.self), column: start))
    }
    self.words = words
  }

  var texts: [String] { words.map(\.text) }
  var isIndented: Bool { (words.first?.column ?? 1) > 1 }
  var isComment: Bool { words.first?.text.hasPrefix("!") == true }

  /// The lines of a text, empty ones left out.
  static func lines(of text: String) -> [ConfigurationLine] {
    // By bytes: "\r\n" is one Character, and a newline with a mark behind it is none.
    let bytes = Array(text.utf8).split(
      separator: UInt8(ascii: "\n"),
      omittingEmptySubsequences: false
    )
    return bytes.enumerated().compactMap { index, bytes in
      let line = Self(Substring(decoding: bytes, as: UTF8.self), number: index + 1)
      return line.words.isEmpty ? nil : line
    }
  }
}
