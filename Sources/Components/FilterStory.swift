// SPDX-License-Identifier: Apache-2.0

import Facts
import Spec

/// What `explain` tells of filters: which is in force on a host, and what is opened how.
enum FilterStory {
  /// What somebody may ask by.
  static let subjects = ["firewall", "iptables", "nftables"]

  static func lines(_ context: HostContext) -> [String] {
    let name = context.host.name
    let ports = OpenPort.all(of: context.host, in: context.cluster).map {
      "    \($0.transport) \($0.range()): \($0.use)"
    }
    return verdict(context, name) + ["  Its roles are asked at:"] + ports
  }

  private static func verdict(_ context: HostContext, _ name: String) -> [String] {
    let facts = context.facts
    if let chains = facts.filterChains {
      return [
        "\(name) has filters of nftables that are yours: "
          + chains.map(\.place).joined(separator: ", ") + ".",
        "  What they refuse nothing else can accept; preflight says which rules they lack.",
      ]
    }
    guard facts.filtersInput else {
      return ["Nothing filters what comes in on \(name): no port is opened there."]
    }
    let version = facts.firewalld.map { "firewalld \($0.version)" } ?? ""
    switch Firewalld.way(facts) {
    case .policies:
      return [
        "\(version) filters on \(name): it is told by policies, files of ours in \(Firewalld.folder).",
        "  A rule of iptables would not do: firewalld refuses in a table of its own, and a packet has to be",
        "  accepted by every table. Policies (firewalld 0.9) come before zones, so that whichever zone an",
        "  interface is in, it stays there, and no zone of yours is changed.",
        "  A reload of firewalld empties iptables too; what the network script says is in the policies again.",
      ]
    case .direct:
      return [
        "\(version) filters on \(name) by iptables: it is told by direct rules with the comment "
          + "'\(NetworkScript.mark)'.",
        "  The network script's chains do the same, and are lost when firewalld is reloaded.",
      ]
    case nil:
      return [
        "Rules of iptables filter on \(name): the network script opens ports in the chain KUBEWRIGHT-INPUT."
      ]
    }
  }
}
