// SPDX-License-Identifier: Apache-2.0

package import ClusterAPI
package import PKI
package import Spec
import Values

/// Opens API and etcd clients with the operator's own certificates.
package struct ClusterClients: Sendable {
  package let cluster: ClusterSpec
  package let pki: PKIBundle
  package let reach: Reach

  package init(cluster: ClusterSpec, pki: PKIBundle, reach: Reach) {
    self.cluster = cluster
    self.pki = pki
    self.reach = reach
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
      certificate: credential.certificate,
      key: key,
      body
    )
  }
}
