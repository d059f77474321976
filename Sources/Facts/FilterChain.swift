// SPDX-License-Identifier: Apache-2.0

/// A base chain of nftables that lets nothing pass but what it names, and is neither iptables' nor firewalld's.
///
/// What another chain accepts is asked for here again: only a rule in this very chain opens a port.
package struct FilterChain: Sendable, Hashable, Codable {
  package enum Hook: String, Sendable, Codable {
    case input
    case forward
  }

  /// `inet`, `ip`.
  package var family: String
  package var table: String
  package var name: String
  package var hook: Hook
  /// In nft's words, without counters.
  package var rules: [String]

  package init(
    family: String = "inet",
    table: String = "filter",
    name: String,
    hook: Hook,
    rules: [String] = []
  ) {
    self.family = family
    self.table = table
    self.name = name
    self.hook = hook
    self.rules = rules
  }

  /// `inet filter input`, as nft wants it.
  package var place: String { "\(family) \(table) \(name)" }

  /// Whether the last rule drops or rejects whatever comes to it, so that one behind it is never asked.
  package var endsByRule: Bool { rules.last.map(Self.refusesAll) ?? false }

  /// `drop`, `reject with …`, whatever is counted and logged before.
  static func refusesAll(_ rule: String) -> Bool {
    var words = rule.split(separator: " ")[...]
    if words.first == "log" {
      // Its prefix is in quotes, and may hold blanks.
      guard let verdict = words.lastIndex(where: { $0 == "drop" || $0 == "reject" }) else {
        return false
      }
      words = words[verdict...]
    }
    return words.elementsEqual(["drop"]) || words.first == "reject"
  }

  // MARK: What it may let pass

  /// Whether some rule may accept these ports as far as can be read: one that names them, one that names no
  /// ports, or one that leads elsewhere.
  package func mayAccept(ports: ClosedRange<Int>, isUDP: Bool) -> Bool {
    rules.contains { rule in
      let words = Self.words(rule)
      guard Self.mayAccept(words) else { return false }
      guard let place = words.firstIndex(of: "dport") else { return Self.isWide(words) }
      let kind = place > 0 ? words[place - 1] : ""
      guard kind == "th" || kind == (isUDP ? "udp" : "tcp") else { return false }
      let named = Self.ports(words[(place + 1)...])
      return named.map {
        $0.contains { $0.contains(ports.lowerBound) && $0.contains(ports.upperBound) }
      }
        ?? true
    }
  }

  /// The same for what is forwarded from or to a network, `direction` being `saddr` or `daddr`.
  package func mayForward(_ network: String, _ direction: String) -> Bool {
    rules.contains { rule in
      let words = Self.words(rule)
      guard Self.mayAccept(words), Self.isWide(words) else { return false }
      let named = ["saddr", "daddr"].filter(words.contains)
      if named.isEmpty { return true }
      return named == [direction]
        && (words.contains(network) || words.contains { $0.hasPrefix("@") })
    }
  }

  private static func mayAccept(_ words: [String]) -> Bool {
    ["accept", "jump", "goto", "vmap"].contains(where: words.contains)
  }

  /// What narrows a rule to traffic that is none of a cluster's.
  private static let narrow: Set = [
    "ct", "icmp", "icmpv6", "ip6", "ipv6-icmp", "igmp", "lo", "sport", "dport", "vrrp", "esp", "ah",
  ]

  private static func isWide(_ words: [String]) -> Bool { narrow.isDisjoint(with: words) }

  /// Without the signs of sets and strings.
  private static func words(_ rule: String) -> [String] {
    rule.split { " ,{}\"".contains($0) }.map(String.init)
  }

  /// Numbers and ranges up to the verdict; nil where a set is named that stands elsewhere.
  private static func ports(_ words: ArraySlice<String>) -> [ClosedRange<Int>]? {
    var ports: [ClosedRange<Int>] = []
    for word in words {
      if word.hasPrefix("@") || word == "!=" || word == "vmap" { return nil }
      let ends = word.split(separator: "-").map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else {
        continue
      }
      ports.append(first...last)
    }
    return ports
  }
}
