// SPDX-License-Identifier: Apache-2.0

/// The JSON Schema of cluster.yaml.
package enum SpecSchema {
  /// A schema of the draft 2020-12, for editors that complete and check.
  ///
  /// What it refuses, the decoder refuses too; the decoder knows more.
  package static func jsonSchema() -> String {
    JSONText.object(
      [
        ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
        ("title", .string("A cluster of Kubewright (\(ClusterModel.apiVersion))")),
      ] + members(of: ClusterModel.shapes)
    ).pretty + "\n"
  }

  private static func schema(_ field: FieldShape) -> JSONText {
    var own: [(String, JSONText)] = [("description", .string(field.doc))]
    if case .defaulted(let value) = field.presence { own.append(("default", json(value))) }
    return .object(own + members(of: field.shape))
  }

  private static func members(of fields: [FieldShape]) -> [(String, JSONText)] {
    [
      ("type", .string("object")),
      ("additionalProperties", .bool(false)),
      ("required", .array(fields.filter(\.isRequired).map { .string($0.key) })),
      ("properties", .object(fields.map { ($0.key, schema($0)) })),
    ]
  }

  private static func members(of shape: Shape) -> [(String, JSONText)] {
    switch shape {
    case .text(let format):
      return members(of: format) + [("examples", .array([.string(format.example)]))]
    case .integer(let range, _):
      return [
        ("type", .string("integer")), ("minimum", .number(range.lowerBound)),
        ("maximum", .number(range.upperBound)),
      ]
    case .choice(let choices):
      return [
        ("enum", .array(choices.map { .string($0.word) })),
        // What editors show beside each word.
        ("markdownEnumDescriptions", .array(choices.map { .string($0.doc) })),
      ]
    case .list(let item, let minimum):
      return [("type", .string("array")), ("items", .object(members(of: item)))]
        + (minimum > 0 ? [("minItems", .number(minimum))] : [])
    case .map(let keys, let values):
      return [
        ("type", .string("object")), ("propertyNames", .object(members(of: keys))),
        ("additionalProperties", .object(members(of: values))),
      ]
    case .record(let fields):
      return members(of: fields)
    case .wordOrPair(let choices, let pairs):
      let forms: [JSONText] =
        [.object(members(of: .choice(choices)))] + pairs.map { .object(members(of: [$0])) }
      return [("oneOf", .array(forms))]
    }
  }

  private static func members(of format: TextFormat) -> [(String, JSONText)] {
    [
      ("type", .string("string")), ("pattern", .string(format.pattern)),
      ("maxLength", .number(format.maximumLength)),
    ]
  }

  private static func json(_ value: YAMLValue) -> JSONText {
    switch value {
    case .text(let text): .string(text)
    case .number(let number): .number(number)
    case .list(let items): .array(items.map(json))
    case .map(let entries): .object(entries.map { ($0.key, json($0.value)) })
    }
  }
}
