// SPDX-License-Identifier: Apache-2.0

/// The tag by which an instance says which cluster it belongs to: `kubernetes.io/cluster/NAME`.
package enum ClusterTag {
  private static let prefix = "kubernetes.io/cluster/"

  /// The clusters that the tags name, sorted.
  package static func clusters(in tags: [String: String]) -> [String] {
    tags.filter { $0.key.hasPrefix(prefix) && ["owned", "shared"].contains($0.value) }
      .map { String($0.key.dropFirst(prefix.count)) }.filter { !$0.isEmpty }.sorted()
  }
}
