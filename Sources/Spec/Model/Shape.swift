// SPDX-License-Identifier: Apache-2.0

/// What may stand in a place of the file, without the types it is read to: what the schema, the
/// reference and the examples are made from.
indirect enum Shape: Sendable {
  case text(TextFormat)
  case integer(ClosedRange<Int>, example: Int)
  case choice([Choice])
  case list(Self, minimum: Int)
  /// Keys of the user's own.
  case map(keys: TextFormat, values: TextFormat)
  case record([FieldShape])
  /// One of some words, or a mapping with one of some keys.
  case wordOrPair([Choice], [FieldShape])
}

/// How a kind of text is written.
struct TextFormat: Sendable {
  /// For a sentence, with its article: `an IPv4 network`.
  let noun: String
  let example: String
  /// A regular expression of JSON Schema's dialect that every right text matches.
  ///
  /// A text that matches may still be wrong: the decoder judges more than an expression can.
  let pattern: String
  let maximumLength: Int

  init(_ noun: String, example: String, pattern: String, maximumLength: Int = 253) {
    self.noun = noun
    self.example = example
    self.pattern = pattern
    self.maximumLength = maximumLength
  }
}

/// A word that may be chosen.
struct Choice: Sendable {
  let word: String
  /// A sentence.
  let doc: String
}

/// A key as readers of the file see it.
struct FieldShape: Sendable {
  enum Presence: Sendable {
    case required
    case defaulted(YAMLValue)
    /// What holds while the key is absent, as a clause.
    case optional(String)
    /// A mapping that may be left out, because all its keys may.
    case group
  }

  let key: String
  /// Sentences.
  let doc: String
  let presence: Presence
  let shape: Shape

  var isRequired: Bool {
    if case .required = presence { return true }
    return false
  }
}

extension Shape {
  /// A right value to show where none is set.
  var example: YAMLValue {
    switch self {
    case .text(let format): .text(format.example)
    case .integer(_, let example): .number(example)
    case .choice(let choices): .text(choices.first?.word ?? "")
    case .list(let item, _): .list([item.example])
    case .map(let keys, let values):
      .map([YAMLValue.Entry(key: keys.example, value: .text(values.example))])
    case .record(let fields):
      .map(
        fields.filter(\.isRequired).map { YAMLValue.Entry(key: $0.key, value: $0.shape.example) }
      )
    case .wordOrPair(let choices, _): .text(choices.first?.word ?? "")
    }
  }
}
