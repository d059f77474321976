// SPDX-License-Identifier: Apache-2.0

import AWS
package import Artifacts
import Components
package import Spec
import Values

extension ClusterSpec {
  /// The spec with a release of Kubernetes where it names none: the one that was chosen before, or else the
  /// newest patch of the minor that the cluster of EKS runs.
  ///
  /// What was chosen stays: a new patch is no reason to change workers that run.
  ///
  /// - Throws: `Failure`: the cluster cannot be found, or no source has its minor.
  package func released(
    state: StateFolder,
    artifacts: ArtifactStore,
    progress: @escaping @Sendable (ArtifactEvent) async -> Void
  ) async throws -> ClusterSpec {
    guard let spec = controlPlane.eks, kubernetes.version == .unspecified else { return self }
    var cluster = self
    if let recorded = try state.eks(), recorded.fits(spec), let chosen = recorded.version {
      cluster.kubernetes.version = chosen
      return cluster
    }
    guard spec.cluster != nil else {
      throw Failure(
        .invalidInput,
        "the spec names neither a release of Kubernetes nor a cluster of EKS whose release to take",
        remedy: "name one under spec.kubernetes.version or spec.controlPlane.eks.cluster"
      )
    }
    let found = try await spec.withAWS(region: nil) {
      // Endpoint and authority are asked for again, because only then the cluster says its version.
      try await ClusterDiscovery(.init(cluster: spec.cluster), context: $0)
    }
    guard let minor = found.version else {
      throw Failure(
        .preflight,
        "EKS does not say which Kubernetes \(found.cluster) runs",
        remedy: "name a release under spec.kubernetes.version"
      )
    }
    cluster.kubernetes.version = try await artifacts.newestPatch(
      of: minor,
      sources: self.artifacts.sources.map(ArtifactSource.init),
      progress: progress
    )
    return cluster
  }
}
