// SPDX-License-Identifier: Apache-2.0

package import Spec
package import Values

/// Gives every host a pod subnet of its own that never moves: what was given stays given, and the
/// subnet of a host that left is not handed out while another is free.
package enum PodSubnets {
  /// The subnets of all hosts, by host name; `recorded` is what earlier runs gave.
  ///
  /// - Throws: `Failure` (`invalidInput`) when the pod network has no subnet left, or is not the one that
  ///   what was given is of.
  package static func allocate(
    for cluster: ClusterSpec,
    recorded: [String: CIDR]
  ) throws -> [String: CIDR] {
    let network = cluster.network
    var given = recorded
    for (host, subnet) in recorded.sorted(by: { $0.key < $1.key }) {
      guard network.podCIDR.contains(subnet.base) else {
        throw Failure(
          .invalidInput,
          host: host,
          "the pod subnet \(subnet) that this host has lies outside network.podCIDR "
            + "\(network.podCIDR)",
          remedy: "put the former podCIDR back: the pod network of a living cluster cannot be moved"
        )
      }
      // A node's subnet cannot be changed in the API, and its bridge would keep the former address.
      guard subnet.prefix == network.nodePrefix else {
        throw Failure(
          .invalidInput,
          host: host,
          "the pod subnet \(subnet) that this host has is no /\(network.nodePrefix), as "
            + "network.nodePrefix asks for",
          remedy:
            "put the former nodePrefix back: the subnets of a living cluster cannot be resized"
        )
      }
    }
    var next: UInt32 = 0
    var taken = Set(given.values)
    for host in cluster.hosts where given[host.name] == nil {
      while let subnet = network.podCIDR.subnet(length: network.nodePrefix, index: next),
        taken.contains(subnet)
      {
        next += 1
      }
      guard let subnet = network.podCIDR.subnet(length: network.nodePrefix, index: next) else {
        throw Failure(
          .invalidInput,
          host: host.name,
          "network.podCIDR \(network.podCIDR) has no free /\(network.nodePrefix) left",
          remedy: "use a larger podCIDR or a longer nodePrefix"
        )
      }
      given[host.name] = subnet
      taken.insert(subnet)
    }
    return given
  }
}
