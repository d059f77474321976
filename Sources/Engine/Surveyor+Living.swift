// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Facts
import PKI
import Planner
import Resources
import Spec
import Values

extension Surveyor {
  /// The cluster as it runs, where hosts of ours are its control plane; nil where it does not yet.
  ///
  /// Hosts that belong to this cluster already know its authorities: new ones would cut it off.
  func living(facts: [String: HostFacts]) async throws -> LivingCluster? {
    guard !cluster.isOfEKS,
      let host = cluster.hosts.first(where: { facts[$0.name]?.manifestCluster == cluster.name })
    else { return nil }
    guard state.hasAuthorities else {
      throw Failure(
        .state,
        host: host.name,
        "belongs to \(cluster.name) already, and the keys of that cluster are not in \(state.pki)",
        remedy: "restore the state folder from where the cluster was made, or reset the hosts first"
      )
    }
    // What is damaged is told by its name, and what can be issued again is part of the plan.
    let pki = try await PKIStore(directory: state.pki).ensure(cluster: cluster, dryRun: true).bundle
    return try await inquireLiving(facts: facts, pki: pki)
  }

  /// What the running cluster says of itself, of which `facts` tell that hosts belong to it.
  ///
  /// A server that does not answer is not waited for: what is down is there to be mended.
  ///
  /// - Throws: `Failures` of what the spec asks for that the cluster would not outlive.
  private func inquireLiving(
    facts: [String: HostFacts],
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
    let faults = living.faults(
      of: cluster,
      holders: Set(facts.filter { $0.value.manifestCluster == cluster.name }.keys)
    )
    guard faults.isEmpty else { throw Failures(faults) }
    for warning in living.warnings(of: cluster) { await events(.note("warning: \(warning)")) }
    return living
  }

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
