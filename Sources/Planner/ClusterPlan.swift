// SPDX-License-Identifier: Apache-2.0

package import Components
package import Resources

/// Everything that `up` will do, in order, and nothing else: a value that is printed, confirmed and applied.
package struct ClusterPlan: Sendable, Equatable, Codable {
  package var cluster: String
  package var version: String
  /// Keys and certificates that will be made or reissued on the operator's side: one line each.
  package var credentials: [String]
  package var stages: [PlannedStage]

  package init(
    cluster: String,
    version: String,
    credentials: [String],
    stages: [PlannedStage]
  ) {
    self.cluster = cluster
    self.version = version
    self.credentials = credentials
    self.stages = stages
  }

  /// Changes on hosts and in the API; credentials that reach no host are not counted.
  package var changeCount: Int {
    stages.reduce(0) { $0 + $1.changeCount }
  }

  package var isEmpty: Bool { changeCount == 0 && credentials.isEmpty }
}

/// One stage: its hosts in batches, one batch after the other, the hosts of a batch at once, a gate after each.
package struct PlannedStage: Sendable, Equatable, Codable {
  package var stage: Stage
  package var batches: [[HostPlan]]
  /// Objects in the API, for the stages that touch no host.
  package var objects: [ObjectChange]

  package init(stage: Stage, batches: [[HostPlan]] = [], objects: [ObjectChange] = []) {
    self.stage = stage
    self.batches = batches
    self.objects = objects
  }

  package var hosts: [HostPlan] { batches.flatMap { $0 } }

  package var changeCount: Int {
    hosts.reduce(0) { $0 + $1.changes.count } + objects.count
  }
}

/// What one host gets in one stage.
package struct HostPlan: Sendable, Equatable, Codable {
  package var host: String
  package var changes: [Change]

  package init(host: String, changes: [Change]) {
    self.host = host
    self.changes = changes
  }
}

/// A change of one object in the Kubernetes API.
package struct ObjectChange: Sendable, Equatable, Codable {
  package var action: Change.Action
  /// `clusterrolebinding/kubewright:apiserver-to-kubelet`, `node/worker-1`.
  package var name: String
  package var summary: String
  package var reason: String

  package init(action: Change.Action, name: String, summary: String, reason: String) {
    self.action = action
    self.name = name
    self.summary = summary
    self.reason = reason
  }
}
