// SPDX-License-Identifier: Apache-2.0

import Values

/// How values of one type stand in the file: what may be written, how that is read, and how a value is
/// written back.
struct Form<Value: Sendable>: Sendable {
  let shape: Shape
  /// Reads a node; nil after a fault was noted.
  let read: @Sendable (YAMLNode, SpecPath, inout Reading) -> Value?
  let write: @Sendable (Value) -> YAMLValue

  /// The same text for another type.
  func converted<Other: Sendable>(
    to: @escaping @Sendable (Value) -> Other,
    from: @escaping @Sendable (Other) -> Value
  ) -> Form<Other> {
    Form<Other>(
      shape: shape,
      read: { node, path, reading in read(node, path, &reading).map(to) },
      write: { write(from($0)) }
    )
  }
}

/// Why a text is not what its place asks for, where more can be said than that.
struct Misfit: Error {
  let message: String
  let allowed: [String]
  let suggestion: String?

  init(_ message: String, allowed: [String] = [], suggestion: String? = nil) {
    self.message = message
    self.allowed = allowed
    self.suggestion = suggestion
  }
}

extension Form {
  /// A text that `parse` understands; nil from it means just that the text is not of the format.
  static func text(
    _ format: TextFormat,
    parse: @escaping @Sendable (String) throws(Misfit) -> Value?,
    write: @escaping @Sendable (Value) -> String
  ) -> Self {
    Self(
      shape: .text(format),
      read: { node, path, reading in
        guard let scalar = reading.scalar(node, path, expected: format.noun) else { return nil }
        do throws(Misfit) {
          guard scalar.text.utf8.count <= format.maximumLength else {
            throw Misfit("is longer than \(format.maximumLength) characters")
          }
          guard let value = try parse(scalar.text) else {
            throw Misfit(
              "\(Excerpt.quoted(scalar.text)) is not \(format.noun), such as \(format.example)"
            )
          }
          guard scalar.kind == .text else {
            throw Misfit(
              "must be text, and YAML takes \(scalar.text) for \(scalar.kind.rawValue): "
                + "write \"\(scalar.text)\""
            )
          }
          return value
        } catch {
          reading.reject(
            path,
            at: node.position,
            error.message,
            allowed: error.allowed,
            suggestion: error.suggestion
          )
          return nil
        }
      },
      write: { .text(write($0)) }
    )
  }

  /// One of the cases of a type, by its raw value.
  static func choice(
    of noun: String,
    doc: @escaping @Sendable (Value) -> String
  ) -> Self where Value: CaseIterable & RawRepresentable<String> {
    let choices = Value.allCases.map { Choice(word: $0.rawValue, doc: doc($0)) }
    return Self(
      shape: .choice(choices),
      read: { node, path, reading in
        guard let scalar = reading.scalar(node, path, expected: noun) else { return nil }
        if let value = Value(rawValue: scalar.text) { return value }
        reading.reject(path, at: node.position, word: scalar.text, noun: noun, choices)
        return nil
      },
      write: { .text($0.rawValue) }
    )
  }
}

extension Form where Value == Int {
  /// A whole number, in decimal.
  static func integer(_ range: ClosedRange<Int>, example: Int? = nil) -> Self {
    let noun = "a number from \(range.lowerBound) to \(range.upperBound)"
    return Self(
      shape: .integer(range, example: example ?? range.lowerBound),
      read: { node, path, reading in
        guard let scalar = reading.scalar(node, path, expected: noun) else { return nil }
        let digits = scalar.text.hasPrefix("-") ? scalar.text.dropFirst() : scalar.text[...]
        guard digits.utf8.allSatisfy(\.isDigit), digits == "0" || !digits.hasPrefix("0"),
          let value = Int(scalar.text), range.contains(value)
        else {
          reading.reject(
            path,
            at: node.position,
            "\(Excerpt.quoted(scalar.text)) is not \(noun)"
          )
          return nil
        }
        guard scalar.isPlain else {
          reading.reject(path, at: node.position, "must be a number, not text: remove the quotes")
          return nil
        }
        return value
      },
      write: { .number($0) }
    )
  }
}

extension Reading {
  /// The single value of a node; nil, and a fault, for anything else or nothing.
  mutating func scalar(_ node: YAMLNode, _ path: SpecPath, expected noun: String) -> YAMLScalar? {
    guard case .scalar(let scalar) = node.content else {
      reject(path, at: node.position, "must be \(noun), not \(node.kindName)")
      return nil
    }
    guard !node.isNull else {
      reject(path, at: node.position, "is empty: give \(noun), or remove the key")
      return nil
    }
    return scalar
  }

  /// A word is none of those that may be chosen.
  mutating func reject(
    _ path: SpecPath,
    at position: SourcePosition,
    word: String,
    noun: String,
    _ choices: [Choice]
  ) {
    let words = choices.map(\.word)
    reject(
      path,
      at: position,
      "\(Excerpt.quoted(word)) is not \(noun)",
      allowed: words,
      suggestion: NearestSpelling.of(word, among: words)
    )
  }
}
