// SPDX-License-Identifier: Apache-2.0

import Values

/// File contents inside a program.
///
/// `printf` is checked to be the shell's own before any of this runs, so nothing of it is ever an
/// argument that `ps` shows, and no here-document passes through a file.
enum ShellContent {
  /// A command that prints exactly `bytes`, to be followed by a redirection.
  static func printing(_ bytes: [UInt8]) -> String {
    word(bytes).map { "printf '%s' \($0)" } ?? octal(bytes)
  }

  /// The bytes as a word in quotes; nil where they are not all printable.
  static func word(_ bytes: [UInt8]) -> String? {
    guard let text = String(validating: bytes, as: UTF8.self),
      text.unicodeScalars.allSatisfy(isPlain)
    else { return nil }
    return quote(text)
  }

  /// Always in quotes: contents are to look alike.
  private static func quote(_ text: String) -> String {
    "'"
      + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }

  /// Printable and read the same by every shell: some take control characters for marks of their own.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0a: true
    case 0..<0x20, 0x7f..<0xa0, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff: false
    default: true
    }
  }

  private static func octal(_ bytes: [UInt8]) -> String {
    let width = 64
    let chunks = stride(from: 0, to: bytes.count, by: width).map { start in
      let digits = bytes[start..<min(start + width, bytes.count)].map { byte in
        let octal = String(byte, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - octal.count) + octal
      }
      return "  printf '\(digits.joined())'"
    }
    return "{\n" + chunks.joined(separator: " &&\n") + "\n}"
  }
}
