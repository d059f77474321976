// SPDX-License-Identifier: Apache-2.0

import Facts
import TestSupport
import Testing
import Values

/// What a probe tells of filters, with stand-ins for the programs that know.
struct FilterProbeTests {
  /// A host where iptables, nft, firewall-cmd and busctl say this.
  private static func facts(
    _ userland: Userland,
    rules: String = "-P INPUT ACCEPT",
    ruleset: String = "",
    bus: String = "",
    version: String? = nil
  ) async throws -> HostFacts {
    let sandbox = try await Sandbox(userland)
    func program(_ name: String, _ says: String, fails: Bool = false) throws {
      try sandbox.write(says + "\n", to: "/stub/\(name).says")
      let text = "#!/bin/sh\n\(fails ? "exit 1" : "cat /stub/\(name).says")\n"
      try sandbox.write(text, to: "/stub/\(name)", mode: 0o755)
    }
    try program("iptables", rules)
    try program("nft", ruleset)
    try sandbox.write(Self.nft, to: "/stub/nft", mode: 0o755)
    try program("busctl", bus, fails: bus.isEmpty)
    if let version {
      try program("firewall-cmd", version)
      try sandbox.write("", to: "/stub/active/firewalld.service")
    }
    let result = try await sandbox.run(Probe.program())
    #expect(result.exitCode == 0 && result.error.isEmpty, "\(result.error)")
    return try Probe.parse(result.output).facts
  }

  /// Lists tables, and one table as a chain of it, too; all at once is more than a probe may ask for.
  private static let nft = #"""
    #!/bin/sh
    case $2 in
      tables) sed -n 's/^\(table .*\) {$/\1/p' /stub/nft.says ;;
      table | chain) sed -n "/^table $3 $4 {/,/^}/p" /stub/nft.says ;;
      *) exit 1 ;;
    esac
    """#

  @Test("a firewalld is known by its version and its backend", arguments: Userland.allCases)
  func firewalld(_ userland: Userland) async throws {
    let old = try await Self.facts(
      userland,
      rules: "-P INPUT ACCEPT\n-A INPUT -j INPUT_direct\n-A INPUT -j INPUT_ZONES",
      version: "0.6.3"
    )
    #expect(old.firewalld == FirewalldFacts(version: "0.6.3", usesIPTables: true))
    let new = try await Self.facts(userland, bus: "s \"1.3.4\"", version: "not asked")
    #expect(new.firewalld == FirewalldFacts(version: "1.3.4"))
    #expect(old.filtersInput && new.filtersInput)
    let none = try await Self.facts(userland)
    #expect(none.firewalld == nil && !none.filtersInput && none.filterChains == nil)
  }

  private static let ruleset = """
    table ip filter {
    	chain INPUT {
    		type filter hook input priority filter; policy accept;
    	}
    }
    table inet firewalld {
    	chain filter_INPUT {
    		type filter hook input priority filter + 10; policy accept;
    		reject with icmpx admin-prohibited
    	}
    }
    table inet filter {
    	set open {
    		type inet_service
    		elements = { 22, 80 }
    	}
    	chain input {
    		type filter hook input priority filter; policy drop;
    		ct state established,related accept
    		iif "lo" accept
    		tcp dport { 22, 6443 } counter packets 5 bytes 300 accept
    	}
    	chain forward {
    		type filter hook forward priority filter; policy accept;
    		counter packets 7 bytes 10 log prefix "no * way " reject with icmp port-unreachable
    	}
    	chain output {
    		type filter hook output priority filter; policy drop;
    	}
    }
    table ip6 filter {
    	chain input {
    		type filter hook input priority filter; policy drop;
    	}
    }
    table ip other {
    	chain open {
    		type filter hook input priority 0; policy accept;
    		tcp dport 23 drop
    	}
    }
    """

  @Test("chains that refuse are found, and only those", arguments: Userland.allCases)
  func chains(_ userland: Userland) async throws {
    let facts = try await Self.facts(userland, ruleset: Self.ruleset)
    let chains = try #require(facts.filterChains)
    #expect(chains.map(\.place) == ["inet filter input", "inet filter forward"])
    #expect(chains.map(\.hook) == [.input, .forward])
    #expect(
      chains[0].rules == [
        "ct state established,related accept", "iif \"lo\" accept",
        "tcp dport { 22, 6443 } accept",
      ]
    )
    #expect(
      chains[1].rules == ["log prefix \"no * way \" reject with icmp port-unreachable"]
    )
    #expect(!facts.filtersInput)
    let dropping = Self.ruleset.replacing(
      "priority filter; policy accept;\n\t}\n}\ntable inet firewalld",
      with: "priority filter; policy drop;\n\t}\n}\ntable inet firewalld"
    )
    #expect(try await Self.facts(userland, ruleset: dropping).filtersInput)
  }
}
