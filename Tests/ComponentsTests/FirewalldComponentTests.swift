// SPDX-License-Identifier: Apache-2.0

import Components
import Facts
import Resources
import Spec
import Testing
import Values

/// What a firewalld is told, by its version and its backend.
@Suite struct FirewalldComponentTests {
  static let hosts: [(name: String, facts: HostFacts)] = [
    (
      "centos-7",
      (try? RecordedHost.centOS7.facts(with: FirewalldFacts(version: "0.6.3", usesIPTables: true)))
        ?? HostFacts(hostname: "")
    ),
    (
      "el-9",
      HostFacts(
        hostname: "host",
        osID: "rhel",
        osVersion: "9.4",
        kernel: "5.14.0-427.13.1.el9_4.x86_64",
        packageManager: .dnf,
        filtersInput: true,
        firewalld: FirewalldFacts(version: "1.3.4")
      )
    ),
  ]

  private static func fixture(_ facts: HostFacts) -> Fixture {
    var fixture = Fixture()
    fixture.facts = facts
    return fixture
  }

  @Test(arguments: ["centos-7", "el-9"], ["alpha", "gamma"])
  func firewalldIsToldWhatTheGoldenSays(_ name: String, _ host: String) throws {
    let facts = try #require(Self.hosts.first { $0.name == name }).facts
    let context = Self.fixture(facts).context(host)
    let resources = try Firewalld.resources(context) + PodRoutes.resources(context)
    try GoldenTests.compare(
      resources.map(GoldenTests.describe).joined(separator: "\n"),
      "firewalld-\(name)-\(host).txt"
    )
  }

  /// A packet comes to the ports of a role, and to no other.
  @Test(arguments: [CNIType.bridge, .none])
  func policiesOpenWhatTheScriptOpens(_ cni: CNIType) throws {
    var fixture = Self.fixture(Self.hosts[1].facts)
    fixture.cluster.network.cni = cni
    for host in ["alpha", "beta", "gamma"] {
      let resources = try fixture.resources(host)
      let script = resources.text("/usr/local/libexec/kubewright-network")
      let opened = script.split(separator: "\n").filter {
        $0.hasPrefix("-A KUBEWRIGHT-INPUT -p") && $0.hasSuffix("ACCEPT")
      }
      let policy = resources.text("/etc/firewalld/policies/kubewright-in.xml")
      #expect(!opened.isEmpty)
      #expect(policy.split(separator: "\n").count { $0.hasPrefix("  <port ") } == opened.count)
      let pods = resources.text("/etc/firewalld/policies/kubewright-pods.xml")
      #expect(pods.isEmpty == (host == "beta"))
      #expect(pods.contains("target=\"ACCEPT\"") == (cni == .none && host != "beta"))
      #expect(pods.contains("<masquerade/>") == (cni == .bridge && host != "beta"))
    }
  }

  /// firewalld's reload takes the rules of others away: who made them makes them again.
  @Test func unitsWithRulesFollowAReload() throws {
    let id = ResourceID(kind: "firewalld", name: "policies")
    let resources = try Self.fixture(Self.hosts[1].facts).resources("gamma")
    for name in ["kubewright-routes.service", "kube-proxy.service"] {
      let reads = resources.contains { item in
        guard case .unit(let unit) = item.resource, unit.name == name else { return false }
        return unit.dependsOn.contains(id)
      }
      #expect(reads, "\(name)")
    }
  }

  @Test(arguments: [
    (FirewalldFacts(version: "0.9.0"), "policies"), (FirewalldFacts(version: "0.8.2"), nil),
    (FirewalldFacts(version: ""), nil), (FirewalldFacts(version: "2.0.1"), "policies"),
    (FirewalldFacts(version: "0.6.3", usesIPTables: true), "kubewright"),
    (FirewalldFacts(version: "1.3.4", usesIPTables: true), "kubewright"), (nil, nil),
  ])
  func eachIsToldInItsWay(_ firewalld: FirewalldFacts?, _ name: String?) throws {
    var fixture = Fixture()
    fixture.facts.filtersInput = true
    fixture.facts.firewalld = firewalld
    let told = try fixture.resources("alpha").map(\.resource.id).filter {
      $0.kind.hasPrefix("firewalld")
    }
    #expect(told.map(\.name) == (name.map { [$0] } ?? []))
  }

  @Test func explainTellsWhichFilterIsInForce() throws {
    func answer(_ facts: HostFacts, _ subject: String = "firewall") throws -> String {
      try Explain.answer(for: subject, context: Self.fixture(facts).context("alpha"))
        .joined(separator: "\n")
    }
    #expect(try answer(Self.hosts[1].facts).contains("firewalld 1.3.4 filters on alpha"))
    #expect(try answer(Self.hosts[0].facts, "firewalld").contains("direct rules"))
    let path = "/etc/firewalld/policies/kubewright-in.xml"
    let text = try answer(Self.hosts[1].facts, path)
    #expect(text.contains("firewalld lets in") && text.contains("tcp 6443: the API"))
    var facts = Self.hosts[1].facts
    facts.firewalld = nil
    #expect(try answer(facts, "iptables").contains("KUBEWRIGHT-INPUT"))
    facts.filtersInput = false
    facts.filterChains = [FilterChain(name: "in", hook: .input)]
    #expect(
      try answer(facts, "nftables").contains("filters of nftables that are yours: inet filter in.")
    )
    facts.filterChains = nil
    #expect(try answer(facts, "nftables").contains("Nothing filters what comes in on alpha"))
  }
}
