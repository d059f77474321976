// SPDX-License-Identifier: Apache-2.0

/// Writes a spec as a file that explains itself: each key under what it means, and what else may be set
/// as `#key: value`, which is a key once the `#` is gone.
struct ExampleWriter {
  /// Keys that are written though they say only the default: who sets up a cluster must look at them.
  private static let shown: Set<String> = ["podCIDR", "serviceCIDR"]
  private static let width = 96

  private var lines: [String] = []
  private var isExplained: Bool
  /// Keys that are of no use to this cluster, and so not shown.
  private let hidden: Set<SpecPath>

  private init(isExplained: Bool, hidden: Set<SpecPath> = []) {
    self.isExplained = isExplained
    self.hidden = hidden
  }

  /// The file with all its comments.
  static func text(of spec: ClusterSpec, introduction: String) -> String {
    var writer = Self(
      isExplained: true,
      hidden: Set(
        spec.controlPlane.eks == nil
          ? [ControlPlaneRules.eks] : [NetworkRules.endpoint] + ControlPlaneRules.ownKeys
      )
    )
    writer.comment(introduction, indent: "")
    writer.comment(
      "Where no space follows the '#', the line shows what else may be set, with its default or an "
        + "example: remove the '#' to set it. 'kubewright validate' checks this file.",
      indent: ""
    )
    writer.lines.append("")
    return writer.finish(spec)
  }

  /// The shortest file that reads as `spec`.
  static func plainText(of spec: ClusterSpec) -> String {
    var writer = Self(isExplained: false)
    return writer.finish(spec)
  }

  private mutating func finish(_ spec: ClusterSpec) -> String {
    write(ClusterModel.shapes, ClusterModel.form.write(spec), SpecPath(), indent: "")
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func write(
    _ fields: [FieldShape],
    _ value: YAMLValue,
    _ path: SpecPath,
    indent: String
  ) {
    for field in fields where !hidden.contains(path[field.key]) {
      let own = value[field.key]
      if let own, isWorthWriting(field, own) {
        comment(field.doc, indent: indent)
        write(field, own, path[field.key], indent: indent)
      } else if isExplained {
        comment(field.doc, indent: indent)
        lines.append("\(indent)#\(field.key): \(Self.sample(of: field).flow)")
      }
    }
  }

  private mutating func write(
    _ field: FieldShape,
    _ value: YAMLValue,
    _ path: SpecPath,
    indent: String
  ) {
    switch (field.shape, value) {
    case (.record(let fields), _):
      lines.append("\(indent)\(field.key):")
      write(fields, value, path, indent: indent + "  ")
    case (.list(.record(let fields), _), .list(let items)):
      lines.append("\(indent)\(field.key):")
      for (index, item) in items.enumerated() {
        let wasExplained = isExplained
        // Once is enough.
        isExplained = isExplained && index == 0
        let first = lines.count
        write(fields, item, path[index], indent: indent + "    ")
        isExplained = wasExplained
        markItem(from: first, indent: indent + "  ")
      }
    default:
      lines.append("\(indent)\(field.key): \(value.flow)")
    }
  }

  /// Puts a list's dash before the first key, and what stands above that key in line with the dash.
  private mutating func markItem(from first: Int, indent: String) {
    for index in lines.indices[first...] {
      let line = lines[index].dropFirst(indent.count + 2)
      guard line.hasPrefix("#") else {
        lines[index] = "\(indent)- \(line)"
        return
      }
      lines[index] = indent + line
    }
  }

  private mutating func comment(_ text: String, indent: String) {
    guard isExplained else { return }
    var line = indent + "#"
    for word in text.split(separator: " ") {
      if line.count + word.count + 1 > Self.width {
        lines.append(line)
        line = indent + "#"
      }
      line += " " + word
    }
    lines.append(line)
  }

  /// Whether a key says more than its default, or holds one that does.
  private func isWorthWriting(_ field: FieldShape, _ value: YAMLValue) -> Bool {
    switch (field.presence, field.shape) {
    case (.defaulted(let usual), _):
      value != usual || isExplained && Self.shown.contains(field.key)
    case (.group, .record(let fields)):
      fields.contains { field in value[field.key].map { isWorthWriting(field, $0) } ?? false }
    default: true
    }
  }

  /// What to show of a key that is not set: its default, or an example where there is none.
  private static func sample(of field: FieldShape) -> YAMLValue {
    switch (field.presence, field.shape) {
    case (.defaulted(.list([])), _), (.defaulted(.map([])), _): return field.shape.example
    case (.defaulted(let usual), _): return usual
    case (.group, .record(let fields)):
      let usual = fields.filter { if case .optional = $0.presence { false } else { true } }
      return .map(
        (usual.isEmpty ? fields : usual).map {
          YAMLValue.Entry(key: $0.key, value: sample(of: $0))
        }
      )
    default: return field.shape.example
    }
  }
}
