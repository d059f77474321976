// SPDX-License-Identifier: Apache-2.0

import Facts
import Spec
import Values

/// What AWS said when it was asked of all hosts at once.
struct AWSWord: Sendable, Equatable {
  /// Who the operator is; nil: nobody asked.
  var caller: CallerARN?
  /// Why EC2 did not tell instances' tags.
  var unchecked: String

  /// Who is who for AWS, in a line; nil where nothing is known.
  func identities(of cluster: ClusterSpec, facts: [String: HostFacts]) -> String? {
    var hosts: [String: [String]] = [:]
    for host in cluster.hosts {
      guard let role = facts[host.name]?.instance?.profile?.roleARN else { continue }
      hosts[role, default: []].append(host.name)
    }
    let roles = hosts.sorted { $0.key < $1.key }.map { role, names in
      "\(names.prefix(3).joined(separator: ", "))\(names.count > 3 ? " and \(names.count - 3) more" : "")"
        + (names.count == 1 ? " is \(role)" : " are \(role)")
    }
    let all = (caller.map { ["you are \($0)"] } ?? []) + roles
    return all.isEmpty ? nil : "for AWS " + all.joined(separator: "; ")
  }
}
