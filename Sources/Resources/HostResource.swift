// SPDX-License-Identifier: Apache-2.0

package import Values

/// What every kind of resource can say of itself.
///
/// All of it is pure: shell text and comparisons, no effects.
package protocol HostResource: Sendable {
  /// The first half of its ids.
  static var kind: String { get }
  /// Shell functions that `converge` and `removal` call.
  static var functions: [String] { get }
  /// Its name on the host; two resources of one host never share it.
  var id: ResourceID { get }
  /// Why it is there, for `plan` and `explain`.
  var reason: String { get }
  /// Digest over everything that a unit depending on this resource would have to be restarted for.
  var fingerprint: Digest { get }
  /// Adds what must be looked at to `program`; records that come back carry `label`.
  func observe(as label: String, in program: inout ObservationProgram)
  /// Compares with what was observed. nil: nothing to do.
  func change(from observed: Observation, in context: PlanContext) -> Change?
  /// A condition for the host's shell: nothing is to be done, as `change(from:in:)` would say it.
  ///
  /// For programs that a host runs without anybody who compares. `$known` is not empty where the host's
  /// manifest lists the resource.
  func holds(in look: inout HostLook) -> String
  /// Shell statements that bring it about, atomically and idempotently, and `return 1` with a message on
  /// standard error when they cannot.
  func converge(_ change: Change, in context: ApplyContext) -> String
  /// What `reset` needs to know beside the id, as `key=value`, without secrets.
  var manifestFields: [String] { get }
  /// What the host finds out of itself when the resource is first listed, so that `reset` can put it back.
  var prior: PriorState { get }
  /// Shell statements that take away what `converge` made; they succeed where it is gone already.
  static func removal(of entry: ManifestEntry) -> String
}

extension HostResource {
  package static var functions: [String] { [] }
  package var manifestFields: [String] { [] }
  package var prior: PriorState { .nothing }

  /// The change of this resource by `action`.
  func change(_ action: Change.Action, _ summary: String, diff: String? = nil) -> Change {
    Change(id: id, action: action, summary: summary, diff: diff, reason: reason)
  }
}

/// What is kept of the time before us when a resource is first put on a host.
package enum PriorState: Sendable, Equatable {
  case nothing
  /// What lies at a path is set aside.
  case path(String)
  /// Whether a folder was there, and whether it held something.
  case directory(String)
  /// The value of a kernel setting, by its file, and the folders of what keeps it.
  case setting(String, dropIn: String)
  /// Whether a unit was enabled, and active.
  case unit(String)
  /// Whether a unit was masked.
  case mask(String)
}

/// What a comparison may look at beside its own observation.
package struct PlanContext: Sendable {
  /// What the plan changes so far: resources that come earlier.
  var changed: Set<ResourceID>
  /// Fingerprints of all that the host should hold.
  var fingerprints: [ResourceID: Digest]
  /// Its line in the host's manifest.
  var entry: ManifestEntry?
}

/// What a step may look at beside its own resource.
package struct ApplyContext: Sendable {
  /// All packages that the program installs, by batch; nil where the host finds out which are missing.
  var packages: [String: [String]]?
  /// How many of the program's binaries have a digest: the last one takes the cached file itself.
  var digestUses: [Digest: Int]
  /// Fingerprints of all that the host should hold.
  var fingerprints: [ResourceID: Digest]
}
