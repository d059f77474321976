// SPDX-License-Identifier: Apache-2.0

import Components
import Facts
import Spec
import Values

extension Preflight {
  /// Filters that would keep the cluster apart and that nothing of ours can open.
  ///
  /// A packet must be accepted by every base chain of a hook, so no rule elsewhere lets it past one that
  /// refuses. That chain is the user's file; we do not write to it. A host is refused only where its chain, as
  /// far as it can be read, has no rule that might let a port pass: a warning would be followed by a gate that
  /// waits for minutes and then does not know why.
  static func filterFaults(
    of host: HostSpec,
    in cluster: ClusterSpec,
    facts: HostFacts
  ) -> [Failure] {
    firewalldFaults(of: host, facts: facts)
      + (facts.filterChains ?? []).compactMap { chain in
        fault(of: chain, host, in: cluster)
      }
  }

  private static func firewalldFaults(of host: HostSpec, facts: HostFacts) -> [Failure] {
    guard let firewalld = facts.firewalld, Firewalld.way(facts) == nil else { return [] }
    let version = firewalld.version.isEmpty ? "that does not say its version" : firewalld.version
    return [
      Failure(
        .preflight,
        host: host.name,
        "its firewalld cannot be told what a cluster needs",
        why: "it is firewalld \(version) with rules of nftables, and policies came with 0.9",
        remedy:
          "update firewalld, or set FirewallBackend=iptables in /etc/firewalld/firewalld.conf "
          + "and restart it"
      )
    ]
  }

  private static func fault(
    of chain: FilterChain,
    _ host: HostSpec,
    in cluster: ClusterSpec
  ) -> Failure? {
    let missing =
      chain.hook == .input ? ports(chain, host, in: cluster) : pods(chain, host, in: cluster)
    guard !missing.isEmpty else { return nil }
    // Behind a last rule that refuses, nothing is asked.
    let verb = chain.endsByRule ? "insert" : "add"
    let lines = missing.map { "nft \(verb) rule \(chain.place) \($0.match) accept  # \($0.use)" }
    return Failure(
      .preflight,
      host: host.name,
      "the chain \(chain.place) of nftables refuses "
        + (chain.hook == .input ? "ports of the cluster" : "what pods send and get"),
      why: "no other chain can accept what it refuses; it lacks:\n"
        + lines.joined(separator: "\n"),
      remedy: "add these rules, and to the file that the chain is loaded from (/etc/nftables.conf)"
    )
  }

  private static func ports(
    _ chain: FilterChain,
    _ host: HostSpec,
    in cluster: ClusterSpec
  ) -> [(match: String, use: String)] {
    OpenPort.all(of: host, in: cluster).filter {
      !chain.mayAccept(ports: $0.ports, isUDP: $0.isUDP)
    }.map { ("\($0.transport) dport \($0.range())", $0.use) }
  }

  private static func pods(
    _ chain: FilterChain,
    _ host: HostSpec,
    in cluster: ClusterSpec
  ) -> [(match: String, use: String)] {
    // The user's own pod network has addresses that only it knows.
    guard host.roles.contains(.worker), cluster.network.cni != .none else { return [] }
    let pods = cluster.network.podCIDR.description
    return [("saddr", "from pods"), ("daddr", "to pods")].filter {
      !chain.mayForward(pods, $0.0)
    }.map { ("ip \($0.0) \(pods)", $0.1) }
  }
}
