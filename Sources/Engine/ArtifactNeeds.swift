// SPDX-License-Identifier: Apache-2.0

package import Artifacts
import Catalog
package import Spec
package import Values

extension ClusterSpec {
  /// The programs that hosts of `architecture` need.
  package func artifactRequest(for architecture: Architecture) -> ArtifactRequest {
    let minor = kubernetes.version.minor
    let catalog = Catalog.standard
    let etcdRelease = etcd.version.map { "\($0.minor).\($0.patch)" }
    return ArtifactRequest(
      version: kubernetes.version,
      architecture: architecture,
      etcdVersion: etcdRelease ?? catalog.fact(.etcdVersion, at: minor),
      cniVersion: catalog.fact(.cniPluginsVersion, at: minor),
      pauseReference: catalog.fact(.pauseImage, at: minor),
      authenticatorVersion: catalog.fact(.iamAuthenticatorVersion, at: minor),
      cloudProviderVersion: catalog.fact(.ecrCredentialProviderVersion, at: minor),
      needed: (controlPlane.eks == nil ? ArtifactName.hostPrograms : workerPrograms) + supplied
    )
  }

  /// What a worker of EKS needs: the cluster itself brings kube-proxy and the pod network.
  private var workerPrograms: [ArtifactName] {
    let minor = kubernetes.version.minor
    var programs: [ArtifactName] = [
      .kubelet, .bridge, .hostLocal, .loopback, .portmap, .pause, .busybox,
    ]
    switch controlPlane.eks?.authenticator {
    case .iam: programs.append(.iamAuthenticator)
    case .kubewright: programs.append(.kubewright)
    case .awsCLI, .program, nil: break
    }
    if !Catalog.standard.has(.kubeletECRCredentials, at: minor) {
      programs.append(.ecrCredentialProvider)
    }
    return programs
  }

  /// Programs that only the user can supply.
  private var supplied: [ArtifactName] {
    let usesDocker = hosts(with: .worker).contains { $0.runtime.engine == .docker }
    let hasShim = Catalog.standard.has(.dockershim, at: kubernetes.version.minor)
    return (network.cni == .flannel ? [.flanneld, .flannel] : [])
      + (usesDocker && !hasShim ? [.criDockerd] : [])
  }
}

extension ArtifactSource {
  /// The store's word for a source of the spec.
  package init(_ source: ArtifactsSpec.Source) {
    self =
      switch source {
      case .published: .published
      case .mirror(let base): .mirror(base)
      case .folder(let path): .folder(path)
      case .build: .build
      }
  }
}
