// SPDX-License-Identifier: Apache-2.0

import Values

/// A part of a parsed file, with its place.
///
/// Aliases are followed already; duplicate keys are kept, so that whoever knows the key path can name
/// both.
struct YAMLNode: Sendable {
  enum Content: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping([YAMLEntry])
  }

  let position: SourcePosition
  let content: Content

  /// What it is, for a sentence: `a list`.
  var kindName: String {
    switch content {
    case .scalar(let scalar): scalar.kind.rawValue
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  var isNull: Bool {
    guard case .scalar(let scalar) = content else { return false }
    return scalar.kind == .null
  }
}

/// A key with its value.
struct YAMLEntry: Sendable {
  let key: String
  let keyPosition: SourcePosition
  let value: YAMLNode
}

/// A single value as written.
struct YAMLScalar: Sendable {
  /// What the core schema of YAML 1.2 takes it for.
  enum Kind: String, Sendable {
    case null = "nothing"
    case bool = "true or false"
    case number = "a number"
    case text
  }

  let text: String
  /// Whether it stood without quotes, where YAML guesses the kind.
  let isPlain: Bool

  /// YAML 1.2.2, section 10.3.2.
  var kind: Kind {
    guard isPlain else { return .text }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE", "false", "False", "FALSE": return .bool
    default: return isNumber ? .number : .text
    }
  }

  private var isNumber: Bool {
    var rest = Substring(text)
    if rest.hasPrefix("0x") {
      return rest.count > 2 && rest.dropFirst(2).utf8.allSatisfy(\.isHexDigit)
    }
    if rest.hasPrefix("0o") {
      return rest.count > 2 && rest.dropFirst(2).utf8.allSatisfy { (48...55).contains($0) }
    }
    if [".nan", ".NaN", ".NAN"].contains(text) { return true }
    if let sign = rest.first, "+-".contains(sign) { rest = rest.dropFirst() }
    if [".inf", ".Inf", ".INF"].contains(rest) { return true }
    let digits = rest.utf8.contains(where: \.isDigit)
    return digits && rest.utf8.first.map { $0.isDigit || $0 == UInt8(ascii: ".") } == true
      && rest.utf8.allSatisfy { $0.isDigit || ".eE+-".utf8.contains($0) } && Double(rest) != nil
  }
}

extension UInt8 {
  /// `0` to `9`.
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  /// A digit of base 16 of either case.
  var isHexDigit: Bool {
    isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
      || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(self)
  }

  /// An ASCII letter of lower case.
  var isLowercaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }

  /// An ASCII letter.
  var isLetter: Bool {
    isLowercaseLetter || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
  }
}
