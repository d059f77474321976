// SPDX-License-Identifier: Apache-2.0

package import Values

/// A regular file with exact bytes, mode and owner, replaced atomically.
package struct File: Sendable, Equatable {
  package enum Content: Sendable, Equatable {
    /// Anyone who may read the plan may read it.
    case open([UInt8])
    /// Keys and the like: shown as a fingerprint, never as text.
    case secret(Sensitive)
  }
  package var path: String
  package var content: Content
  package var mode: FileMode
  package var owner: String
  package var group: String
  package var reason: String

  package init(
    path: String,
    content: Content,
    mode: FileMode = 0o644,
    owner: String = "root",
    group: String = "root",
    reason: String
  ) {
    self.path = path
    self.content = content
    self.mode = mode
    self.owner = owner
    self.group = group
    self.reason = reason
  }

  /// A text file that holds no secret.
  package init(
    path: String,
    text: String,
    mode: FileMode = 0o644,
    owner: String = "root",
    group: String = "root",
    reason: String
  ) {
    self.init(
      path: path,
      content: .open(Array(text.utf8)),
      mode: mode,
      owner: owner,
      group: group,
      reason: reason
    )
  }

  package var bytes: [UInt8] {
    switch content {
    case .open(let bytes): bytes
    case .secret(let secret): secret.reveal()
    }
  }
}

extension File: HostResource {
  package static let kind = "file"
  package static let functions = [PlacedPath.functions]

  package var id: ResourceID { ResourceID(kind: Self.kind, name: path) }
  package var prior: PriorState { .path(path) }

  package var fingerprint: Digest {
    Digest(of: "\(path)\0\(mode)\0\(owner):\(group)\0\(Digest(of: bytes))")
  }

  package func observe(as label: String, in program: inout ObservationProgram) {
    program.stat(label, path)
    switch content {
    case .open(let bytes): program.digest(label, path, showingUnless: Digest(of: bytes))
    case .secret: program.digest(label, path, showingUnless: nil)
    }
  }

  package func change(from observed: Observation, in context: PlanContext) -> Change? {
    let kind = if case .secret = content { "secret, " } else { "" }
    guard observed.exists else {
      return change(
        .create,
        "\(kind)\(bytes.count) bytes, mode \(mode), \(owner):\(group)",
        diff: diff(from: nil)
      )
    }
    var differences = Differences()
    var diff: String?
    if differences.compareType(observed, "file") {
      let digest = Digest(of: bytes)
      if observed["sha256"] != digest.hex {
        let found = observed["sha256"].flatMap { Digest(hex: $0)?.short } ?? "none"
        differences.add("content sha256:\(found) -> sha256:\(digest.short)")
        diff = observed.content.flatMap { self.diff(from: $0) }
      }
      differences.compare(observed, mode: mode, owner: owner, group: group)
    }
    return differences.isEmpty ? nil : change(.update, differences.summary, diff: diff)
  }

  private func diff(from old: [UInt8]?) -> String? {
    guard case .open(let bytes) = content else { return nil }
    return UnifiedDiff.text(old: old, new: bytes, path: path)
  }

  package func holds(in look: inout HostLook) -> String {
    let digest = "digest content_\(look.numbers[id] ?? 0)"
    return look.owned(path, mode, owner, group) + " && \(digest) && "
      + look.isFile(path, "\"$sum\"")
  }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    PlacedPath(path).write(bytes, mode: mode, owner: owner, group: group)
  }

  package static func removal(of entry: ManifestEntry) -> String {
    PlacedPath(entry.id.name).removal(entry)
  }
}
