// SPDX-License-Identifier: Apache-2.0

import Components
package import Spec
import Values

/// The labels and taints that we put on a node: by them, what a later spec no longer has is told from what is
/// somebody else's.
///
/// They are kept in the state folder and not on the node: a kubelet may annotate its own node, and could so
/// have a taint taken away that keeps pods from it.
package struct NodeMarks: Sendable, Equatable, Codable {
  /// Keys, sorted.
  package let labels: [String]
  /// `key:Effect`, as the API tells taints apart, sorted.
  package let taints: [String]

  package init(labels: some Sequence<String> = [], taints: some Sequence<String> = []) {
    self.labels = Set(labels).sorted()
    self.taints = Set(taints).sorted()
  }

  /// What `cluster` has on each of its nodes.
  package static func wanted(by cluster: ClusterSpec) -> [String: Self] {
    Dictionary(
      cluster.hosts(with: .worker).map { host in
        let labels = ClusterObjects.labels(of: host, in: cluster)
        return (host.name, Self(labels: labels.keys, taints: host.taints.map(\.identity)))
      },
      uniquingKeysWith: { first, _ in first }
    )
  }

  package func union(_ other: Self) -> Self {
    Self(labels: labels + other.labels, taints: taints + other.taints)
  }
}

extension Taint {
  /// By which the API tells taints apart.
  var identity: String { "\(key):\(effect.rawValue)" }
}
