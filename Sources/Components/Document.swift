// SPDX-License-Identifier: Apache-2.0

/// A configuration document whose members stay in the order they are written, as YAML or JSON.
indirect enum Document: Sendable {
  case text(String)
  /// Text that is always quoted: what stands for it must look the same.
  case exact(String)
  case number(Int)
  /// A number that is not known yet.
  case figure(String)
  case flag(Bool)
  case list([Document])
  case map([(key: String, value: Document)])

  /// The document as YAML.
  ///
  /// Whatever could be read as something else than text is quoted.
  var yaml: String { lines(atTop: true).joined(separator: "\n") + "\n" }

  /// The document as JSON, two spaces a level.
  var json: String { jsonText(depth: 0) + "\n" }

  private func lines(atTop: Bool = false) -> [String] {
    switch self {
    case .map(let members) where !members.isEmpty: members.flatMap(Self.lines(of:))
    case .list(let items) where !items.isEmpty: items.flatMap(Self.lines(ofItem:))
    default: [scalar]
    }
  }

  private static func lines(of member: (key: String, value: Document)) -> [String] {
    let key = plainOrQuoted(member.key)
    return member.value.isNested
      ? ["\(key):"] + member.value.lines().map { "  " + $0 } : ["\(key): \(member.value.scalar)"]
  }

  private static func lines(ofItem item: Document) -> [String] {
    item.lines().enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
  }

  private var isNested: Bool {
    switch self {
    case .map(let members): !members.isEmpty
    case .list(let items): !items.isEmpty
    case .text, .exact, .number, .figure, .flag: false
    }
  }

  private var scalar: String {
    switch self {
    case .text(let value): Self.plainOrQuoted(value)
    case .exact(let value): Self.quoted(value)
    case .number(let value): String(value)
    case .figure(let value): value
    case .flag(let value): String(value)
    case .list: "[]"
    case .map: "{}"
    }
  }

  private func jsonText(depth: Int) -> String {
    let pad = String(repeating: "  ", count: depth + 1)
    let end = "\n" + String(repeating: "  ", count: depth)
    switch self {
    case .text(let value), .exact(let value): return Self.quoted(value)
    case .list(let items) where !items.isEmpty:
      return "[\n" + items.map { pad + $0.jsonText(depth: depth + 1) }.joined(separator: ",\n")
        + end + "]"
    case .map(let members) where !members.isEmpty:
      let rows = members.map {
        "\(pad)\(Self.quoted($0.key)): \($0.value.jsonText(depth: depth + 1))"
      }
      return "{\n" + rows.joined(separator: ",\n") + end + "}"
    case .number, .figure, .flag, .list, .map: return scalar
    }
  }

  /// Words that YAML 1.1 or 1.2 reads as truth values or nothing.
  private static let reserved: Set<String> = [
    "true", "false", "yes", "no", "on", "off", "null", "y", "n",
  ]

  private static func plainOrQuoted(_ text: String) -> String {
    let isPlain =
      text.utf8.first.map { isLetter($0) || $0 == UInt8(ascii: "/") } ?? false
      && text.utf8.allSatisfy { isLetter($0) || "0123456789._/-".utf8.contains($0) }
      && !reserved.contains(text.lowercased())
    return isPlain ? text : quoted(text)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  /// A JSON string, which is a double-quoted YAML scalar too.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\u{0}"..."\u{1f}", "\u{7f}":
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension Document: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  init(stringLiteral value: String) { self = .text(value) }
  init(integerLiteral value: Int) { self = .number(value) }
  init(booleanLiteral value: Bool) { self = .flag(value) }
  init(arrayLiteral elements: Document...) { self = .list(elements) }
  init(dictionaryLiteral elements: (String, Document)...) {
    self = .map(elements.map { (key: $0.0, value: $0.1) })
  }

  /// A list of texts.
  static func texts(_ values: some Sequence<String>) -> Document {
    .list(values.map(Document.text))
  }
}
