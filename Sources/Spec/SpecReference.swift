// SPDX-License-Identifier: Apache-2.0

/// The reference of cluster.yaml for people.
package enum SpecReference {
  /// A page of Markdown with every key, its value, its default and its meaning, and what must hold
  /// between keys.
  package static func markdown() -> String {
    var page = Page()
    page.add(
      """
      <!-- Generated from the spec's model: do not edit. -->
      # cluster.yaml

      A cluster is described by one YAML file. `kubewright init` prints one to begin with, \
      `kubewright validate` names every fault in it at once, and `kubewright schema` prints its JSON \
      Schema, for editors. Unknown keys are errors.
      """
    )
    page.section("The file", path: "", ClusterModel.shapes)
    page.add("## What must hold between keys")
    page.add(Rule.all.map { "- \($0.doc)" }.joined(separator: "\n"))
    return page.text
  }
}

private struct Page {
  private(set) var text = ""

  mutating func add(_ block: String) {
    text += (text.isEmpty ? "" : "\n") + block + "\n"
  }

  /// A table of keys, and after it a section for each mapping among them.
  mutating func section(_ title: String, path: String, _ fields: [FieldShape]) {
    add("## \(title)")
    let rows = fields.map { field in
      "| `\(field.key)` | \(value(of: field.shape, at: path.isEmpty ? field.key : "\(path).\(field.key)")) "
        + "| \(presence(of: field)) | \(field.doc) |"
    }
    add(
      (["| key | value | if left out | meaning |", "|---|---|---|---|"] + rows).joined(
        separator: "\n"
      )
    )
    for field in fields {
      for (shape, name) in choices(in: field.shape, key: field.key) {
        add(
          "`\(name)` is one of:\n"
            + shape.map { "- `\($0.word)`: \($0.doc)" }.joined(separator: "\n")
        )
      }
    }
    for field in fields {
      let inner = path.isEmpty ? field.key : "\(path).\(field.key)"
      switch field.shape {
      case .record(let fields): section("`\(inner)`", path: inner, fields)
      case .list(.record(let fields), _): section("`\(inner)[]`", path: "\(inner)[]", fields)
      default: break
      }
    }
  }

  private func choices(in shape: Shape, key: String) -> [([Choice], String)] {
    switch shape {
    case .choice(let choices) where choices.count > 1: return [(choices, key)]
    case .list(let item, _): return choices(in: item, key: "\(key)[]")
    case .wordOrPair(let words, let pairs):
      let forms = pairs.map { Choice(word: "{\($0.key): …}", doc: $0.doc) }
      return [(words + forms, key)]
    default: return []
    }
  }

  private func value(of shape: Shape, at path: String) -> String {
    switch shape {
    case .text(let format): return "\(format.noun), such as `\(format.example)`"
    case .integer(let range, _): return "a number from \(range.lowerBound) to \(range.upperBound)"
    case .choice(let choices):
      return choices.map { "`\($0.word)`" }.joined(separator: ", ")
    case .list(.record, _): return "a list of [hosts](#\(anchor("\(path)[]")))"
    case .list(let item, let minimum):
      return "a list\(minimum > 0 ? ", not empty," : "") of: \(value(of: item, at: path))"
    case .map(let keys, let values):
      return "a mapping of \(keys.noun) to \(values.noun)"
    case .record: return "[a mapping](#\(anchor(path)))"
    case .wordOrPair(let words, let pairs):
      return (words.map { "`\($0.word)`" } + pairs.map { "`{\($0.key): …}`" })
        .joined(separator: ", ")
    }
  }

  private func presence(of field: FieldShape) -> String {
    switch field.presence {
    case .required: "required"
    case .defaulted(.list([])), .defaulted(.map([])): "none"
    case .defaulted(let value): "`\(value.flow)`"
    case .optional(let absent): absent
    case .group: "its defaults"
    }
  }

  /// The anchor that GitHub makes of a heading.
  private func anchor(_ heading: String) -> String {
    heading.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
  }
}
