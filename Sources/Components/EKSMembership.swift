// SPDX-License-Identifier: Apache-2.0

import Catalog
package import Spec
package import Values

/// A cluster of EKS as its workers have to know it, and what is decided of one of them.
package struct EKSMembership: Sendable, Equatable, Codable {
  package var cluster: String
  package var region: String
  /// `https://….eks.amazonaws.com`.
  package var endpoint: String
  /// PEM.
  package var authority: String
  /// nil: not known; a rule of thumb takes its place.
  package var serviceNetwork: CIDR?
  package var authenticator: EKSSpec.Authenticator
  package var chosenCloudProvider: EKSSpec.CloudProvider?
  package var ec2Endpoint: String?
  package var stsEndpoint: String?
  /// Pods on this host; nil where only the host can tell, by its instance type.
  package var maxPods: Int?
  /// The release of Kubernetes on its workers.
  package var version: KubernetesVersion?
  /// Whether the host finds out by itself what it is called, when it starts.
  package var isLate: Bool

  package init(
    cluster: String,
    region: String,
    endpoint: String,
    authority: String,
    serviceNetwork: CIDR? = nil,
    authenticator: EKSSpec.Authenticator = .iam,
    chosenCloudProvider: EKSSpec.CloudProvider? = nil,
    ec2Endpoint: String? = nil,
    stsEndpoint: String? = nil,
    maxPods: Int? = nil,
    version: KubernetesVersion? = nil,
    isLate: Bool = false
  ) {
    self.cluster = cluster
    self.region = region
    self.endpoint = endpoint
    self.authority = authority
    self.serviceNetwork = serviceNetwork
    self.authenticator = authenticator
    self.chosenCloudProvider = chosenCloudProvider
    self.ec2Endpoint = ec2Endpoint
    self.stsEndpoint = stsEndpoint
    self.maxPods = maxPods
    self.version = version
    self.isLate = isLate
  }

  /// Who gives the node its addresses: the spec's word, or what EKS's own nodes of the minor have.
  package func cloudProvider(at minor: Minor) -> EKSSpec.CloudProvider {
    chosenCloudProvider
      ?? (Catalog.standard.fact(.eksCloudProvider, at: minor) == "external" ? .external : .inTree)
  }
}

extension EKSSpec.CloudProvider {
  /// What the kubelet's flag calls it.
  var flag: String { self == .inTree ? "aws" : "external" }
}
