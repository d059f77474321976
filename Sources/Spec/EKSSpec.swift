// SPDX-License-Identifier: Apache-2.0

package import Values

/// A cluster of Amazon EKS, as far as its workers have to know it; what is nil is asked for.
package struct EKSSpec: Sendable, Equatable {
  /// Its name; nil: the instance's tag `kubernetes.io/cluster/NAME` says it.
  package var cluster: String?
  /// `eu-west-1`; nil: the environment, the profile or the instance says it.
  package var region: String?
  /// `https://….eks.amazonaws.com`.
  package var endpoint: String?
  /// The authority's certificate: PEM, or PEM in base64.
  package var certificateAuthority: String?
  /// The network of its services, which decides where its name server is.
  package var serviceCIDR: CIDR?
  /// What gives kubelets their tokens.
  package var authenticator: Authenticator
  /// nil: what EKS's own nodes of that minor use.
  package var cloudProvider: CloudProvider?
  /// Pods a node; nil: what the instance type has addresses for.
  package var maxPods: Int?
  /// How the VPC CNI hands out addresses, which decides how many pods a node can have.
  package var podAddresses: PodAddresses
  package var instanceMetadata: MetadataVersions
  /// URLs of AWS's services where the region's own are not to be used (private endpoints, tests).
  package var endpoints: ServiceEndpoints

  package init(
    cluster: String? = nil,
    region: String? = nil,
    endpoint: String? = nil,
    certificateAuthority: String? = nil,
    serviceCIDR: CIDR? = nil,
    authenticator: Authenticator = .iam,
    cloudProvider: CloudProvider? = nil,
    maxPods: Int? = nil,
    podAddresses: PodAddresses = .secondary,
    instanceMetadata: MetadataVersions = .any,
    endpoints: ServiceEndpoints = ServiceEndpoints()
  ) {
    self.cluster = cluster
    self.region = region
    self.endpoint = endpoint
    self.certificateAuthority = certificateAuthority
    self.serviceCIDR = serviceCIDR
    self.authenticator = authenticator
    self.cloudProvider = cloudProvider
    self.maxPods = maxPods
    self.podAddresses = podAddresses
    self.instanceMetadata = instanceMetadata
    self.endpoints = endpoints
  }

  /// A credential plugin of kubelets.
  package enum Authenticator: Sendable, Equatable, Codable {
    /// kubernetes-sigs/aws-iam-authenticator, delivered by us.
    case iam
    /// `kubewright eks token`, delivered by us.
    case kubewright
    /// `aws eks get-token` of an AWS CLI that is on the host.
    case awsCLI
    /// A program on the host that takes the cluster's name as its last argument.
    case program(String)
  }

  /// Who gives nodes their addresses and zones.
  package enum CloudProvider: String, Sendable, CaseIterable, Codable {
    /// The cloud controller manager that EKS runs.
    case external
    /// The kubelet's own code for AWS, which kubelets up to 1.26 have.
    case inTree = "in-tree"
  }

  /// How the VPC CNI finds addresses for pods.
  package enum PodAddresses: String, Sendable, CaseIterable, Codable {
    case secondary
    case prefixes
    case customSecondary = "custom-secondary"
    case customPrefixes = "custom-prefixes"
  }

  /// Which versions of instance metadata may be asked.
  package enum MetadataVersions: String, Sendable, CaseIterable, Codable {
    case any
    case v2
  }

  /// Nil: the region's own.
  package struct ServiceEndpoints: Sendable, Equatable {
    package var eks: String?
    package var ec2: String?
    package var sts: String?

    package init(eks: String? = nil, ec2: String? = nil, sts: String? = nil) {
      self.eks = eks
      self.ec2 = ec2
      self.sts = sts
    }
  }
}
