// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// JSON of any shape: API objects are read by path and never trusted to have one.
package enum JSONValue: Sendable, Equatable, Codable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }

  /// Reads JSON text; nil where it is none.
  package static func parse(_ bytes: [UInt8]) -> JSONValue? {
    try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
  }

  package subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { return members[key] }
    return nil
  }

  package subscript(index: Int) -> JSONValue? {
    if case .array(let items) = self, items.indices.contains(index) { return items[index] }
    return nil
  }

  package var string: String? {
    if case .string(let value) = self { return value }
    return nil
  }

  package var integer: Int? {
    if case .number(let value) = self { return Int(exactly: value) }
    return nil
  }

  package var bool: Bool? {
    if case .bool(let value) = self { return value }
    return nil
  }

  package var array: [JSONValue] {
    if case .array(let items) = self { return items }
    return []
  }

  package var object: [String: JSONValue] {
    if case .object(let members) = self { return members }
    return [:]
  }

  /// Whether everything that `wanted` says holds here too.
  ///
  /// Members it does not name are free, arrays are compared whole: a server's defaults and bookkeeping are no difference.
  package func satisfies(_ wanted: JSONValue) -> Bool {
    switch (wanted, self) {
    case (.object(let want), .object(let have)):
      want.allSatisfy { key, value in have[key]?.satisfies(value) ?? false }
    case (.array(let want), .array(let have)):
      want.count == have.count && zip(want, have).allSatisfy { $1.satisfies($0) }
    default: self == wanted
    }
  }
}
