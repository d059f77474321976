// SPDX-License-Identifier: Apache-2.0

import Catalog
import Facts
import Spec
import Values

/// The kubelet's configuration file.
///
/// `rotateCertificates` and `serverTLSBootstrap` are left alone where hosts of ours are the control
/// plane: the operator owns all certificates, and nothing on the hosts could sign new ones. EKS signs.
enum KubeletConfiguration {
  static func has(_ field: String, at minor: Minor) -> Bool {
    Catalog.standard.has(field: field, of: .kubelet, at: minor)
  }

  static func document(_ context: HostContext) throws -> Document {
    let node = context.eks == nil ? nil : try context.eksNode()
    return .map(
      header(context) + access + certificate(context) + names(context, node)
        + limits(context, node) + kernel(context) + newer(context, node)
    )
  }

  private static func header(_ context: HostContext) -> [(key: String, value: Document)] {
    [
      ("apiVersion", .text(Catalog.standard.fact(.kubeletConfigAPIVersion, at: context.minor))),
      ("kind", "KubeletConfiguration"),
    ]
  }

  /// Who may enter, and over what.
  private static let access: [(key: String, value: Document)] = [
    (
      "authentication",
      [
        "anonymous": ["enabled": false], "webhook": ["enabled": true],
        "x509": ["clientCAFile": .text("\(Layout.pki)/ca.crt")],
      ]
    ),
    ("authorization", ["mode": "Webhook"]),
    ("readOnlyPort", 0), ("tlsMinVersion", .text(TLSPolicy.minimumVersion)),
    ("tlsCipherSuites", .texts(TLSPolicy.cipherSuites)),
  ]

  /// What the kubelet shows to the API server.
  private static func certificate(_ context: HostContext) -> [(key: String, value: Document)] {
    if context.eks != nil {
      let gate: [(key: String, value: Document)] =
        Catalog.standard.has(.serverTLSBootstrap, at: context.minor)
        ? [] : [("featureGates", ["RotateKubeletServerCertificate": true])]
      return [("serverTLSBootstrap", true)] + gate
    }
    return [
      ("tlsCertFile", .text("\(Layout.kubeletPKI)/kubelet.crt")),
      ("tlsPrivateKeyFile", .text("\(Layout.kubeletPKI)/kubelet.key")),
    ]
  }

  private static func names(
    _ context: HostContext,
    _ node: EKSNode?
  ) -> [(key: String, value: Document)] {
    let network = context.cluster.network
    let resolved = "/run/systemd/resolve/resolv.conf"
    return [
      ("clusterDNS", [node.map(\.clusterDNS) ?? .text(network.dnsServiceAddress.description)]),
      ("clusterDomain", .text(network.dnsDomain)),
      // systemd-resolved's stub listens on the host's loopback, which no pod can reach.
      (
        "resolvConf",
        .text(context.facts.paths.contains(resolved) ? resolved : "/etc/resolv.conf")
      ),
    ]
  }

  private static func limits(
    _ context: HostContext,
    _ node: EKSNode?
  ) -> [(key: String, value: Document)] {
    [
      ("maxPods", node?.maxPods ?? .number(maximumPods(context.cluster.network))),
      ("podPidsLimit", 4096),
      ("eventRecordQPS", 50),
      (
        "evictionHard",
        [
          "memory.available": "100Mi", "nodefs.available": "5%", "nodefs.inodesFree": "3%",
          "imagefs.available": "5%",
        ]
      ),
    ]
  }

  /// Kubernetes' default, or what the node's subnet has addresses for: not its first (the network), its
  /// second (the bridge) and its last (broadcast).
  private static func maximumPods(_ network: NetworkSpec) -> Int {
    min(110, max(1, (1 << (32 - network.nodePrefix)) - 3))
  }

  private static func cgroupDriver(_ context: HostContext) -> String {
    let isDocker = context.host.runtime.engine == .docker
    return isDocker ? CgroupDriver.ofDocker(context.facts) : CgroupDriver(context.facts).rawValue
  }

  private static func kernel(_ context: HostContext) -> [(key: String, value: Document)] {
    [
      ("cgroupDriver", .text(cgroupDriver(context))),
      ("failSwapOn", true),
      // The kernel settings that it would otherwise write are resources of ours.
      ("protectKernelDefaults", true),
      ("makeIPTablesUtilChains", true),
    ]
  }

  /// Fields that came with some minor.
  private static func newer(
    _ context: HostContext,
    _ node: EKSNode?
  ) -> [(key: String, value: Document)] {
    var fields: [(key: String, value: Document)] = []
    func add(_ field: String, _ value: Document) {
      if has(field, at: context.minor) { fields.append((field, value)) }
    }
    if let socket = KubeletRuntime(context).socket {
      add("containerRuntimeEndpoint", .text(socket))
    }
    // CRI-O's own advice: it answers some requests only when an image is there.
    if context.host.runtime.engine == .crio { add("runtimeRequestTimeout", "10m0s") }
    if VersionedChoices.mayDefaultSeccomp(at: context.minor) { add("seccompDefault", true) }
    // From 1.35 on a kubelet refuses hosts with cgroup version 1 unless told otherwise.
    if context.facts.cgroup != .v2 { add("failCgroupV1", false) }
    if let node {
      fields.append(("kubeReserved", node.reserved))
      if context.eks?.cloudProvider(at: context.minor) == .external {
        add("providerID", .exact(node.providerID))
      }
    }
    if !context.host.taints.isEmpty {
      add("registerWithTaints", .list(context.host.taints.map(document)))
    }
    return fields
  }

  private static func document(_ taint: Taint) -> Document {
    [
      "key": .text(taint.key), "value": .text(taint.value),
      "effect": .text(taint.effect.rawValue),
    ]
  }
}
