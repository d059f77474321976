// SPDX-License-Identifier: Apache-2.0

/// A firewalld that runs.
package struct FirewalldFacts: Sendable, Hashable, Codable {
  /// `0.6.3`; empty where it does not say.
  package var version: String
  /// Whether its rules are iptables' (CentOS 7), and not a table of nftables of its own.
  package var usesIPTables: Bool

  package init(version: String, usesIPTables: Bool = false) {
    self.version = version
    self.usesIPTables = usesIPTables
  }

  /// The first two numbers of its version; those that are not there are 0.
  package var release: (major: Int, minor: Int) {
    let numbers = version.split(separator: ".").prefix(2).map { Int($0) ?? 0 }
    return (numbers.first ?? 0, numbers.count > 1 ? numbers[1] : 0)
  }
}
