// SPDX-License-Identifier: Apache-2.0

import Components
import Resources
import Values

/// The plan as a person reads it before saying yes.
package enum PlanText {
  ///
  /// With `diffs` the contents' differences are shown too, with `reasons` why each thing is there.
  package static func render(_ plan: ClusterPlan, diffs: Bool, reasons: Bool = false) -> String {
    guard !plan.isEmpty else {
      return "No changes: \(plan.cluster) (\(plan.version)) is as the spec says.\n"
    }
    var lines = ["Plan for \(plan.cluster) (\(plan.version))", ""]
    if !plan.credentials.isEmpty {
      lines.append("Credentials (made on this side, kept in the state folder)")
      lines += plan.credentials.map { "  + \($0)" }
      lines.append("")
    }
    for (index, stage) in plan.stages.enumerated() {
      lines += render(stage, number: index + 1, diffs: diffs, reasons: reasons)
    }
    lines.append(summary(plan))
    return lines.joined(separator: "\n") + "\n"
  }

  /// `3 hosts: 210 to create, 2 to change, 9 units to start; 1 object`.
  package static func summary(_ plan: ClusterPlan) -> String {
    let changes = plan.stages.flatMap(\.hosts).flatMap(\.changes)
    let hosts = Set(plan.stages.flatMap(\.hosts).map(\.host)).count
    func count(_ actions: Change.Action...) -> Int {
      changes.filter { actions.contains($0.action) }.count
    }
    func noun(_ count: Int, _ one: String, _ rest: String = "") -> String {
      "\(count) \(one)\(count == 1 ? "" : "s")\(rest)"
    }
    let objects = plan.stages.reduce(0) { $0 + $1.objects.count }
    let parts = [
      (count(.create), "\(count(.create)) to create"),
      (count(.update), "\(count(.update)) to change"),
      (count(.remove), "\(count(.remove)) to remove"),
      (count(.start), noun(count(.start), "unit", " to start")),
      (count(.restart, .reload), noun(count(.restart, .reload), "unit", " to restart")),
      (objects, noun(objects, "API object")),
    ].filter { $0.0 > 0 }.map(\.1)
    guard !parts.isEmpty else { return "no host is changed" }
    return "\(noun(hosts, "host")): \(parts.joined(separator: ", "))"
  }

  private static func render(
    _ stage: PlannedStage,
    number: Int,
    diffs: Bool,
    reasons: Bool
  ) -> [String] {
    var lines = ["Stage \(number): \(title(stage.stage))"]
    // Members leave before a host is touched; objects of other stages need the hosts first.
    if stage.stage == .etcd { lines += objects(of: stage, reasons: reasons) }
    for (index, batch) in stage.batches.enumerated() {
      if stage.batches.count > 1 {
        lines.append(
          "  Batch \(index + 1) of \(stage.batches.count): "
            + batch.map(\.host).joined(separator: ", ")
        )
      }
      for host in batch {
        lines.append("  \(host.host)")
        for change in host.changes {
          lines.append("    \(change.action.symbol) \(change.id)  \(change.summary)")
          if reasons { lines.append("        \(change.reason)") }
          if diffs, let diff = change.diff, !diff.isEmpty {
            lines.append(diff.trimmingTrailingNewline.indented(by: 8))
          }
        }
      }
    }
    if stage.stage != .etcd { lines += objects(of: stage, reasons: reasons) }
    lines.append("  then: \(gate(stage.stage))")
    lines.append("")
    return lines
  }

  private static func objects(of stage: PlannedStage, reasons: Bool) -> [String] {
    stage.objects.flatMap { object in
      ["    \(object.action.symbol) \(object.name)  \(object.summary)"]
        + (reasons ? ["        \(object.reason)"] : [])
    }
  }

  private static func title(_ stage: Stage) -> String {
    switch stage {
    case .prepare: "prepare the hosts"
    case .etcd: "etcd"
    case .controlPlane: "control plane"
    case .objects: "objects in the API"
    case .workers: "runtime, network and kubelets"
    case .nodes: "nodes"
    }
  }

  private static func gate(_ stage: Stage) -> String {
    switch stage {
    case .prepare: "every program in place"
    case .etcd: "every member healthy"
    case .controlPlane: "/readyz of every API server"
    case .objects: "objects accepted"
    case .workers: "every node registered, and Ready once all is done"
    case .nodes: "every node Ready"
    }
  }
}

extension String {
  fileprivate var trimmingTrailingNewline: String {
    hasSuffix("\n") ? String(dropLast()) : self
  }
}
