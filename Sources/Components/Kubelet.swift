// SPDX-License-Identifier: Apache-2.0

import Catalog
import PKI
import Resources
import Spec
import Values

/// The kubelet: its API asks for certificates or tokens and lets RBAC decide.
package enum Kubelet: Component {
  package static let name = "kubelet"

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    guard context.isWorker else { return [] }
    let program = try context.binary(name, reason: "Runs this node's pods.")
    let files = try files(context)
    let unit = try unit(context).file(
      reason: "Starts the kubelet; what has a place in its configuration file is there."
    )
    let delivered = [program] + (try EKSAccess.programs(context))
    let read = files + delivered + [CertificateFiles.clusterAuthority(context), .file(unit)]
    let directories: [Resource] =
      CertificateFiles.directories(context) + [
        CertificateFiles.clusterAuthority(context),
        .directory(
          Directory(
            path: Layout.kubelet,
            ownsContents: true,
            reason: "The kubelet's pods and volumes."
          )
        ),
        .directory(
          Directory(path: Layout.kubeletPKI, mode: 0o700, reason: "The kubelet's server key.")
        ),
        .directory(
          Directory(path: "/var/log/pods", ownsContents: true, reason: "Logs of pods.")
        ),
        .directory(
          Directory(
            path: "/var/log/containers",
            ownsContents: true,
            reason: "Links to logs of pods."
          )
        ),
      ]
    // The pod network of EKS calls some of them, and does not bring all.
    let plugins = context.eks == nil ? [] : try CNIPlugins.resources(context)
    return (directories + delivered).staged(.prepare) + plugins
      + (files + [
        .file(unit),
        .unit(
          Unit(
            name: "\(name).service",
            dependsOn: read.dependencies,
            reason: "The kubelet runs, now and after a reboot."
          )
        ),
      ]).staged(.workers)
  }

  private static func files(_ context: HostContext) throws -> [Resource] {
    let settings = Resource.file(
      File(
        path: Layout.kubeletConfig,
        text: try KubeletConfiguration.document(context).yaml,
        mode: 0o600,
        reason: "The kubelet's settings (CIS 4.1.9, 4.2)."
      )
    )
    return try (context.eks == nil ? credentials(context) : EKSAccess.files(context)) + [settings]
  }

  private static func credentials(_ context: HostContext) throws -> [Resource] {
    let host = context.host.name
    return try context.files(
      of: .kubeletServer(host: host),
      at: "\(Layout.kubeletPKI)/kubelet",
      reason: "What the kubelet shows to the API server."
    )
      + [
        context.kubeconfig(
          at: Layout.kubeletKubeconfig,
          server: context.nearestAPIServer,
          user: "system:node:\(host)",
          leaf: .kubeletClient(host: host),
          reason: "By which the kubelet enters the API as this node."
        )
      ]
  }

  private static func unit(_ context: HostContext) throws -> UnitFile {
    let arguments = try Arguments(.kubelet, at: context.minor, try flags(context))
    let runtime = KubeletRuntime(context)
    return UnitFile(
      name: "\(name).service",
      description: "Kubernetes node agent",
      after: ["network.target", runtime.unit],
      wants: [runtime.unit],
      command: ["\(Layout.binaries)/\(name)"] + arguments.words,
      // Pods outlive a restart of the kubelet.
      service: [("KillMode", "process")] + UnitFile.alwaysRestarted
        + [("LimitNOFILE", "65536"), ("CPUAccounting", "true"), ("MemoryAccounting", "true")]
    )
  }

  private static func flags(_ context: HostContext) throws -> [Flag] {
    let host = context.host
    let runtime = KubeletRuntime(context)
    var flags: [Flag] = [
      .set("config", Layout.kubeletConfig),
      .set("kubeconfig", Layout.kubeletKubeconfig),
    ]
    flags += try names(context)
    flags += [
      .ifKnown("volume-plugin-dir", "\(Layout.kubelet)/volume-plugins"),
      .ifKnown("container-runtime", runtime.socket == nil ? "docker" : "remote"),
      .ifKnown(
        "pod-infra-container-image",
        Catalog.standard.fact(.pauseImage, at: context.minor)
      ),
    ]
    flags += runtime.shimFlags
    if let socket = runtime.socket,
      !KubeletConfiguration.has("containerRuntimeEndpoint", at: context.minor)
    {
      flags.append(.set("container-runtime-endpoint", socket))
    }
    var labels = host.labels
    // Who joins EKS need not be one who may change nodes: what the kubelet may say, it says itself.
    if context.eks != nil { labels.merge(HandlerObjects.labels(of: host)) { own, _ in own } }
    labels = labels.filter { VersionedChoices.kubeletMaySet(label: $0.key) }
    if !labels.isEmpty {
      let text = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      flags.append(.set("node-labels", text.joined(separator: ",")))
    }
    if !host.taints.isEmpty, !KubeletConfiguration.has("registerWithTaints", at: context.minor) {
      let text = host.taints.map { "\($0.key)=\($0.value):\($0.effect.rawValue)" }
      flags.append(.set("register-with-taints", text.joined(separator: ",")))
    }
    return flags
  }

  /// What the node is called and where it is reached.
  private static func names(_ context: HostContext) throws -> [Flag] {
    guard let eks = context.eks else {
      return [
        .set("node-ip", context.host.nodeIP.description),
        .set("hostname-override", context.host.name),
      ]
    }
    let node = try context.eksNode()
    let provider = eks.cloudProvider(at: context.minor)
    var flags: [Flag] = [.set("node-ip", node.address), .set("cloud-provider", provider.flag)]
    switch provider {
    case .inTree:
      // The provider itself calls the node by its private DNS name.
      if eks.ec2Endpoint != nil { flags.append(.set("cloud-config", EKSAccess.cloudConfiguration)) }
    case .external:
      flags.append(.set("hostname-override", node.name))
      if !KubeletConfiguration.has("providerID", at: context.minor) {
        flags.append(.set("provider-id", node.providerID))
      }
    }
    if EKSAccess.needsImageCredentials(context) {
      flags += [
        .set("image-credential-provider-config", EKSAccess.imageCredentials),
        .set("image-credential-provider-bin-dir", EKSAccess.imageCredentialPrograms),
      ]
    }
    return flags
  }
}
