// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Facts
import Spec
import Values

extension Surveyor {
  /// Where the data of a member lie.
  private static let data = "/var/lib/etcd/member"

  /// Who holds the store, and what has to change; nobody is asked where no host has data.
  func etcdMembers(
    _ facts: [String: HostFacts],
    _ clients: ClusterClients
  ) async throws -> EtcdMembers {
    let hosts = cluster.hosts(with: .etcd).map(\.name)
    let holding = hosts.filter { facts[$0]?.paths.contains(Self.data) == true }
    var found = EtcdMembers.Findings(holding: Set(holding), record: try state.etcd())
    guard !holding.isEmpty else { return try EtcdMembers(cluster, found) }
    await events(.phase("members of etcd"))
    let answers = try await fleet.each(of: holding) { member in
      try await clients.withEtcd(of: member.spec.name) { etcd in
        let members = try await etcd.members()
        return (members, try await etcd.health())
      }
    }
    for host in holding {
      guard case .success(let (members, isHealthy)) = answers[host] else { continue }
      if isHealthy { found.healthy.insert(host) }
      // One that was cut off tells what it knew then.
      if found.listed == nil || isHealthy { found.listed = members }
    }
    return try EtcdMembers(cluster, found)
  }
}
