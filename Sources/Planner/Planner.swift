// SPDX-License-Identifier: Apache-2.0

package import Components
package import Resources
import Values

/// What the planner knows of one host: what it should hold, what it holds, and what differs.
package struct HostState: Sendable {
  package var host: String
  package var desired: [StagedResource]
  package var observed: [ResourceID: Observation]
  /// All differences of the host, removals first, in the order they are to be made.
  package var changes: [Change]

  package init(
    host: String,
    desired: [StagedResource],
    observed: [ResourceID: Observation],
    changes: [Change]
  ) {
    self.host = host
    self.desired = desired
    self.observed = observed
    self.changes = changes
  }
}

/// Orders the differences of all hosts into stages and batches; pure.
package enum Planner {
  /// The plan for `hosts`; stages without a change are left out.
  ///
  /// Hosts that are `joining` a store that runs follow each other, before those that hold it are touched.
  package static func plan(
    cluster: String,
    version: String,
    credentials: [String],
    hosts: [HostState],
    objects: [Stage: [ObjectChange]],
    joining: [String] = []
  ) -> ClusterPlan {
    let changes = hosts.map(changesByStage)
    let stages = Stage.allCases.map { stage in
      let pending = zip(hosts, changes).compactMap { host, changes in
        changes[stage].map { (host, HostPlan(host: host.host, changes: $0)) }
      }
      return PlannedStage(
        stage: stage,
        batches: batches(of: pending, in: stage, joining: joining),
        objects: objects[stage] ?? []
      )
    }
    return ClusterPlan(
      cluster: cluster,
      version: version,
      credentials: credentials,
      stages: stages.filter { $0.changeCount > 0 }
    )
  }

  /// The unit that must not stop on two hosts at once, for the stages where availability needs it.
  private static func guardedUnits(of stage: Stage) -> [String] {
    switch stage {
    case .etcd: ["etcd.service"]
    case .controlPlane:
      [
        "kube-apiserver.service", "kube-controller-manager.service", "kube-scheduler.service",
      ]
    case .prepare, .objects, .workers, .nodes: []
    }
  }

  /// Hosts whose guarded units do not run yet start together (a new etcd cluster needs a majority at once);
  /// those that run already follow one at a time, so that quorum and the API outlive the change; who only gives
  /// up its part is last.
  private static func batches(
    of hosts: [(state: HostState, plan: HostPlan)],
    in stage: Stage,
    joining: [String]
  ) -> [[HostPlan]] {
    let guarded = guardedUnits(of: stage).map { ResourceID(kind: "unit", name: $0) }
    var together: [HostPlan] = []
    var oneByOne: [HostPlan] = []
    var retiring: [HostPlan] = []
    if stage == .etcd {
      oneByOne = joining.compactMap { host in hosts.first { $0.plan.host == host }?.plan }
    }
    for (state, plan) in hosts where stage != .etcd || !joining.contains(plan.host) {
      if !guarded.isEmpty, plan.changes.allSatisfy({ $0.action == .remove }) {
        retiring.append(plan)
        continue
      }
      let runs = guarded.contains { state.observed[$0]?.attributes["active"] == "active" }
      if runs { oneByOne.append(plan) } else { together.append(plan) }
    }
    return (together.isEmpty ? [] : [together]) + (oneByOne + retiring).map { [$0] }
  }

  private static func changesByStage(of host: HostState) -> [Stage: [Change]] {
    var stageOf: [ResourceID: Stage] = [:]
    for item in host.desired { stageOf[item.resource.id] = item.stage }
    let retirement = retirement(of: host)
    return Dictionary(grouping: host.changes) { stageOf[$0.id] ?? retirement }
  }

  /// When a host gives up what is no longer desired of it: at first, so that a port or name it holds is free; where
  /// others take its part over, once they have.
  private static func retirement(of host: HostState) -> Stage {
    let removed = Set(host.changes.filter { $0.action == .remove }.map(\.id))
    return [Stage.controlPlane, .etcd].first { stage in
      guardedUnits(of: stage).contains { removed.contains(ResourceID(kind: "unit", name: $0)) }
    } ?? .prepare
  }
}
