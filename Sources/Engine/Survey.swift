// SPDX-License-Identifier: Apache-2.0

package import Components
package import Facts
package import PKI
package import Planner
package import Resources
package import Spec

/// Everything known before a change: what each host is, holds and should hold, and the plan that follows.
package struct Survey: Sendable {
  package var cluster: ClusterSpec
  package var facts: [String: HostFacts]
  package var manifests: [String: [ManifestEntry]]
  package var pki: PKIBundle
  /// The cluster of EKS as each host has to know it; empty where hosts of ours are the control plane.
  package var memberships: [String: EKSMembership]
  /// Who has to leave the store and who to join it; nil where another runs it.
  package var etcd: EtcdMembers?
  package var hosts: [HostState]
  package var plan: ClusterPlan

  /// What the cluster calls hosts that it does not call by their names in the spec.
  package var nodeNames: [String: String] { NodeNames.of(cluster, facts: facts) }

  package func host(_ name: String) -> HostState? {
    hosts.first { $0.host == name }
  }
}
