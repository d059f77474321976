// SPDX-License-Identifier: Apache-2.0

import Catalog
import Resources
import Spec
import Values

/// Says why something is on a host: what it is for, since which version there is such a thing, and which
/// key of the spec decides it.
package enum Explain {
  /// The answer for a path, a thing as `plan` names it (`sysctl:vm.overcommit_memory`, `kubelet.service`), a flag (`--audit-log-maxage`, or with its program before it), or a field of a
  /// configuration file (`conntrack.maxPerCore`), as lines to print.
  /// - Throws: `Failure` (`invalidInput`) where the host has nothing of that name, and whatever keeps its
  ///   desired state from being known.
  package static func answer(for subject: String, context: HostContext) throws -> [String] {
    let host = ExplainedHost(
      context: context,
      resources: try DesiredState.resources(for: context)
    )
    var lines: [String] = []
    if subject.hasPrefix("/") {
      lines = host.path(subject)
    } else if let named = host.named(subject) {
      lines = named
    } else {
      let words = subject.split(separator: " ").map(String.init)
      let program = words.count > 1 ? words.first : nil
      let name = (words.last ?? "").drop { $0 == "-" }
      lines = host.flag(String(name), of: program)
      if lines.isEmpty { lines = host.field(String(name)) }
    }
    if ["conntrack", "hashsize"].contains(where: subject.contains), context.isWorker {
      lines += (lines.isEmpty ? [] : [""]) + ConntrackStory.lines(context)
    }
    if FilterStory.subjects.contains(where: subject.contains) {
      lines += (lines.isEmpty ? [] : [""]) + FilterStory.lines(context)
    }
    guard !lines.isEmpty else {
      throw Failure(
        .invalidInput,
        host: context.host.name,
        "nothing there is called '\(subject)'",
        remedy:
          "give a path that `kubewright render` shows, a thing as `kubewright plan` names it, a flag of a "
          + "program that runs there, or a field of its configuration file"
      )
    }
    return lines
  }

  /// `since 1.19, deprecated in 1.21, up to 1.23 (source)`.
  static func history(_ record: FlagRecord) -> String {
    var parts = [record.first.map { "since \($0)" } ?? "in every version from 1.11 on"]
    if let deprecated = record.deprecated { parts.append("deprecated in \(deprecated)") }
    if let last = record.last { parts.append("up to \(last)") }
    return "\(parts.joined(separator: ", ")) (\(record.source))"
  }

  static func lines(_ reason: FlagReason?, _ record: FlagRecord?) -> [String] {
    var lines: [String] = []
    if let reason { lines.append("  \(reason.why)") }
    if let record { lines.append("  version: \(history(record))") }
    if let cis = reason?.cis { lines.append("  CIS: \(cis)") }
    if let key = reason?.specKey { lines.append("  set by: \(key)") }
    return lines
  }
}
