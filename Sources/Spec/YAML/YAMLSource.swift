// SPDX-License-Identifier: Apache-2.0

import Values
import Yams

/// A text made safe for the YAML parser, with places that stay those of the file.
///
/// The parser follows aliases and refuses duplicate keys by itself, before anyone can say where, how
/// often, or how much an alias grows to. So both are hidden from it behind a few private-use characters
/// (which a spec may not hold), one for one, and found again in its result.
struct YAMLSource {
  /// Stands for every `*`.
  static let star: Unicode.Scalar = "\u{E000}"
  /// The first of those that stand for the first character of a key that comes again.
  private static let firstMask: UInt32 = 0xE001
  /// How many duplicate keys are told apart; one more is the end of reading.
  static let maximumMasks = 16
  /// A spec of a thousand hosts has some 300 KiB.
  private static let maximumBytes = 1 << 20
  private static let maximumDepth = 64

  let file: String
  private var scalars: [Unicode.Scalar] = []
  /// Where each line begins in `scalars`.
  private var lineStarts = [0]
  /// What the masks stand for, in the order they were given out.
  private var masked: [Unicode.Scalar] = []

  /// - Throws: `YAMLFault` for a text that is too large, nested too deeply, or not text.
  init(_ text: String, file: String) throws(YAMLFault) {
    self.file = file
    guard text.utf8.count <= Self.maximumBytes else {
      throw YAMLFault(at: start, "is larger than 1 MiB: this cannot be a spec")
    }
    try prepare(text)
    try checkDepth()
  }

  var start: SourcePosition { SourcePosition(file: file, line: 1, column: 1) }

  /// What the parser reads.
  var text: String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }

  /// The place of a mark of the parser.
  func position(line: Int, column: Int) -> SourcePosition {
    guard line <= lineStarts.count else {
      // The parser ends a last line that has no end.
      let last = scalars.count - (lineStarts.last ?? 0)
      return SourcePosition(file: file, line: lineStarts.count, column: last + 1)
    }
    return SourcePosition(file: file, line: max(line, 1), column: max(column, 1))
  }

  /// The character at a mark.
  func scalar(at mark: Mark) -> Unicode.Scalar? {
    index(of: mark).map { scalars[$0] }
  }

  /// Hides the key at `mark`, so that its next namesake is no duplicate for the parser.
  /// - Returns: false where that cannot be done.
  mutating func maskKey(_ key: String, at mark: Mark) -> Bool {
    guard masked.count < Self.maximumMasks, let first = key.unicodeScalars.first,
      var index = index(of: mark)
    else { return false }
    if scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
    guard index < scalars.count, scalars[index] == first,
      let mask = Unicode.Scalar(Self.firstMask + UInt32(masked.count))
    else { return false }
    masked.append(first)
    scalars[index] = mask
    return true
  }

  /// The text as the user wrote it.
  func restored(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: Self.isReserved) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      let mask = Int(scalar.value) - Int(Self.firstMask)
      let original =
        scalar == Self.star ? "*" : masked.indices.contains(mask) ? masked[mask] : scalar
      result.unicodeScalars.append(original)
    }
    return result
  }

  private static func isReserved(_ scalar: Unicode.Scalar) -> Bool {
    (0xE000...0xE01F).contains(scalar.value)
  }

  private func index(of mark: Mark) -> Int? {
    guard lineStarts.indices.contains(mark.line - 1), mark.column >= 1 else { return nil }
    let index = lineStarts[mark.line - 1] + mark.column - 1
    return index < scalars.count ? index : nil
  }

  /// Fills `scalars` and `lineStarts`, with the line breaks that the parser knows.
  private mutating func prepare(_ text: String) throws(YAMLFault) {
    let source = text.unicodeScalars
    scalars.reserveCapacity(source.count)
    for scalar in source {
      if scalars.isEmpty, lineStarts.count == 1, scalar == "\u{FEFF}" { continue }
      switch scalar {
      case "\n":
        if scalars.last == "\r" { lineStarts.removeLast() }
        lineStarts.append(scalars.count + 1)
      case "\r", "\u{85}", "\u{2028}", "\u{2029}":
        lineStarts.append(scalars.count + 1)
      case "\u{FFFD}":
        throw fault("a byte here is not UTF-8")
      case _ where Self.isForbidden(scalar):
        let code = String(scalar.value, radix: 16, uppercase: true)
        throw fault("the character U+\(code) cannot stand in a spec")
      default: break
      }
      scalars.append(scalar == "*" ? Self.star : scalar)
    }
  }

  private func fault(_ message: String) -> YAMLFault {
    let column = scalars.count - (lineStarts.last ?? 0) + 1
    return YAMLFault(at: position(line: lineStarts.count, column: column), message)
  }

  /// YAML 1.2.2, section 5.1, and what is reserved for us.
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x85: false
    case 0..<0x20, 0x7F..<0xA0, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: isReserved(scalar)
    }
  }

  /// A bound on depth from above, since the parser recurses: open brackets, and columns of the
  /// characters that can open a block.
  private func checkDepth() throws(YAMLFault) {
    var brackets = 0
    for (number, lineStart) in lineStarts.enumerated() {
      let lineEnd = number + 1 < lineStarts.count ? lineStarts[number + 1] : scalars.count
      var leads = 0
      var isLead = true
      for index in lineStart..<lineEnd {
        switch scalars[index] {
        case "[", "{": brackets += 1
        case "]", "}": brackets = max(0, brackets - 1)
        default: break
        }
        isLead = isLead && " -?:".unicodeScalars.contains(scalars[index])
        if isLead { leads += 1 }
        if brackets > Self.maximumDepth || leads > 2 * Self.maximumDepth {
          throw YAMLFault(
            at: position(line: number + 1, column: index - lineStart + 1),
            "is nested too deeply"
          )
        }
      }
    }
  }
}
