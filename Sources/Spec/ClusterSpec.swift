// SPDX-License-Identifier: Apache-2.0

package import Values

/// A whole, valid cluster.yaml.
///
/// Values of this type leave the reader only after validation, so that nothing past it has to ask
/// whether a name is a name or a network overlaps.
package struct ClusterSpec: Sendable, Equatable {
  package var name: String
  package var kubernetes: KubernetesSpec
  package var controlPlane: ControlPlaneSpec
  package var network: NetworkSpec
  package var pki: PKISpec
  package var secretsEncryption: SecretsEncryptionSpec
  package var audit: AuditSpec
  package var etcd: EtcdSpec
  package var artifacts: ArtifactsSpec
  /// In the order of the file.
  package var hosts: [HostSpec]

  package init(
    name: String,
    kubernetes: KubernetesSpec,
    controlPlane: ControlPlaneSpec,
    network: NetworkSpec = NetworkSpec(),
    pki: PKISpec = PKISpec(),
    secretsEncryption: SecretsEncryptionSpec = SecretsEncryptionSpec(),
    audit: AuditSpec = AuditSpec(),
    etcd: EtcdSpec = EtcdSpec(),
    artifacts: ArtifactsSpec = ArtifactsSpec(),
    hosts: [HostSpec]
  ) {
    self.name = name
    self.kubernetes = kubernetes
    self.controlPlane = controlPlane
    self.network = network
    self.pki = pki
    self.secretsEncryption = secretsEncryption
    self.audit = audit
    self.etcd = etcd
    self.artifacts = artifacts
    self.hosts = hosts
  }

  /// Whether the control plane is EKS's.
  package var isOfEKS: Bool { controlPlane.eks != nil }

  /// The hosts that hold `role`, in the order of the file.
  package func hosts(with role: Role) -> [HostSpec] {
    hosts.filter { $0.roles.contains(role) }
  }
}

/// Which Kubernetes.
package struct KubernetesSpec: Sendable, Equatable {
  package var version: KubernetesVersion
  package init(version: KubernetesVersion) {
    self.version = version
  }
}

/// How clients reach the API.
package struct ControlPlaneSpec: Sendable, Equatable {
  /// The name or address that nodes and people use; of no meaning where EKS runs the control plane.
  package var endpoint: Endpoint
  /// The cluster of Amazon EKS that the hosts join; nil: hosts of ours are the control plane.
  package var eks: EKSSpec?
  /// Further names and addresses for the API server's certificate.
  package var extraSANs: [String]
  /// Admission plugins to switch on beside those that are on anyway.
  package var admissionPlugins: [String]

  package init(
    endpoint: Endpoint = Endpoint(host: ""),
    eks: EKSSpec? = nil,
    extraSANs: [String] = [],
    admissionPlugins: [String] = []
  ) {
    self.endpoint = endpoint
    self.eks = eks
    self.extraSANs = extraSANs
    self.admissionPlugins = admissionPlugins
  }
}

/// A host name or IPv4 address with a port: `1.1.1.1:6443`.
package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  package var host: String
  package var port: Int
  package init(host: String, port: Int = 6443) {
    self.host = host
    self.port = port
  }
  package var description: String { "\(host):\(port)" }
  package var url: String { "https://\(host):\(port)" }
}

/// What keys and certificates are like.
package struct PKISpec: Sendable, Equatable {
  package var algorithm: KeyAlgorithm
  /// Hours an authority is valid.
  package var authorityHours: Int
  /// Hours a leaf is valid.
  package var leafHours: Int
  /// A folder of the user's own authorities (ca.crt, ca.key, …), absolute or beside the spec.
  package var userAuthorities: String?

  package init(
    algorithm: KeyAlgorithm = .ecdsaP256,
    authorityHours: Int = 87600,
    leafHours: Int = 8760,
    userAuthorities: String? = nil
  ) {
    self.algorithm = algorithm
    self.authorityHours = authorityHours
    self.leafHours = leafHours
    self.userAuthorities = userAuthorities
  }
}

package enum KeyAlgorithm: String, Sendable, CaseIterable, Codable {
  case rsa2048
  case rsa3072
  case rsa4096
  case ecdsaP256
  case ecdsaP384
}

/// How secrets are encrypted in etcd.
package struct SecretsEncryptionSpec: Sendable, Equatable {
  package var provider: EncryptionProvider
  package init(provider: EncryptionProvider = .secretbox) {
    self.provider = provider
  }
}

package enum EncryptionProvider: String, Sendable, CaseIterable, Codable {
  case aescbc
  case aesgcm
  case secretbox
  case identity
}

/// Limits of the API server's audit log.
package struct AuditSpec: Sendable, Equatable {
  /// Days.
  package var maxAge: Int
  /// Files.
  package var maxBackup: Int
  /// MiB a file.
  package var maxSize: Int
  package init(maxAge: Int = 30, maxBackup: Int = 10, maxSize: Int = 100) {
    self.maxAge = maxAge
    self.maxBackup = maxBackup
    self.maxSize = maxSize
  }
}

/// The store.
package struct EtcdSpec: Sendable, Equatable {
  /// nil: the catalog's choice for the Kubernetes minor.
  package var version: KubernetesVersion?
  package init(version: KubernetesVersion? = nil) {
    self.version = version
  }
}

/// Where programs come from, in the order they are tried.
package struct ArtifactsSpec: Sendable, Equatable {
  package enum Source: Sendable, Equatable {
    /// The projects' own download places, checked against their published digests.
    case published
    /// A mirror with the same layout.
    case mirror(String)
    /// A folder of ready programs: `ARCH/NAME`, or `NAME`.
    case folder(String)
    /// Built from the distribution's source package on the operator's side.
    case build
  }
  package var sources: [Source]
  package init(sources: [Source] = [.published, .build]) {
    self.sources = sources
  }
}
