// SPDX-License-Identifier: Apache-2.0

package import Values

/// The programs of one Kubernetes version for one architecture.
package struct ArtifactRequest: Sendable, Equatable {
  package var version: KubernetesVersion
  package var architecture: Architecture
  /// `3.4.13`.
  package var etcdVersion: String
  /// `0.8.7`.
  package var cniVersion: String
  /// The name under which runtimes look for the pause image: `k8s.gcr.io/pause:3.2`.
  package var pauseReference: String
  /// `0.7.6`.
  package var authenticatorVersion: String
  /// `1.29.8`; empty where the minor needs none.
  package var cloudProviderVersion: String
  package var needed: [ArtifactName]

  package init(
    version: KubernetesVersion,
    architecture: Architecture,
    etcdVersion: String,
    cniVersion: String,
    pauseReference: String,
    authenticatorVersion: String = "",
    cloudProviderVersion: String = "",
    needed: [ArtifactName] = ArtifactName.hostPrograms
  ) {
    self.version = version
    self.architecture = architecture
    self.etcdVersion = etcdVersion
    self.cniVersion = cniVersion
    self.pauseReference = pauseReference
    self.authenticatorVersion = authenticatorVersion
    self.cloudProviderVersion = cloudProviderVersion
    self.needed = needed
  }

  /// The version asked for of `name`, as its own project writes it.
  func version(of name: ArtifactName) -> String {
    switch name.family {
    case .kubernetes: version.description
    case .etcd: "v" + etcdVersion.trimmingRelease()
    case .networkPlugins: "v" + cniVersion.trimmingRelease()
    case .image: name == .pause ? pauseReference : BusyboxImage.reference
    case .authenticator: "v" + authenticatorVersion
    case .cloudProvider: "v" + cloudProviderVersion
    case .supplied: "supplied"
    }
  }
}

extension String {
  /// `3.4.13` of `v3.4.13-0`: the release without the marks that image tags add.
  fileprivate func trimmingRelease() -> Substring {
    (hasPrefix("v") ? dropFirst() : self[...]).prefix { $0 != "-" }
  }
}
