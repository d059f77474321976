// SPDX-License-Identifier: Apache-2.0

/// The tag by which an instance says which cluster it belongs to: `kubernetes.io/cluster/NAME`.
package enum ClusterTag {
  private static let prefix = "kubernetes.io/cluster/"
  private static let values = ["owned", "shared"]

  /// The tag's key for a cluster.
  package static func key(of cluster: String) -> String { prefix + cluster }

  /// The clusters that the tags name, sorted.
  package static func clusters(in tags: [String: String]) -> [String] {
    named(in: tags).filter { values.contains(tags[key(of: $0)] ?? "") }
  }

  /// The same, whatever value the tags have: Kubernetes' own code for AWS goes by the keys alone.
  package static func named(in tags: [String: String]) -> [String] {
    tags.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
      .filter { !$0.isEmpty }.sorted()
  }
}
