// SPDX-License-Identifier: Apache-2.0

import Values

/// One key of a mapping: its name, what it means, where its value goes, and how that is written.
///
/// The decoder, the JSON Schema, the reference and the examples all come from values of this type;
/// defaults are those of the spec's own types.
struct Field<Root: Sendable>: Sendable {
  let key: String
  let isRequired: Bool
  let shape: @Sendable (_ start: Root) -> FieldShape
  let read: @Sendable (YAMLNode, SpecPath, inout Root, inout Reading) -> Void
  /// nil where the value is absent.
  let write: @Sendable (Root) -> YAMLValue?

  /// A key that every file needs.
  static func required<Value: Sendable>(
    _ key: String,
    _ target: any WritableKeyPath<Root, Value> & Sendable,
    _ form: Form<Value>,
    _ doc: String
  ) -> Self {
    Self(
      key: key,
      isRequired: true,
      shape: { _ in FieldShape(key: key, doc: doc, presence: .required, shape: form.shape) },
      read: { node, path, root, reading in
        if let value = form.read(node, path, &reading) { root[keyPath: target] = value }
      },
      write: { form.write($0[keyPath: target]) }
    )
  }

  /// A key whose value is that of the start while it is left out.
  static func defaulted<Value: Sendable>(
    _ key: String,
    _ target: any WritableKeyPath<Root, Value> & Sendable,
    _ form: Form<Value>,
    _ doc: String
  ) -> Self {
    let required = required(key, target, form, doc)
    return Self(
      key: key,
      isRequired: false,
      shape: { start in
        FieldShape(
          key: key,
          doc: doc,
          presence: .defaulted(form.write(start[keyPath: target])),
          shape: form.shape
        )
      },
      read: required.read,
      write: required.write
    )
  }

  /// A key that may be left out, with what holds then.
  static func optional<Value: Sendable>(
    _ key: String,
    _ target: any WritableKeyPath<Root, Value?> & Sendable,
    _ form: Form<Value>,
    absent: String,
    _ doc: String
  ) -> Self {
    Self(
      key: key,
      isRequired: false,
      shape: { _ in
        FieldShape(key: key, doc: doc, presence: .optional(absent), shape: form.shape)
      },
      read: { node, path, root, reading in
        if let value = form.read(node, path, &reading) { root[keyPath: target] = value }
      },
      write: { $0[keyPath: target].map(form.write) }
    )
  }

  /// A key that a file needs in some cases only; which, a rule says.
  ///
  /// `isAbsent` tells the value that stands for none.
  static func conditional<Value: Sendable>(
    _ key: String,
    _ target: any WritableKeyPath<Root, Value> & Sendable,
    _ form: Form<Value>,
    isAbsent: @escaping @Sendable (Value) -> Bool,
    absent: String,
    _ doc: String
  ) -> Self {
    Self(
      key: key,
      isRequired: false,
      shape: { _ in
        FieldShape(key: key, doc: doc, presence: .optional(absent), shape: form.shape)
      },
      read: required(key, target, form, doc).read,
      write: { isAbsent($0[keyPath: target]) ? nil : form.write($0[keyPath: target]) }
    )
  }

  /// A key that says the same in every file.
  static func constant(_ key: String, _ word: String, _ doc: String) -> Self {
    let choices = [Choice(word: word, doc: doc)]
    return Self(
      key: key,
      isRequired: true,
      shape: { _ in
        FieldShape(key: key, doc: doc, presence: .required, shape: .choice(choices))
      },
      read: { node, path, _, reading in
        guard let scalar = reading.scalar(node, path, expected: word), scalar.text != word else {
          return
        }
        reading.reject(
          path,
          at: node.position,
          "must be \(word), not \(Excerpt.quoted(scalar.text))"
        )
      },
      write: { _ in .text(word) }
    )
  }

  /// A mapping that only groups keys.
  static func group(
    _ key: String,
    isRequired: Bool = false,
    _ doc: String,
    _ fields: [Self]
  ) -> Self {
    let isRequired = isRequired || fields.contains(where: \.isRequired)
    return Self(
      key: key,
      isRequired: isRequired,
      shape: { start in
        FieldShape(
          key: key,
          doc: doc,
          presence: isRequired ? .required : .group,
          shape: .record(fields.map { $0.shape(start) })
        )
      },
      read: { node, path, root, reading in reading.read(node, path, fields, into: &root) },
      write: { write(fields, $0) }
    )
  }

  static func write(_ fields: [Self], _ root: Root) -> YAMLValue {
    .map(
      fields.compactMap { field in
        field.write(root).map { YAMLValue.Entry(key: field.key, value: $0) }
      }
    )
  }
}

extension Reading {
  /// Reads the keys of a mapping into `root`; faults of one key do not hide those of another.
  mutating func read<Root>(
    _ node: YAMLNode,
    _ path: SpecPath,
    _ fields: [Field<Root>],
    into root: inout Root
  ) {
    guard let entries = entries(of: node, path) else { return }
    var missing = Set(fields.filter(\.isRequired).map(\.key))
    for entry in entries {
      guard let field = fields.first(where: { $0.key == entry.key }) else {
        // A misspelt key is not missed as well.
        if let meant = unknown(entry, path, among: fields.map(\.key)),
          missing.remove(meant) != nil || !isWritten(path[meant])
        {
          note(path[meant], at: entry.value.position)
          markBroken(path[meant])
        }
        continue
      }
      missing.remove(entry.key)
      note(path[entry.key], at: entry.value.position)
      field.read(entry.value, path[entry.key], &root, &self)
    }
    for field in fields where missing.contains(field.key) {
      reject(path[field.key], at: node.position, field.shape(root).shape.missing)
    }
  }

  /// The entries of a mapping, each key once; nil, and a fault, for anything else.
  mutating func entries(of node: YAMLNode, _ path: SpecPath) -> [YAMLEntry]? {
    guard case .mapping(let entries) = node.content else {
      reject(
        path,
        at: node.position,
        node.isNull
          ? "is empty: give its keys below it, indented, or remove it"
          : "must be a mapping of keys to values, not \(node.kindName)"
      )
      return nil
    }
    var first: [String: SourcePosition] = [:]
    return entries.filter { entry in
      if let earlier = first[entry.key] {
        error(path[entry.key], at: entry.keyPosition, "is given twice, first at \(earlier)")
        return false
      }
      first[entry.key] = entry.keyPosition
      return true
    }
  }

  /// Names a key that has no meaning where it stands.
  /// - Returns: the key that was probably meant.
  @discardableResult
  mutating func unknown(_ entry: YAMLEntry, _ path: SpecPath, among keys: [String]) -> String? {
    let near = NearestSpelling.of(entry.key, among: keys)
    let home = near == nil ? ClusterModel.home(of: entry.key) : nil
    error(
      path[entry.key],
      at: entry.keyPosition,
      home.map { "is unknown here: it belongs into \($0)" } ?? "is unknown",
      allowed: keys,
      suggestion: near
    )
    return near
  }
}

extension Shape {
  /// What is said of a key that had to be there.
  var missing: String {
    switch self {
    case .text(let format): "is missing: it is \(format.noun), such as \(format.example)"
    case .choice(let choices) where choices.count == 1: "is missing: it is \(choices[0].word)"
    default: "is missing"
    }
  }
}
