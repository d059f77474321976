// SPDX-License-Identifier: Apache-2.0

/// A TOML document whose tables and keys stay in the order they are written, each key with its reason.
///
/// A library's encoder sorts keys and cannot write comments, and a configuration file is read by
/// people; that it is TOML is for a parser to say in tests.
struct TOMLText {
  enum Value {
    case text(String)
    case number(Int)
    case flag(Bool)
    case texts([String])
  }

  struct Entry {
    let key: String
    let value: Value
    /// A sentence.
    let reason: String
  }

  /// Its dotted name, empty for what stands above all tables, and its keys.
  private var tables: [(name: String, entries: [Entry])] = []

  /// Sets a key; tables come in the order in which they are first named.
  mutating func set(_ key: String, in table: String, to value: Value, reason: String) {
    let entry = Entry(key: key, value: value, reason: reason)
    guard let index = tables.firstIndex(where: { $0.name == table }) else {
      tables.append((table, [entry]))
      return
    }
    tables[index].entries.append(entry)
  }

  var text: String {
    "# Written by kubewright.\n"
      + tables.map { table in
        (table.name.isEmpty ? "" : "\n[\(table.name)]\n")
          + table.entries.map {
            (($0.reason.isEmpty ? "" : "# \($0.reason)\n")
              + "\($0.key) = \(Self.text(of: $0.value))\n")
          }.joined()
      }.joined()
  }

  private static func text(of value: Value) -> String {
    switch value {
    case .text(let text): quoted(text)
    case .number(let number): String(number)
    case .flag(let flag): String(flag)
    case .texts(let texts): "[" + texts.map(quoted).joined(separator: ", ") + "]"
    }
  }

  /// A basic string (TOML 1.0).
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..."\u{1f}", "\u{7f}":
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
