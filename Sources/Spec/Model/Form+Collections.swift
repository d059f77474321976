// SPDX-License-Identifier: Apache-2.0

import Values

extension Form {
  /// A list of at least `minimum` items, of which no two may have the same `identity`.
  static func list<Item: Sendable>(
    of item: Form<Item>,
    minimum: Int = 0,
    identity: (@Sendable (Item) -> String)? = nil
  ) -> Self where Value == [Item] {
    Self(
      shape: .list(item.shape, minimum: minimum),
      read: { node, path, reading in
        guard case .sequence(let nodes) = node.content else {
          reading.reject(path, at: node.position, "must be a list, not \(node.kindName)")
          return nil
        }
        if nodes.count < minimum {
          reading.reject(path, at: node.position, "is empty: at least \(minimum) must be named")
        }
        var items: [Item] = []
        var first: [String: SourcePosition] = [:]
        for (index, node) in nodes.enumerated() {
          reading.note(path[index], at: node.position)
          guard let value = item.read(node, path[index], &reading) else {
            reading.markBroken(path)
            continue
          }
          items.append(value)
          guard let key = identity?(value) else { continue }
          if let earlier = first[key] {
            reading.error(
              path[index],
              "\(Excerpt.quoted(key)) stands here twice, first at \(earlier)"
            )
          } else {
            first[key] = node.position
          }
        }
        return items
      },
      write: { .list($0.map(item.write)) }
    )
  }

  /// A mapping with keys of the user's own.
  static func map(
    keys: Form<String>,
    keyFormat: TextFormat,
    values: Form<String>,
    valueFormat: TextFormat
  ) -> Self where Value == [String: String] {
    Self(
      shape: .map(keys: keyFormat, values: valueFormat),
      read: { node, path, reading in
        guard let entries = reading.entries(of: node, path) else { return nil }
        var result: [String: String] = [:]
        for entry in entries {
          let keyNode = YAMLNode(
            position: entry.keyPosition,
            content: .scalar(YAMLScalar(text: entry.key, isPlain: false))
          )
          let path = path[entry.key]
          reading.note(path, at: entry.keyPosition)
          guard let key = keys.read(keyNode, path, &reading),
            let value = values.read(entry.value, path, &reading)
          else { continue }
          result[key] = value
        }
        return result
      },
      write: { map in
        .map(
          map.sorted { $0.key < $1.key }.map {
            YAMLValue.Entry(key: $0.key, value: .text($0.value))
          }
        )
      }
    )
  }

  /// A mapping with the given keys, read over `start`, which holds the defaults.
  ///
  /// Its read never returns nil, so that the items of a list keep their places.
  static func record(start: Value, _ fields: [Field<Value>]) -> Self {
    Self(
      shape: .record(fields.map { $0.shape(start) }),
      read: { node, path, reading in
        var value = start
        reading.read(node, path, fields, into: &value)
        return value
      },
      write: { value in Field.write(fields, value) }
    )
  }

  /// One of some words, or a mapping with just one of some keys.
  static func wordOrPair(
    _ noun: String,
    words: [(word: String, value: Value, doc: String)],
    pairs: [Pair<Value>]
  ) -> Self where Value: Equatable {
    let choices = words.map { Choice(word: $0.word, doc: $0.doc) }
    let keys = pairs.map(\.key)
    return Self(
      shape: .wordOrPair(choices, pairs.map(\.field)),
      read: { node, path, reading in
        if case .scalar = node.content {
          guard let scalar = reading.scalar(node, path, expected: noun) else { return nil }
          if let match = words.first(where: { $0.word == scalar.text }) { return match.value }
          if let pair = pairs.first(where: { $0.key == scalar.text }) {
            reading.reject(
              path,
              at: node.position,
              "needs a value: {\(pair.key): \(pair.form.shape.example.flow)}"
            )
            return nil
          }
          reading.reject(
            path,
            at: node.position,
            "\(Excerpt.quoted(scalar.text)) is not \(noun)",
            allowed: choices.map(\.word) + keys.map { "{\($0): …}" },
            suggestion: NearestSpelling.of(scalar.text, among: choices.map(\.word))
          )
          return nil
        }
        guard let entries = reading.entries(of: node, path) else { return nil }
        guard let entry = entries.first, entries.count == 1 else {
          reading.reject(
            path,
            at: node.position,
            "must have just one key",
            allowed: keys
          )
          return nil
        }
        guard let pair = pairs.first(where: { $0.key == entry.key }) else {
          reading.unknown(entry, path, among: keys)
          return nil
        }
        reading.note(path[entry.key], at: entry.value.position)
        return pair.form.read(entry.value, path[entry.key], &reading).map(pair.make)
      },
      write: { value in
        for pair in pairs {
          if let text = pair.get(value) {
            return .map([YAMLValue.Entry(key: pair.key, value: pair.form.write(text))])
          }
        }
        return .text(words.first { $0.value == value }?.word ?? "")
      }
    )
  }
}

/// A value written as a mapping with one key.
struct Pair<Value: Sendable>: Sendable {
  let key: String
  let doc: String
  let form: Form<String>
  let make: @Sendable (String) -> Value
  let get: @Sendable (Value) -> String?

  var field: FieldShape {
    FieldShape(key: key, doc: doc, presence: .required, shape: form.shape)
  }
}
