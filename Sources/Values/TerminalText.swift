// SPDX-License-Identifier: Apache-2.0

/// Makes text of unknown origin safe to print: a host's file must not drive the operator's terminal.
package enum TerminalText {
  /// Control and direction-changing characters become `\u{1b}`; tabs, and line ends where `lines`, stay.
  package static func escape(_ text: String, keepingLines lines: Bool = false) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) || $0 == 0x0a && lines }) { return text }
    guard text.unicodeScalars.contains(where: { drives($0, lines) }) else { return text }
    var safe = ""
    for scalar in text.unicodeScalars {
      if drives(scalar, lines) {
        safe += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }

  private static func drives(_ scalar: Unicode.Scalar, _ lines: Bool) -> Bool {
    switch scalar.value {
    case 0x09: false
    case 0x0a: !lines
    case 0..<0x20, 0x7f..<0xa0: true
    // Zero-width and direction marks, line and paragraph separators, the byte order mark.
    case 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff, 0xe0000...0xe007f: true
    default: false
    }
  }
}
