// SPDX-License-Identifier: Apache-2.0

import Values

/// What was put on a host, as the host itself keeps it.
package struct Manifest: Sendable, Equatable {
  /// Empty where the host has no manifest.
  package var cluster: String
  /// In the order in which things were first put there.
  package var entries: [ManifestEntry]

  package init(cluster: String, entries: [ManifestEntry]) {
    self.cluster = cluster
    self.entries = entries
  }

  /// The first line: the format with its version, and whose host it is.
  static func header(cluster: String) -> String { "\(format) \(Token.encode(cluster))" }

  private static let format = "kubewright-manifest 1"

  /// Reads a manifest; empty text is that of a host that has none.
  /// - Throws: `Failure` (`preflight`) for anything that this program did not write.
  package static func parse(_ text: String) throws -> Manifest {
    var lines = text.byteLines
    while lines.last == "" { lines.removeLast() }
    guard let header = lines.first else { return Manifest(cluster: "", entries: []) }
    guard header.hasPrefix(format + " "),
      let cluster = Token.decode(header.dropFirst(format.count + 1)), !cluster.isEmpty
    else {
      throw damaged("its first line is '\(TerminalText.escape(String(header.prefix(80))))'")
    }
    let entries = try lines.dropFirst().enumerated().map { index, line in
      guard let entry = ManifestEntry(line: line) else {
        throw damaged(
          "line \(index + 2) is '\(TerminalText.escape(String(line.prefix(80))))'"
        )
      }
      return entry
    }
    return Manifest(cluster: cluster, entries: entries)
  }

  private static func damaged(_ why: String) -> Failure {
    Failure(
      .preflight,
      "cannot read the host's \(Program.manifestPath)",
      why: why,
      remedy: "it was written by another version or damaged: use the version that wrote it"
    )
  }
}

/// One thing that we put on a host, with what `reset` needs to know of it.
package struct ManifestEntry: Sendable, Equatable {
  package var id: ResourceID
  /// `key=value`.
  ///
  /// Keys that begin with `@` are what the host found out when the thing was first put there.
  package var fields: [String]

  package init(id: ResourceID, fields: [String] = []) {
    self.id = id
    self.fields = fields
  }

  /// nil for a line that is none, or whose path could not be one of ours.
  init?(line: String) {
    guard let first = line.words.first, let id = ResourceID(token: first) else { return nil }
    var fields: [String] = []
    for word in line.words.dropFirst() {
      guard let field = Token.decode(word), field.contains("=") else { return nil }
      fields.append(field)
    }
    self.init(id: id, fields: fields)
    if Self.pathKinds.contains(id.kind) {
      let parts = id.name.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count > 1, parts[0].isEmpty,
        parts.dropFirst().allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
      else { return nil }
    }
  }

  private static let pathKinds: Set = [
    File.kind, Directory.kind, Link.kind, ManagedBlock.kind, Binary.kind,
  ]

  var line: String { ([id.token] + fields.map(Token.encode)).joined(separator: " ") }

  /// What the plan knows, without what the host found out.
  var plannedFields: [String] { fields.filter { !$0.hasPrefix("@") } }

  var foundFields: [String] { fields.filter { $0.hasPrefix("@") } }

  subscript(_ key: String) -> String? { values(key).first }

  func values(_ key: String) -> [String] {
    fields.filter { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
  }
}
