// SPDX-License-Identifier: Apache-2.0

import Facts
import Resources
import Values

/// What keeps the clock right: the host's own service, whichever it is, or chrony where it has none.
///
/// One that runs is left as it is. Nothing is asked for where the clock is another's to keep (a container's,
/// a switch's).
package enum TimeService: Component {
  package static let name = "time-service"

  private static let reason = "Keeps the clock right: certificates and leases go by it."

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    guard !context.isEOS, let unit = unit(context) else { return [] }
    let service = Resource.unit(Unit(name: unit, reason: reason))
    // Wanted whether or not it is there: what one run installed, the next one must not find unwanted.
    return (packages(for: unit, context) + [service]).staged(.prepare)
  }

  private static func packages(for unit: String, _ context: HostContext) -> [Resource] {
    guard isChrony(unit), let manager = context.packageManager else { return [] }
    return [.package(Package(name: "chrony", manager: manager.rawValue, reason: reason))]
  }

  /// The service that is to run; nil for none.
  private static func unit(_ context: HostContext) -> String? {
    let facts = context.facts
    if let found = facts.timeService ?? facts.idleTimeService {
      // Debian calls one unit by both names.
      guard isChrony(found), let manager = context.packageManager else {
        return found.hasSuffix(".service") ? found : nil
      }
      return chrony(manager)
    }
    guard let manager = context.packageManager, facts.hasDefaultRoute else { return nil }
    return chrony(manager)
  }

  private static func isChrony(_ unit: String) -> Bool { unit.hasPrefix("chrony") }

  private static func chrony(_ manager: PackageManager) -> String {
    manager == .apt ? "chrony.service" : "chronyd.service"
  }
}
