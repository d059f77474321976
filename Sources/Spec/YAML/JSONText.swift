// SPDX-License-Identifier: Apache-2.0

/// JSON whose keys stay in the order they were given, for files that people read too.
enum JSONText: Sendable {
  case string(String)
  case number(Int)
  case bool(Bool)
  case array([Self])
  case object([(String, Self)])

  /// Indented by two spaces, without a final line break.
  var pretty: String { render(indent: "") }

  private func render(indent: String) -> String {
    let inner = indent + "  "
    switch self {
    case .string(let text): return Self.quote(text)
    case .number(let number): return String(number)
    case .bool(let flag): return flag ? "true" : "false"
    case .array(let items) where items.allSatisfy(\.isScalar):
      return "[" + items.map { $0.render(indent: "") }.joined(separator: ", ") + "]"
    case .array(let items):
      let lines = items.map { inner + $0.render(indent: inner) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let members):
      guard !members.isEmpty else { return "{}" }
      let lines = members.map { "\(inner)\(Self.quote($0.0)): \($0.1.render(indent: inner))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    }
  }

  private var isScalar: Bool {
    switch self {
    case .string, .number, .bool: true
    case .array, .object: false
    }
  }

  /// A JSON string; YAML reads it as the same text.
  static func quote(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
