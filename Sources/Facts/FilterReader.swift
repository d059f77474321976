// SPDX-License-Identifier: Apache-2.0

/// Puts together what the probe tells of filters.
struct FilterReader {
  /// Whether a service runs that filters, whatever the tables say.
  var hasService = false
  private var drops = false
  private var usesIPTables = false
  private var version: String?
  /// Chains with whether their policy is to drop.
  private var found: [(chain: FilterChain, drops: Bool)] = []

  /// More than anybody writes by hand; a longer one is judged by its beginning.
  private static let ruleLimit = 256
  private static let chainLimit = 16

  var filtersInput: Bool { hasService || drops }

  var firewalld: FirewalldFacts? {
    guard hasService, let version else { return nil }
    return FirewalldFacts(version: version, usesIPTables: usesIPTables)
  }

  /// Those that let pass only what they name.
  var chains: [FilterChain] {
    found.filter { $0.drops || $0.chain.endsByRule }.map(\.chain)
  }

  mutating func read(_ key: String, _ value: String) {
    let words = value.split(separator: " ").map(String.init)
    switch key {
    case "rule":
      // `-P INPUT DROP`, `-A INPUT … -j REJECT …`, or the policy as nft has it.
      if ["DROP", "REJECT"].contains(where: words.contains) || value.contains("policy drop") {
        drops = true
      }
      // Only firewalld calls chains so, and only where its backend is iptables.
      if words.contains("INPUT_ZONES") { usesIPTables = true }
    case "firewalld":
      // `s "1.3.3"` by the bus.
      let number = value.drop { !$0.isNumber }.prefix { $0.isNumber || $0 == "." }
      version = String(number)
      hasService = true
    case "chain": readChain(words, drops: value.contains("policy drop"))
    default:
      guard let last = found.indices.last, found[last].chain.rules.count < Self.ruleLimit else {
        return
      }
      found[last].chain.rules.append(Self.withoutCounter(words).joined(separator: " "))
    }
  }

  /// `inet filter input hook input priority 0; policy drop;`.
  private mutating func readChain(_ words: [String], drops: Bool) {
    guard words.count > 4, words[3] == "hook", let hook = FilterChain.Hook(rawValue: words[4]),
      found.count < Self.chainLimit
    else { return }
    let chain = FilterChain(family: words[0], table: words[1], name: words[2], hook: hook)
    found.append((chain, drops))
  }

  /// `counter packets 5 bytes 300` is another at every look.
  private static func withoutCounter(_ words: [String]) -> [String] {
    guard let place = words.firstIndex(of: "counter") else { return words }
    let isCounted =
      words.count > place + 4 && words[place + 1] == "packets" && words[place + 3] == "bytes"
    return Array(words[..<place] + words[(place + (isCounted ? 5 : 1))...])
  }
}
