// SPDX-License-Identifier: Apache-2.0

import Facts
import Planner
import Spec
import Testing
import Values

/// What must be said of filters that nothing of ours can open.
@Suite struct FilterPreflightTests {
  private static func faults(
    _ roles: Set<Role> = [.etcd, .controlPlane, .worker],
    cni: CNIType = .bridge,
    firewalld: FirewalldFacts? = nil,
    chains: [FilterChain]? = nil
  ) -> [Failure] {
    let host = HostSpec(name: "a", ssh: nil, nodeIP: IPv4Address(raw: 0x0A00_0001), roles: roles)
    var cluster = ClusterSpec(
      name: "test",
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 20, 2)),
      controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: "10.0.0.1")),
      hosts: [host]
    )
    cluster.network.cni = cni
    let facts = HostFacts(hostname: "a", firewalld: firewalld, filterChains: chains)
    return Preflight.faults(cluster: cluster, facts: ["a": facts])
  }

  @Test(arguments: [("0.8.2", false, 1), ("0.9.11", false, 0), ("0.6.3", true, 0), ("", false, 1)])
  func aFirewalldWithoutPoliciesIsAFault(
    _ version: String,
    _ usesIPTables: Bool,
    _ count: Int
  ) {
    let firewalld = FirewalldFacts(version: version, usesIPTables: usesIPTables)
    let found = Self.faults(firewalld: firewalld)
    #expect(found.count == count)
    #expect(found.allSatisfy { $0.remedy?.contains("FirewallBackend=iptables") == true })
  }

  private static let input = FilterChain(
    name: "input",
    hook: .input,
    rules: ["ct state established,related accept", "tcp dport { 22, 6443 } accept"]
  )

  @Test func aChainThatRefusesIsToldWithTheRulesThatItLacks() throws {
    let found = Self.faults(chains: [Self.input])
    #expect(found.count == 1)
    let text = try #require(found.first).description
    #expect(text.contains("the chain inet filter input of nftables refuses ports of the cluster"))
    let lines = text.split(separator: "\n").filter { $0.contains("nft add rule") }
    #expect(
      lines.compactMap { $0.split(separator: "  #").first.map(String.init) } == [
        "    nft add rule inet filter input tcp dport 2379-2380 accept",
        "    nft add rule inet filter input tcp dport 10250 accept",
        "    nft add rule inet filter input tcp dport 30000-32767 accept",
        "    nft add rule inet filter input udp dport 30000-32767 accept",
      ]
    )
    #expect(text.contains("# etcd, from hosts of etcd and the control plane"))
  }

  /// Done as told, the host is fit.
  @Test func whatIsToldIsEnough() {
    var chain = Self.input
    chain.rules += [
      "tcp dport 2379-2380 accept", "tcp dport 10250 accept", "tcp dport 30000-32767 accept",
      "udp dport 30000-32767 accept",
    ]
    #expect(Self.faults(chains: [chain]).isEmpty)
    #expect(Self.faults([.controlPlane], chains: [Self.input]).isEmpty)
  }

  @Test func behindARuleThatRefusesNothingIsAdded() throws {
    var chain = Self.input
    chain.rules.append("reject with icmpx admin-prohibited")
    let text = try #require(Self.faults(chains: [chain]).first).description
    #expect(text.contains("nft insert rule inet filter input tcp dport 10250 accept"))
  }

  @Test func podsMustPassToo() throws {
    var chain = FilterChain(name: "forward", hook: .forward)
    let text = try #require(Self.faults(chains: [chain]).first).description
    #expect(text.contains("nft add rule inet filter forward ip saddr 10.244.0.0/16 accept"))
    #expect(text.contains("nft add rule inet filter forward ip daddr 10.244.0.0/16 accept"))
    #expect(Self.faults([.controlPlane], chains: [chain]).isEmpty)
    #expect(Self.faults(cni: .none, chains: [chain]).isEmpty)
    chain.rules = ["ip saddr 10.244.0.0/16 accept", "ip daddr 10.244.0.0/16 accept"]
    #expect(Self.faults(chains: [chain]).isEmpty)
  }
}
