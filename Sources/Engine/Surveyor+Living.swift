// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Facts
import PKI
import Planner
import Resources
import Spec
import Values

extension Surveyor {
  /// What the running cluster says of itself, of which `facts` tell that hosts belong to it.
  ///
  /// A server that does not answer is not waited for: what is down is there to be mended.
  ///
  /// - Throws: `Failures` of what the spec asks for that the cluster would not outlive.
  func inquireLiving(
    facts: [String: HostFacts],
    manifests: [String: [ManifestEntry]],
    pki: PKIBundle
  ) async throws -> LivingCluster {
    let clients = ClusterClients(cluster: cluster, pki: pki, reach: Reach(fleet: fleet))
    var living = LivingCluster()
    for host in servers(.controlPlane, port: cluster.controlPlane.endpoint.port, facts) {
      let answer = try await unlessDown {
        try await clients.withAPI(of: host) {
          try await Self.ask($0, isFirst: living.nodes.isEmpty)
        }
      }
      guard let answer else { continue }
      living.releases[host] = answer.release
      living.apiService = living.apiService ?? answer.apiService
      if living.nodes.isEmpty { living.nodes = answer.nodes }
    }
    for host in servers(.etcd, port: 2379, facts) where living.members.isEmpty {
      let members = try await unlessDown {
        try await clients.withEtcd(of: host) { try await $0.members() }
      }
      living.members = Self.addresses(of: members ?? [])
    }
    let faults = living.faults(
      of: cluster,
      holders: Set(facts.filter { $0.value.manifestCluster == cluster.name }.keys),
      formerMembers: cluster.hosts.filter { !$0.roles.contains(.etcd) }.map(\.name)
        .filter { name in manifests[name]?.contains { $0.id == Self.etcd } == true }
    )
    guard faults.isEmpty else { throw Failures(faults) }
    for warning in living.warnings(of: cluster) { await events(.note("warning: \(warning)")) }
    return living
  }

  private static let etcd = ResourceID(kind: Unit.kind, name: "etcd.service")

  /// What one API server is asked; `nodes` and `apiService` are the same at all of them.
  private struct Answer: Sendable {
    var release: KubernetesVersion?
    var apiService: IPv4Address?
    var nodes: [LivingCluster.Node] = []
  }

  private static func ask(_ api: KubernetesAPI, isFirst: Bool) async throws -> Answer {
    var answer = Answer()
    answer.release = try await api.get("/version")?["gitVersion"]?.string
      .flatMap { KubernetesVersion(String($0.prefix { $0 != "-" && $0 != "+" })) }
    guard isFirst else { return answer }
    answer.apiService = try await api.get("/api/v1/namespaces/default/services/kubernetes")?[
      "spec"
    ]?[
      "clusterIP"
    ]?.string.flatMap(IPv4Address.init)
    answer.nodes = try await api.nodes().map { node in
      LivingCluster.Node(
        name: node.name,
        address: node.internalIP.flatMap(IPv4Address.init),
        podSubnet: node.podCIDR.flatMap(CIDR.init)
      )
    }
    return answer
  }

  /// The hosts of a role that belong to the cluster and have something listening on its port.
  private func servers(_ role: Role, port: Int, _ facts: [String: HostFacts]) -> [String] {
    cluster.hosts(with: role).map(\.name).filter { name in
      guard let found = facts[name], found.manifestCluster == cluster.name else { return false }
      return found.listening.contains { $0.port == port }
    }
  }

  /// A member that was added and never started has no name; its peers' address it has always.
  private static func addresses(of members: [EtcdAPI.Member]) -> Set<IPv4Address> {
    Set(
      members.flatMap(\.peerURLs).compactMap { url in
        let authority = url.split(separator: "/").last ?? ""
        return authority.split(separator: ":").first.map(String.init).flatMap(IPv4Address.init)
      }
    )
  }

  private func unlessDown<Result: Sendable>(
    _ ask: () async throws -> Result
  ) async throws -> Result? {
    do {
      return try await ask()
    } catch let error as CancellationError {
      throw error
    } catch {
      return nil
    }
  }
}
