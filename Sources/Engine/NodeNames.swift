// SPDX-License-Identifier: Apache-2.0

package import Facts
package import Spec

/// What the cluster calls its hosts.
package enum NodeNames {
  /// By the host's name in the spec; only those that differ are in it.
  package static func of(_ cluster: ClusterSpec, facts: [String: HostFacts]) -> [String: String] {
    // EKS maps a node to its instance's private DNS name.
    guard cluster.isOfEKS else { return [:] }
    return facts.compactMapValues { $0.instance?.nodeName }
  }
}
