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
    return [
      "Rules of iptables filter on \(name): the network script opens ports in the chain KUBEWRIGHT-INPUT."
    ]
  }
}
