// SPDX-License-Identifier: Apache-2.0

package import Values

/// The cluster's networks.
package struct NetworkSpec: Sendable, Equatable {
  package var podCIDR: CIDR
  package var serviceCIDR: CIDR
  /// The length of each node's own subnet of `podCIDR`.
  package var nodePrefix: Int
  package var nodePorts: ClosedRange<Int>
  package var dnsDomain: String
  package var cni: CNIType
  package var proxyMode: ProxyMode
  /// How flannel carries pods' traffic between nodes; of no meaning to other pod networks.
  package var flannelBackend: FlannelBackend
  package var conntrack: ConntrackOwner
  /// Buckets of the kernel's connection table, set when its module loads; nil: the kernel's own choice.
  package var conntrackBuckets: Int?

  package init(
    podCIDR: CIDR = CIDR(base: IPv4Address(raw: 0x0AF4_0000), prefix: 16),
    serviceCIDR: CIDR = CIDR(base: IPv4Address(raw: 0x0A60_0000), prefix: 16),
    nodePrefix: Int = 24,
    nodePorts: ClosedRange<Int> = 30000...32767,
    dnsDomain: String = "cluster.local",
    cni: CNIType = .bridge,
    proxyMode: ProxyMode = .iptables,
    flannelBackend: FlannelBackend = .vxlan,
    conntrack: ConntrackOwner = .kernel,
    conntrackBuckets: Int? = nil
  ) {
    self.podCIDR = podCIDR
    self.serviceCIDR = serviceCIDR
    self.nodePrefix = nodePrefix
    self.nodePorts = nodePorts
    self.dnsDomain = dnsDomain
    self.cni = cni
    self.proxyMode = proxyMode
    self.flannelBackend = flannelBackend
    self.conntrack = conntrack
    self.conntrackBuckets = conntrackBuckets
  }

  /// The first service address: `kubernetes.default`.
  package var apiServiceAddress: IPv4Address { IPv4Address(raw: serviceCIDR.base.raw + 1) }
  /// The tenth service address, by custom the cluster's DNS.
  package var dnsServiceAddress: IPv4Address { IPv4Address(raw: serviceCIDR.base.raw + 10) }
}

package enum CNIType: String, Sendable, CaseIterable, Codable {
  /// Our own bridge on each node and routes between the nodes.
  case bridge
  /// The user brings one; nodes stay NotReady until it is there.
  case none
  /// flannel on each node, which asks the API for the nodes' subnets.
  case flannel
}

package enum FlannelBackend: String, Sendable, CaseIterable, Codable {
  case vxlan
  case hostGateway = "host-gw"
}

/// Who sizes the kernel's connection table.
package enum ConntrackOwner: String, Sendable, CaseIterable, Codable {
  case kernel
  case proxy
}

package enum ProxyMode: String, Sendable, CaseIterable, Codable {
  case userspace
  case iptables
  case ipvs
  case nftables
}
