// SPDX-License-Identifier: Apache-2.0

import Facts
import Spec

/// Ports at which a host is asked for something by others.
///
/// They are open to all: with more than one way between hosts, the address that a packet comes from is not
/// the node's, and whoever comes must show a certificate.
struct OpenPort {
  let ports: ClosedRange<Int>
  let isUDP: Bool

  /// The part of an iptables rule that names them.
  var match: String {
    let range =
      ports.count == 1 ? "\(ports.lowerBound)" : "\(ports.lowerBound):\(ports.upperBound)"
    return "-p \(isUDP ? "udp" : "tcp") --dport \(range)"
  }

  private static func tcp(_ ports: ClosedRange<Int>) -> Self { Self(ports: ports, isUDP: false) }
  private static func udp(_ ports: ClosedRange<Int>) -> Self { Self(ports: ports, isUDP: true) }

  /// What has to be opened on this host; nothing where it filters nothing.
  static func needed(_ context: HostContext) -> [Self] {
    guard context.facts.filtersInput else { return [] }
    let network = context.cluster.network
    let endpoint = context.cluster.controlPlane.endpoint.port
    var open: [Self] = []
    if context.isControlPlane { open.append(.tcp(endpoint...endpoint)) }
    if context.isEtcd { open.append(.tcp(2379...2380)) }
    if context.isWorker {
      open += [.tcp(10250...10250), .tcp(network.nodePorts), .udp(network.nodePorts)]
      if network.cni == .flannel, network.flannelBackend == .vxlan {
        open.append(.udp(Flannel.vxlanPort...Flannel.vxlanPort))
      }
    }
    return open
  }
}
