// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Components
package import Spec
import Values

/// Takes hosts out of a cluster of ours that goes on without them: their members of the store before anything of
/// them is removed, their nodes once nothing is left there.
package struct HostDeparture: Sendable {
  private let cluster: ClusterSpec
  private let leaving: [String]
  private let isFormed: Bool

  /// - Parameters:
  ///   - cluster: the hosts before.
  ///   - leaving: the names of those that go.
  ///   - record: what is kept of the store's members.
  package init(_ cluster: ClusterSpec, leaving: [String], record: EtcdRecord) {
    self.cluster = cluster
    self.leaving = leaving
    isFormed = record.isFormed
  }

  private func staying(_ role: Role) -> [String] {
    cluster.hosts(with: role).map(\.name).filter { !leaving.contains($0) }
  }

  /// The hosts whose members have to leave the store first, which goes on elsewhere.
  package var members: [HostSpec] {
    guard isFormed, !staying(.etcd).isEmpty else { return [] }
    return cluster.hosts(with: .etcd).filter { leaving.contains($0.name) }
  }

  /// The hosts that are nodes of a cluster whose API goes on elsewhere.
  package var nodes: [String] {
    guard !cluster.isOfEKS, isFormed, !staying(.controlPlane).isEmpty, !staying(.etcd).isEmpty
    else {
      return []
    }
    return cluster.hosts(with: .worker).map(\.name).filter(leaving.contains)
  }

  /// Whether the only copy of the cluster's state goes while hosts of it stay.
  package var losesStore: Bool {
    !cluster.isOfEKS && staying(.etcd).isEmpty && leaving.count < cluster.hosts.count
  }

  /// Takes the member of `host` out.
  /// - Returns: what there is to say; nil where it is no member any more.
  /// - Throws: `Failure`: the others do not answer, or need this one; nothing was changed then.
  package func leaveStore(_ host: HostSpec, _ clients: ClusterClients) async throws -> String? {
    do {
      return try await clients.withAnyEtcd(of: staying(.etcd)) { etcd in
        let url = Etcd.peerURL(of: host)
        let member = try await etcd.members().first { $0.peerURLs.contains(url) }
        guard let member else { return nil }
        try await etcd.remove(member.id)
        return "its member has left etcd"
      }
    } catch let failure as Failure {
      throw Failure(
        failure.kind,
        host: host.name,
        "its member cannot leave etcd: \(failure.what)",
        why: failure.why,
        remedy:
          "start etcd on the other hosts first; or reset all hosts, with all that the cluster holds"
      )
    }
  }

  /// Deletes the node of `host`, by the operator's own certificate.
  /// - Returns: what there is to say.
  package func leaveNodes(_ host: String, _ clients: ClusterClients) async -> String {
    do {
      return try await clients.withAnyAPI { api in
        let path = "/api/v1/nodes/\(host)"
        guard try await api.get(path) != nil else { return "has no node in the cluster" }
        try await api.delete(path)
        return "its node is deleted"
      }
    } catch {
      return ClusterDeparture.stays(host, error)
    }
  }
}
