// SPDX-License-Identifier: Apache-2.0

/// The one place that quotes text for a POSIX shell.
package enum Shell {
  /// One word that any POSIX shell reads back as exactly `text`; plain words stay bare for readability.
  package static func quote(_ text: String) -> String {
    if !text.isEmpty, text.utf8.allSatisfy(isPlain) { return text }
    // By scalars: a quote with a combining mark behind it is one Character, and not equal to a quote.
    var word = "'"
    for scalar in text.unicodeScalars {
      if scalar == "'" { word += "'\\''" } else { word.unicodeScalars.append(scalar) }
    }
    return word + "'"
  }

  /// A command line of quoted words.
  package static func command(_ words: [String]) -> String {
    words.map(quote).joined(separator: " ")
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "@%+:,./-_".utf8.contains(byte)
    }
  }
}
