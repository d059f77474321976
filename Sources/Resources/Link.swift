// SPDX-License-Identifier: Apache-2.0

package import Values

/// A symbolic link.
package struct Link: Sendable, Equatable {
  package var path: String
  package var target: String
  package var reason: String

  package init(path: String, target: String, reason: String) {
    self.path = path
    self.target = target
    self.reason = reason
  }
}

extension Link: HostResource {
  package static let kind = "link"
  package static let functions = [PlacedPath.functions]

  package var id: ResourceID { ResourceID(kind: Self.kind, name: path) }
  package var prior: PriorState { .path(path) }
  package var fingerprint: Digest { Digest(of: "\(path)\0\(target)") }

  package func observe(as label: String, in program: inout ObservationProgram) {
    program.stat(label, path)
    program.add([label, path], to: "link_targets", definedBy: Self.observing)
  }

  package func change(from observed: Observation, in context: PlanContext) -> Change? {
    guard observed.exists else { return change(.create, "-> \(target)") }
    var differences = Differences()
    if differences.compareType(observed, "link") {
      differences.compare("target", observed["target"], target)
    }
    return differences.isEmpty ? nil : change(.update, differences.summary)
  }

  package func holds(in look: inout HostLook) -> String {
    let line = "target x \(Hex.encode(target.utf8))"
    return look.says(line, "link_targets", [path], definedBy: Self.observing)
  }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    PlacedPath(path).link(to: target)
  }

  package static func removal(of entry: ManifestEntry) -> String {
    PlacedPath(entry.id.name).removal(entry)
  }

  private static let observing = """
    link_targets() {
      while [ $# -gt 0 ]; do
        [ ! -L "$2" ] || printf 'target %s %s\\n' "$1" "$(readlink -n "$2" | hex)"
        shift 2
      done
    }
    """
}
