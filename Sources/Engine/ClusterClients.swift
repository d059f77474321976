// SPDX-License-Identifier: Apache-2.0

package import ClusterAPI
package import PKI
package import Spec
import Values

/// Opens API and etcd clients with the operator's own certificates, or with tokens for a cluster of EKS.
package struct ClusterClients: Sendable {
  package let cluster: ClusterSpec
  package let pki: PKIBundle
  package let reach: Reach
  /// nil: hosts of ours are the control plane.
  package let eks: EKSEntrance?

  package init(cluster: ClusterSpec, pki: PKIBundle, reach: Reach, eks: EKSEntrance? = nil) {
    self.cluster = cluster
    self.pki = pki
    self.reach = reach
    self.eks = eks
  }

  /// Runs `body` with the API server of `host`.
  package func withAPI<Result: Sendable>(
    of host: String,
    _ body: (KubernetesAPI) async throws -> Result
  ) async throws -> Result {
    let address = try await reach.address(of: host, port: cluster.controlPlane.endpoint.port)
    return try await with(address, authority: .cluster, leaf: .admin) {
      try await body(KubernetesAPI(client: $0))
    }
  }

  /// Runs `body` with the first API server that is ready: no control-plane host is special.
  package func withAnyAPI<Result: Sendable>(
    _ body: (KubernetesAPI) async throws -> Result
  ) async throws -> Result {
    if let eks {
      return try await eks.explaining {
        try await SecureClient.with(
          base: eks.endpoint,
          authority: eks.authority,
          identity: .token(try await eks.token())
        ) { try await body(KubernetesAPI(client: $0)) }
      }
    }
    var last: (any Error)?
    for host in cluster.hosts(with: .controlPlane) {
      do {
        let ready = try await withAPI(of: host.name) { try await $0.readiness().ready }
        guard ready else { continue }
      } catch let error as CancellationError {
        throw error
      } catch {
        last = error
        continue
      }
      return try await withAPI(of: host.name, body)
    }
    throw last
      ?? Failure(
        .unreachable,
        "no API server is ready",
        remedy: "see `kubewright status` for what each control-plane host says"
      )
  }

  /// Runs `body` with the etcd member of `host`.
  package func withEtcd<Result: Sendable>(
    of host: String,
    _ body: (EtcdAPI) async throws -> Result
  ) async throws -> Result {
    let address = try await reach.address(of: host, port: 2379)
    return try await with(address, authority: .etcd, leaf: .etcdHealthcheckClient) {
      try await body(EtcdAPI(client: $0))
    }
  }

  /// Runs `body` with the first member of `hosts` that is healthy.
  /// - Throws: `Failure` (`unreachable`) where none is.
  package func withAnyEtcd<Result: Sendable>(
    of hosts: [String],
    _ body: (EtcdAPI) async throws -> Result
  ) async throws -> Result {
    var last: Failure?
    for host in hosts {
      do {
        guard try await withEtcd(of: host, { try await $0.health() }) else { continue }
      } catch let failure as Failure {
        last = failure
        continue
      }
      return try await withEtcd(of: host, body)
    }
    throw last
      ?? Failure(
        .unreachable,
        "no member of etcd is healthy",
        remedy: "see `kubewright verify` for what each member says"
      )
  }

  /// Those of the nodes that have registered.
  ///
  /// Who is a node of EKS itself may read no more than itself, so each is asked for by its name there.
  package func nodes(_ names: [String]) async throws -> [NodeStatus] {
    try await withAnyAPI { api in
      guard eks != nil else { return try await api.nodes().filter { names.contains($0.name) } }
      var nodes: [NodeStatus] = []
      for name in names {
        if let node = try await api.node(name) { nodes.append(node) }
      }
      return nodes
    }
  }

  private func with<Result: Sendable>(
    _ address: String,
    authority: AuthorityName,
    leaf: LeafName,
    _ body: (SecureClient) async throws -> Result
  ) async throws -> Result {
    guard let credential = pki.leaves[leaf], let key = credential.key else {
      throw Failure(
        .state,
        "the \(leaf) certificate is not in the state folder",
        remedy: "run `kubewright up` first, from where the cluster's state folder is"
      )
    }
    return try await SecureClient.with(
      base: "https://\(address)",
      authority: pki.authority(authority),
      identity: .certificate(credential.certificate, key: key),
      body
    )
  }
}
