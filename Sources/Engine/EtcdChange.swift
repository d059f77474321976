// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Components
package import Planner
import Resources
package import Spec
import Values

/// Changes the members of the store, one at a time, each step followed by health.
///
/// Every step looks at the members as they are then: what an earlier run has done is not done again.
package struct EtcdChange: Sendable {
  package let cluster: ClusterSpec
  package let members: EtcdMembers
  package let gate: Gate

  package init(cluster: ClusterSpec, members: EtcdMembers, gate: Gate) {
    self.cluster = cluster
    self.members = members
    self.gate = gate
  }

  /// What has to be before any of `hosts` is touched: who has to go is out, and who only lacks a vote has it.
  package func begin(with hosts: [String], _ events: EventSink) async throws {
    try await promote(members.learning.filter { !hosts.contains($0) }, events)
    try await dismiss(events)
  }

  private func dismiss(_ events: EventSink) async throws {
    for departure in members.leaving {
      try await anyMember { etcd in
        guard try await etcd.members().contains(where: { $0.id == departure.id }) else { return }
        try await etcd.remove(departure.id)
      }
      await events(.stepDone(host: "etcd", step: "\(departure.name) has left"))
    }
  }

  /// What has to be before a batch is changed: room for a member that joins, and a majority without one that stops.
  package func prepare(_ batch: [HostPlan], _ events: EventSink) async throws {
    try await admit(batch, events)
    let stopping = batch.filter { plan in
      !members.joining.contains(plan.host)
        && plan.changes.contains { $0.id.kind == "unit" && $0.action != .start }
    }
    try await spare(stopping.map(\.host))
  }

  private func admit(_ hosts: [HostPlan], _ events: EventSink) async throws {
    for host in joining(hosts) where !members.awaited.contains(host.name) {
      let isLearner = try Etcd.hasLearners(cluster)
      try await anyMember { etcd in
        let url = Etcd.peerURL(of: host)
        guard try await !etcd.members().contains(where: { $0.peerURLs.contains(url) }) else {
          return
        }
        try await etcd.add(peerURL: url, asLearner: isLearner)
      }
      await events(.stepDone(host: "etcd", step: "\(host.name) is awaited"))
    }
  }

  /// Gives those of `hosts` that joined, or were learning before, their vote once they have caught up.
  package func promote(_ hosts: [String], _ events: EventSink) async throws {
    for host in cluster.hosts(with: .etcd) where hosts.contains(host.name) {
      guard members.joining.contains(host.name) || members.learning.contains(host.name) else {
        continue
      }
      try await gate.until("\(host.name) has all of etcd's data", host: host.name) {
        try await anyMember { etcd in
          let url = Etcd.peerURL(of: host)
          let found = try await etcd.members().first { $0.peerURLs.contains(url) }
          guard let found else { return "\(host.name) is no member" }
          if found.isLearner { try await etcd.promote(found.id) }
          return nil
        }
      }
      await events(.stepDone(host: "etcd", step: "\(host.name) has its vote"))
    }
  }

  /// Waits until the store would outlive that `hosts` stop.
  ///
  /// Two members have no spare one, and one has none at all: there is nothing to wait for.
  private func spare(_ hosts: [String]) async throws {
    let members = cluster.hosts(with: .etcd).map(\.name)
    let others = members.filter { !hosts.contains($0) }
    guard members.count > 2, members.contains(where: hosts.contains) else { return }
    try await gate.until("etcd can spare \(hosts.joined(separator: ", "))", host: nil) {
      var ill: [String] = []
      for host in others where try await !isHealthy(host) { ill.append(host) }
      guard others.count - ill.count < members.count / 2 + 1 else { return nil }
      // One that does not work is nobody's loss.
      for host in hosts where try await isHealthy(host) {
        return "not healthy: \(ill.joined(separator: ", "))"
      }
      return nil
    }
  }

  private func isHealthy(_ host: String) async throws -> Bool {
    do {
      return try await gate.clients.withEtcd(of: host) { try await $0.health() }
    } catch is Failure {
      return false
    }
  }

  private func joining(_ hosts: [HostPlan]) -> [HostSpec] {
    cluster.hosts(with: .etcd).filter { host in
      members.joining.contains(host.name) && hosts.contains { $0.host == host.name }
    }
  }

  private func anyMember<Result: Sendable>(
    _ body: (EtcdAPI) async throws -> Result
  ) async throws -> Result {
    try await gate.clients.withAnyEtcd(of: members.staying, body)
  }
}
