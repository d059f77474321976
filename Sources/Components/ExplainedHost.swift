// SPDX-License-Identifier: Apache-2.0

import Catalog
import Resources
import Values

/// One host's things, to be asked for.
struct ExplainedHost {
  let context: HostContext
  let resources: [StagedResource]

  // MARK: Paths

  func path(_ path: String) -> [String] {
    let named = resources.filter { $0.resource.id.name == path }
    guard let first = named.first else { return folder(of: path) }
    var lines = named.flatMap { describe($0.resource, stage: $0.stage) }
    if case .link(let link) = first.resource {
      lines += resources.filter { $0.resource.id.name == link.target }
        .flatMap { describe($0.resource, stage: $0.stage) }
    }
    return lines
  }

  /// What `plan` calls so, with its kind before it or without; nil where nothing is called so.
  func named(_ name: String) -> [String]? {
    let found = resources.filter {
      [$0.resource.id.description, $0.resource.id.name].contains(name)
    }
    return found.isEmpty ? nil : found.flatMap { describe($0.resource, stage: $0.stage) }
  }

  /// What is inside of a folder of ours and not listed itself.
  private func folder(of path: String) -> [String] {
    let folders = resources.filter { item in
      guard case .directory(let directory) = item.resource else { return false }
      return path.hasPrefix(directory.path + "/")
    }
    guard let nearest = folders.max(by: { $0.resource.id.name.count < $1.resource.id.name.count })
    else { return [] }
    return ["\(path) is not ours itself; it lies in a folder that is:"]
      + describe(nearest.resource, stage: nearest.stage)
  }

  private func describe(_ resource: Resource, stage: Stage) -> [String] {
    var lines = ["\(resource.id.name) (\(Self.form(of: resource)), stage \(stage.rawValue))"]
    lines.append("  \(resource.reason)")
    if let key = SpecKeys.key(of: resource) { lines.append("  set by: \(key)") }
    let readers = resources.compactMap { item -> String? in
      guard case .unit(let unit) = item.resource, unit.dependsOn.contains(resource.id) else {
        return nil
      }
      return unit.name
    }
    if !readers.isEmpty {
      lines.append("  read by: \(readers.joined(separator: ", ")), restarted when it changes")
    }
    if case .file(let file) = resource, case .open(let bytes) = file.content {
      lines += contents(of: file.path, String(decoding: bytes, as: UTF8.self))
    }
    return lines
  }

  private static func form(of resource: Resource) -> String {
    switch resource {
    case .file(let file): "file, \(file.mode) \(file.owner):\(file.group)"
    case .directory(let folder): "folder, \(folder.mode) \(folder.owner):\(folder.group)"
    case .link(let link): "link to \(link.target)"
    case .binary(let binary): "program, sha256 \(binary.digest.short)"
    default: resource.id.kind
    }
  }

  /// A line for each flag or field of a file that has them.
  private func contents(of path: String, _ text: String) -> [String] {
    if let program = Self.programs.first(where: { path.hasSuffix("/\($0).service") }) {
      return Self.arguments(in: text).map { flag, value in
        let reason = FlagReasons.reason(for: flag, of: program)
        return "  --\(flag)=\(value)" + Self.inOneLine(reason)
      }
    }
    guard let (kind, _) = Self.configurations.first(where: { path.hasSuffix($0.path) }) else {
      return []
    }
    return Self.fields(in: text).filter { !$0.name.contains(".") }.map {
      "  \($0.name)" + Self.inOneLine(FieldReasons.reason(for: $0.name, of: kind))
    }
  }

  private static func inOneLine(_ reason: FlagReason?) -> String {
    guard let reason else { return "" }
    return "  # \(reason.why)" + (reason.specKey.map { " [\($0)]" } ?? "")
  }

  // MARK: Flags and fields

  private static let programs = ["etcd"] + ServerProgram.allCases.map(\.rawValue)

  private static let configurations: [(kind: ConfigKind, path: String)] = [
    (.kubelet, Layout.kubeletConfig), (.kubeProxy, Layout.proxyConfig),
  ]

  func flag(_ name: String, of asked: String?) -> [String] {
    Self.programs.filter { asked == nil || asked == $0 }.flatMap { program -> [String] in
      guard let unit = text("/\(program).service") else { return [] }
      let server = ServerProgram(rawValue: program)
      let record = server.flatMap { Catalog.standard.record(flag: name, of: $0) }
      if let given = Self.arguments(in: unit).first(where: { $0.flag == name }) {
        return ["\(program) --\(name)=\(given.value)"]
          + Explain.lines(FlagReasons.reason(for: name, of: program), record)
      }
      guard let server, let record else { return [] }
      if let field = FieldReasons.fieldOfFlag[server]?[name] {
        let shown = self.field(field)
        if !shown.isEmpty {
          return ["\(program) --\(name) is not given: its configuration file says it"] + shown
        }
      }
      return [
        "\(program) --\(name) is not given: its default holds",
        "  version: \(Explain.history(record))",
      ]
    }
  }

  func field(_ name: String) -> [String] {
    Self.configurations.flatMap { kind, path -> [String] in
      guard let text = text(path),
        let field = Self.fields(in: text).first(where: { $0.name == name })
      else { return [] }
      return ["\(path): \(name)" + (field.value.isEmpty ? "" : ": \(field.value)")]
        + Explain.lines(
          FieldReasons.reason(for: name, of: kind),
          Catalog.standard.record(field: name, of: kind)
        )
    }
  }

  /// The text of the file whose path ends so.
  private func text(_ end: String) -> String? {
    for case .file(let file) in resources.map(\.resource) where file.path.hasSuffix(end) {
      if case .open(let bytes) = file.content { return String(decoding: bytes, as: UTF8.self) }
    }
    return nil
  }

  /// The flags of a unit file as `UnitFile` writes them: one a line.
  private static func arguments(in unit: String) -> [(flag: String, value: String)] {
    unit.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("  --") else { return nil }
      let word = line.dropFirst(4).prefix { $0 != " " }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "true")
    }
  }

  /// The fields of a document as `Document` writes it, with a dot for each level.
  private static func fields(in yaml: String) -> [(name: String, value: String)] {
    var path: [(indent: Int, key: String)] = []
    return yaml.split(separator: "\n").compactMap { line in
      let indent = line.prefix { $0 == " " }.count
      let rest = line.dropFirst(indent)
      guard !rest.hasPrefix("- "), let colon = rest.firstIndex(of: ":") else { return nil }
      path.removeAll { $0.indent >= indent }
      path.append((indent, String(rest[..<colon])))
      let value = rest[rest.index(after: colon)...].drop { $0 == " " }
      return (path.map(\.key).joined(separator: "."), String(value))
    }
  }
}
