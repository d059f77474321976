// SPDX-License-Identifier: Apache-2.0

package import Spec
package import Values

/// Gives every host a pod subnet of its own that never moves: what was given stays given, and the
/// subnet of a host that left is not handed out while another is free.
package enum PodSubnets {
  /// The subnets of all hosts, by host name; `recorded` is what earlier runs gave.
  ///
  /// - Throws: `Failure` (`invalidInput`) when the pod network has no subnet left.
  package static func allocate(
    for cluster: ClusterSpec,
    recorded: [String: CIDR]
  ) throws -> [String: CIDR] {
    let network = cluster.network
    // A recorded subnet outside the network means that podCIDR was changed under a living cluster.
    var given = recorded.filter { $0.value.prefix == network.nodePrefix }
    for (host, subnet) in given where !network.podCIDR.contains(subnet.base) {
      throw Failure(
        .invalidInput,
        host: host,
        "the pod subnet \(subnet) that this host has lies outside network.podCIDR \(network.podCIDR)",
        remedy: "put the former podCIDR back: the pod network of a living cluster cannot be moved"
      )
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
