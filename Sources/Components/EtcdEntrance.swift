// SPDX-License-Identifier: Apache-2.0

package import Spec

/// How a member of the store enters its cluster: what etcd's `initial-cluster` and `initial-cluster-state` say.
///
/// etcd reads both once, when it has no data yet. So a member's entrance stays as it was when others come and go,
/// and nobody restarts for it. Source: op-guide/configuration.md of etcd, "Clustering flags".
package struct EtcdEntrance: Sendable, Equatable, Codable {
  /// Whether the members begin a cluster together, or join one that is there.
  package enum State: String, Sendable, Codable {
    case new
    case existing
  }

  /// `name=peer URL` of all members at that time, itself among them.
  package var members: [String]
  package var state: State

  package init(members: [String], state: State) {
    self.members = members
    self.state = state
  }

  /// All hosts with a member begin together.
  package static func founding(_ cluster: ClusterSpec) -> Self {
    Self(
      members: cluster.hosts(with: .etcd).map { "\($0.name)=\(Etcd.peerURL(of: $0))" },
      state: .new
    )
  }
}
