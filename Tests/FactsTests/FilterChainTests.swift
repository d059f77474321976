// SPDX-License-Identifier: Apache-2.0

import Facts
import Testing

/// What can be read of a chain that somebody wrote.
@Suite struct FilterChainTests {
  private static func chain(_ rules: String...) -> FilterChain {
    FilterChain(name: "input", hook: .input, rules: rules)
  }

  @Test(arguments: [
    ("tcp dport 6443 accept", true), ("tcp dport { 22, 6443 } accept", true),
    ("tcp dport 6000-7000 accept", true), ("ip saddr 10.0.0.0/24 tcp dport 6443 accept", true),
    ("tcp dport { 22, 80 } accept", false), ("udp dport 6443 accept", false),
    ("th dport 6443 accept", true), ("tcp dport ssh accept", false),
    ("tcp dport @open accept", true), ("tcp dport != 22 accept", true),
    ("ct state established,related accept", false), ("iif \"lo\" accept", false),
    ("iifname \"eth1\" accept", true), ("ip saddr 10.0.0.0/24 accept", true),
    ("ip protocol icmp accept", false), ("icmp type echo-request accept", false),
    ("ip6 saddr fe80::/10 accept", false), ("jump services", true),
    ("tcp dport vmap { 22 : accept }", true), ("ct state vmap { established : accept }", false),
    ("tcp dport 6443 drop", false), ("tcp sport 53 accept", false),
  ])
  func aRuleMayAcceptAPort(_ rule: String, _ isExpected: Bool) {
    #expect(Self.chain(rule).mayAccept(ports: 6443...6443, isUDP: false) == isExpected)
  }

  @Test func aRangeIsAcceptedWhole() {
    let chain = Self.chain("tcp dport 2379 accept", "udp dport 30000-32767 accept")
    #expect(!chain.mayAccept(ports: 2379...2380, isUDP: false))
    #expect(chain.mayAccept(ports: 30000...32767, isUDP: true))
    #expect(!chain.mayAccept(ports: 30000...32767, isUDP: false))
  }

  @Test(arguments: [
    ("ip saddr 10.244.0.0/16 accept", true), ("ip daddr 10.244.0.0/16 accept", false),
    ("ip saddr 10.245.0.0/16 accept", false), ("iifname \"cni0\" accept", true),
    ("ct state established accept", false), ("ip saddr @pods accept", true),
  ])
  func aRuleMayLetPodsPass(_ rule: String, _ isExpected: Bool) {
    #expect(Self.chain(rule).mayForward("10.244.0.0/16", "saddr") == isExpected)
  }

  @Test(arguments: [
    (["drop"], true), (["reject with icmpx admin-prohibited"], true), (["accept"], false),
    (["log prefix \"no way: \" drop"], true), (["tcp dport 23 drop"], false),
    (["drop", "tcp dport 22 accept"], false), ([], false),
  ])
  func theLastRuleDecides(_ rules: [String], _ isExpected: Bool) {
    #expect(FilterChain(name: "input", hook: .input, rules: rules).endsByRule == isExpected)
  }
}
