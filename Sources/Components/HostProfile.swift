// SPDX-License-Identifier: Apache-2.0

package import Facts
package import Spec

extension HostSpec {
  /// Where things lie on the host: the spec's word, or else what the host was found to be.
  package func profile(by facts: HostFacts) -> Profile {
    profile ?? (facts.isEOS ? .eos : .generic)
  }

  /// Programs that must be there already, with what needs them, where nothing can be installed.
  package func requiredPrograms(
    in cluster: ClusterSpec,
    on facts: HostFacts
  ) -> [(program: String, need: String)] {
    let network = cluster.network
    var programs: [(program: String, need: String)] = []
    if network.cni != .none || roles.contains(.worker) || facts.filtersInput {
      programs.append(("ip", "the network script calls it"))
      programs.append(("iptables", "the network script calls it"))
    }
    if roles.contains(.etcd) { programs.append(("useradd", "etcd runs as a user of its own")) }
    guard roles.contains(.worker) else { return programs }
    switch network.proxyMode {
    case .userspace, .iptables: programs.append(("iptables", "kube-proxy calls it"))
    case .ipvs:
      programs += [("iptables", "kube-proxy calls it"), ("ipset", "its mode ipvs calls it")]
    case .nftables: programs.append(("nft", "kube-proxy's mode nftables calls it"))
    }
    if runtime.engine == .docker { programs.append(("docker", "it runs the containers")) }
    return programs
  }
}
