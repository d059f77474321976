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

/// The cluster's networks.
package struct NetworkSpec: Sendable, Equatable {
  package var podCIDR: CIDR
  package var serviceCIDR: CIDR
  /// The length of each node's own subnet of `podCIDR`.
  package var nodePrefix: Int
  package var nodePorts: ClosedRange<Int>
  package var dnsDomain: String
  package var cni: CNIType
  package var proxyMode: ProxyMode
  /// How flannel carries pods' traffic between nodes; of no meaning to other pod networks.
  package var flannelBackend: FlannelBackend
  package var conntrack: ConntrackOwner
  /// Buckets of the kernel's connection table, set when its module loads; nil: the kernel's own choice.
  package var conntrackBuckets: Int?

  package init(
    podCIDR: CIDR = CIDR(base: IPv4Address(raw: 0x0AF4_0000), prefix: 16),
    serviceCIDR: CIDR = CIDR(base: IPv4Address(raw: 0x0A60_0000), prefix: 16),
    nodePrefix: Int = 24,
    nodePorts: ClosedRange<Int> = 30000...32767,
    dnsDomain: String = "cluster.local",
    cni: CNIType = .bridge,
    proxyMode: ProxyMode = .iptables,
    flannelBackend: FlannelBackend = .vxlan,
    conntrack: ConntrackOwner = .kernel,
    conntrackBuckets: Int? = nil
  ) {
    self.podCIDR = podCIDR
    self.serviceCIDR = serviceCIDR
    self.nodePrefix = nodePrefix
    self.nodePorts = nodePorts
    self.dnsDomain = dnsDomain
    self.cni = cni
    self.proxyMode = proxyMode
    self.flannelBackend = flannelBackend
    self.conntrack = conntrack
    self.conntrackBuckets = conntrackBuckets
  }

  /// The first service address: `kubernetes.default`.
  package var apiServiceAddress: IPv4Address { IPv4Address(raw: serviceCIDR.base.raw + 1) }
  /// The tenth service address, by custom the cluster's DNS.
  package var dnsServiceAddress: IPv4Address { IPv4Address(raw: serviceCIDR.base.raw + 10) }
}

package enum CNIType: String, Sendable, CaseIterable, Codable {
  /// Our own bridge on each node and routes between the nodes.
  case bridge
  /// The user brings one; nodes stay NotReady until it is there.
  case none
  /// flannel on each node, which asks the API for the nodes' subnets.
  case flannel
}

package enum FlannelBackend: String, Sendable, CaseIterable, Codable {
  case vxlan
  case hostGateway = "host-gw"
}

/// Who sizes the kernel's connection table.
package enum ConntrackOwner: String, Sendable, CaseIterable, Codable {
  case kernel
  case proxy
}

package enum ProxyMode: String, Sendable, CaseIterable, Codable {
  case userspace
  case iptables
  case ipvs
  case nftables
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

/// One machine.
package struct HostSpec: Sendable, Equatable {
  /// The node's name.
  package var name: String
  /// nil: this very machine.
  package var ssh: SSHSpec?
  /// `.unspecified` where instance metadata says it.
  package var nodeIP: IPv4Address
  package var roles: Set<Role>
  package var profile: Profile?
  package var runtime: RuntimeSpec
  package var labels: [String: String]
  package var taints: [Taint]

  package init(
    name: String,
    ssh: SSHSpec?,
    nodeIP: IPv4Address,
    roles: Set<Role>,
    profile: Profile? = nil,
    runtime: RuntimeSpec = RuntimeSpec(),
    labels: [String: String] = [:],
    taints: [Taint] = []
  ) {
    self.name = name
    self.ssh = ssh
    self.nodeIP = nodeIP
    self.roles = roles
    self.profile = profile
    self.runtime = runtime
    self.labels = labels
    self.taints = taints
  }
}

package enum Role: String, Sendable, CaseIterable, Codable {
  case etcd
  case controlPlane = "control-plane"
  case worker
}

/// Where things lie on a host.
package enum Profile: String, Sendable, CaseIterable, Codable {
  case generic
  /// Arista EOS: only /mnt/flash outlives a reload.
  case eos
}

/// How to reach a host.
package struct SSHSpec: Sendable, Equatable {
  package var address: String
  /// nil: what ssh_config says.
  package var port: Int?
  package var user: String?
  /// A private key file; nil: agent and ssh_config.
  package var identityFile: String?
  /// `ssh-ed25519 AAAA…`: the only host key accepted; nil: known_hosts decides.
  package var hostKey: String?
  /// `user@host:port`, as ssh's -J.
  package var jump: String?

  package init(
    address: String,
    port: Int? = nil,
    user: String? = nil,
    identityFile: String? = nil,
    hostKey: String? = nil,
    jump: String? = nil
  ) {
    self.address = address
    self.port = port
    self.user = user
    self.identityFile = identityFile
    self.hostKey = hostKey
    self.jump = jump
  }
}

/// What runs containers.
package struct RuntimeSpec: Sendable, Equatable {
  package var engine: RuntimeEngine
  /// The minor of CRI-O; nil: that of Kubernetes.
  package var version: Minor?
  /// What concerns CRI-O only; nil: its defaults.
  package var crio: CRIOSpec?
  /// Further ways to run a pod, beside the engine's own.
  package var handlers: [HandlerSpec]

  package init(
    engine: RuntimeEngine = .containerd,
    version: Minor? = nil,
    crio: CRIOSpec? = nil,
    handlers: [HandlerSpec] = []
  ) {
    self.engine = engine
    self.version = version
    self.crio = crio
    self.handlers = handlers
  }
}

package enum RuntimeEngine: String, Sendable, CaseIterable, Codable {
  case containerd
  case crio
  /// Docker Engine: driven by the kubelet itself up to Kubernetes 1.23, by cri-dockerd after.
  case docker
}

/// A taint in kubectl's form: `key=value:Effect`.
package struct Taint: Sendable, Hashable, CustomStringConvertible {
  package enum Effect: String, Sendable, CaseIterable {
    case noSchedule = "NoSchedule"
    case preferNoSchedule = "PreferNoSchedule"
    case noExecute = "NoExecute"
  }
  package var key: String
  package var value: String
  package var effect: Effect
  package init(key: String, value: String, effect: Effect) {
    self.key = key
    self.value = value
    self.effect = effect
  }
  package var description: String {
    value.isEmpty ? "\(key):\(effect.rawValue)" : "\(key)=\(value):\(effect.rawValue)"
  }
}
