// SPDX-License-Identifier: Apache-2.0

import Facts
package import Spec

/// Ports at which a host is asked for something by others.
///
/// They are open to all: with more than one way between hosts, the address that a packet comes from is not
/// the node's, and whoever comes must show a certificate.
package struct OpenPort: Sendable, Hashable {
  package let ports: ClosedRange<Int>
  package let isUDP: Bool
  /// What is there, and who has to reach it.
  package let use: String

  package var transport: String { isUDP ? "udp" : "tcp" }

  /// `2379-2380`, or with another sign between the two.
  package func range(_ sign: String = "-") -> String {
    ports.count == 1 ? "\(ports.lowerBound)" : "\(ports.lowerBound)\(sign)\(ports.upperBound)"
  }

  /// What has to be opened on this host; nothing where it filters nothing.
  static func needed(_ context: HostContext) -> [Self] {
    guard context.facts.filtersInput else { return [] }
    return all(of: context.host, in: context.cluster)
  }

  /// All of a host by its roles.
  package static func all(of host: HostSpec, in cluster: ClusterSpec) -> [Self] {
    func tcp(_ ports: ClosedRange<Int>, _ use: String) -> Self {
      Self(ports: ports, isUDP: false, use: use)
    }
    func udp(_ ports: ClosedRange<Int>, _ use: String) -> Self {
      Self(ports: ports, isUDP: true, use: use)
    }
    let network = cluster.network
    let endpoint = cluster.controlPlane.endpoint.port
    var open: [Self] = []
    if host.roles.contains(.controlPlane) {
      open.append(tcp(endpoint...endpoint, "the API, from all hosts, pods and clients"))
    }
    if host.roles.contains(.etcd) {
      open.append(tcp(2379...2380, "etcd, from hosts of etcd and the control plane"))
    }
    if host.roles.contains(.worker) {
      open += [
        tcp(10250...10250, "the kubelet, from hosts of the control plane"),
        tcp(network.nodePorts, "services, from their clients"),
        udp(network.nodePorts, "services, from their clients"),
      ]
      if network.cni == .flannel, network.flannelBackend == .vxlan {
        open.append(udp(Flannel.vxlanPort...Flannel.vxlanPort, "VXLAN, from other workers"))
      }
    }
    return open
  }
}
