// SPDX-License-Identifier: Apache-2.0

/// The address of the cluster's DNS service.
package struct ClusterDNS: Sendable, Equatable {
  package let address: IPv4Address
  /// How it was chosen.
  package let source: String

  /// The tenth address of the service network, as EKS and kubeadm place it.
  ///
  /// Nil for a network that has no tenth address.
  package init?(serviceNetwork: CIDR, source: String) {
    guard let address = serviceNetwork.address(at: 10) else { return nil }
    self.address = address
    self.source = "the tenth address of \(serviceNetwork) (\(source))"
  }

  /// The rule for a cluster whose service network nobody tells.
  ///
  /// EKS takes 10.100.0.0/16 unless the VPC lies in 10/8, and 172.20.0.0/16 then (awslabs/amazon-eks-ami,
  /// al2 bootstrap.sh). The VPC's networks count as well as the host's address: a host in a secondary
  /// network says nothing of the first.
  package init(host: IPv4Address, vpcNetworks: [CIDR]) {
    let ten = CIDR(base: IPv4Address(raw: 10 << 24), prefix: 8)
    if let network = vpcNetworks.first(where: { ten.overlaps($0) }) {
      (address, source) = (Self.inside, "fallback: the VPC's network \(network) lies in \(ten)")
    } else if ten.contains(host) {
      (address, source) = (Self.inside, "fallback: the host's address \(host) is in \(ten)")
    } else {
      (address, source) = (Self.outside, "fallback: the host's address \(host) is not in \(ten)")
    }
  }

  private static let outside = IPv4Address(raw: 10 << 24 | 100 << 16 | 10)
  private static let inside = IPv4Address(raw: 172 << 24 | 20 << 16 | 10)
}
