// SPDX-License-Identifier: Apache-2.0

package import Values

/// A file that must not be there, such as an example that a package puts where it takes effect.
///
/// What lay there before us is set aside, and put back by `reset`. What is of our own making goes for good:
/// it is no longer wanted once the host is brought up in another way.
package struct Absence: Sendable, Equatable {
  package var path: String
  /// What is said of a file of our own making that goes; nil: whose it is, nobody knows.
  package var ours: String?
  package var reason: String

  package init(path: String, ours: String? = nil, reason: String) {
    self.path = path
    self.ours = ours
    self.reason = reason
  }
}

extension Absence: HostResource {
  package static let kind = "absence"
  package static let functions = [PlacedPath.functions]

  /// A file of ours goes under its own name, as any other that is no longer wanted.
  package var id: ResourceID {
    ResourceID(kind: ours == nil ? Self.kind : File.kind, name: path)
  }
  package var prior: PriorState { .path(path) }
  package var fingerprint: Digest { Digest(of: path) }

  package func observe(as label: String, in program: inout ObservationProgram) {
    program.stat(label, path)
  }

  package func change(from observed: Observation, in context: PlanContext) -> Change? {
    if let ours { return observed.exists ? change(.remove, ours) : nil }
    if observed.exists { return change(.update, "taken away") }
    // A package that an earlier step installs may bring it.
    return context.entry == nil ? change(.create, "kept away") : nil
  }

  package func holds(in look: inout HostLook) -> String {
    let word = Shell.quote(path)
    return "[ ! -e \(word) ] && [ ! -L \(word) ]" + (ours == nil ? " && [ -n \"$known\" ]" : "")
  }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    "rm -f \(Shell.quote(path)) || return 1\n"
  }

  package static func removal(of entry: ManifestEntry) -> String {
    PlacedPath(entry.id.name).removal(entry)
  }
}
