// SPDX-License-Identifier: Apache-2.0

import Values

extension Program {
  /// What has to be done to a host: removals first, of files that must go, and of what it lists and should no
  /// longer hold, the latest first; then the rest in the order of `desired`.
  package static func changes(
    desired: [Resource],
    observed: [ResourceID: Observation],
    manifest: [ManifestEntry]
  ) -> [Change] {
    let wanted = Set(desired.map(\.id))
    var listed: [ResourceID: ManifestEntry] = [:]
    for entry in manifest { listed[entry.id] = entry }
    let removals = manifest.reversed().filter {
      !wanted.contains($0.id) && $0.id != StateHome.linkID
    }.map { entry in
      Change(
        id: entry.id,
        action: .remove,
        summary: "no longer wanted",
        reason: "the host lists it and the spec no longer asks for it"
      )
    }
    var context = PlanContext(changed: [], fingerprints: fingerprints(of: desired))
    var changes: [Change] = []
    for resource in desired {
      context.entry = listed[resource.id]
      let found = observed[resource.id] ?? Observation(exists: false)
      let change =
        resource.body.change(from: found, in: context)
        ?? recorded(resource.body, as: context.entry)
      guard let change else { continue }
      context.changed.insert(change.id)
      changes.append(change)
    }
    // What must go may be a program that would undo the rest.
    return changes.filter { $0.action == .remove } + removals
      + changes.filter { $0.action != .remove }
  }

  static func fingerprints(of desired: [Resource]) -> [ResourceID: Digest] {
    var fingerprints: [ResourceID: Digest] = [:]
    for resource in desired { fingerprints[resource.id] = resource.body.fingerprint }
    return fingerprints
  }

  /// The change of a listed thing that is as it should be, where what reset must know of it is new.
  private static func recorded(_ resource: any HostResource, as entry: ManifestEntry?) -> Change? {
    guard let entry, entry.plannedFields != resource.manifestFields else { return nil }
    return resource.change(.update, "recorded for reset")
  }
}
