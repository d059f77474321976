// SPDX-License-Identifier: Apache-2.0

import Catalog
import PKI
import Resources
import Spec
import Values

/// kube-proxy, which makes services reachable from the node and its pods.
package enum KubeProxy: Component {
  package static let name = "kube-proxy"

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    // EKS runs its own as a DaemonSet.
    guard context.isWorker, context.eks == nil else { return [] }
    let program = try context.binary(name, reason: "Makes services reachable.")
    let kubeconfig = try context.kubeconfig(
      at: Layout.proxyKubeconfig,
      server: context.nearestAPIServer,
      user: "system:kube-proxy",
      leaf: .kubeProxy,
      reason: "By which kube-proxy enters the API."
    )
    let configuration = Resource.file(
      File(
        path: Layout.proxyConfig,
        text: configuration(context).yaml,
        mode: 0o600,
        reason: "kube-proxy's settings; once there is such a file it ignores nearly all flags."
      )
    )
    let unit = try unit(context).file(reason: "Starts kube-proxy.")
    return
      (CertificateFiles.directories(context)
      + [
        .directory(
          Directory(path: Layout.proxy, ownsContents: true, reason: "kube-proxy's settings.")
        ),
        program,
      ]).staged(.prepare)
      + [
        kubeconfig, configuration, .file(unit),
        .unit(
          Unit(
            name: "\(name).service",
            dependsOn: ([program, kubeconfig, configuration, .file(unit)]
              + Firewalld.reloading(context)).dependencies,
            reason: "kube-proxy runs, now and after a reboot."
          )
        ),
      ].staged(.workers)
  }

  private static func unit(_ context: HostContext) throws -> UnitFile {
    let flags: [Flag] = [
      .set("config", Layout.proxyConfig),
      // The only flag that still counts beside a file.
      .set("hostname-override", context.host.name),
    ]
    let arguments = try Arguments(.proxy, at: context.minor, flags)
    return UnitFile(
      name: "\(name).service",
      description: "Kubernetes service proxy",
      after: ["network.target"],
      command: ["\(Layout.binaries)/\(name)"] + arguments.words,
      service: UnitFile.alwaysRestarted
        + [
          ("LimitNOFILE", "65536"), ("NoNewPrivileges", "true"), ("ProtectHome", "true"),
          ("PrivateTmp", "true"),
        ]
    )
  }

  private static func configuration(_ context: HostContext) -> Document {
    let network = context.cluster.network
    var members: [(key: String, value: Document)] = [
      ("apiVersion", .text(Catalog.standard.fact(.kubeProxyConfigAPIVersion, at: context.minor))),
      ("kind", "KubeProxyConfiguration"),
      ("clientConnection", ["kubeconfig": .text(Layout.proxyKubeconfig)]),
      ("hostnameOverride", .text(context.host.name)),
      // Says which address the node has; without it kube-proxy waits for the node to register.
      ("bindAddress", .text(context.host.nodeIP.description)),
      ("mode", .text(network.proxyMode.rawValue)),
      ("clusterCIDR", .text(network.podCIDR.description)),
      // Nobody is asked who he is there, so both stay on this host.
      ("healthzBindAddress", "127.0.0.1:10256"),
      ("metricsBindAddress", "127.0.0.1:10249"),
    ]
    if Conntrack.isLeftAlone(context) { members.append(("conntrack", Conntrack.untouched)) }
    if let gate = VersionedChoices.proxyGate(for: network.proxyMode, at: context.minor) {
      members.append(("featureGates", .map([(key: gate, value: .flag(true))])))
    }
    return .map(members)
  }
}
