// SPDX-License-Identifier: Apache-2.0

import PKI
import Resources
import Spec
import Values

/// The pod network of type `flannel`: its daemon learns the nodes' subnets from the API, and either wraps
/// traffic between nodes or routes it.
///
/// The subnets are those that the nodes are given through the API; forwarding and masquerading are the
/// network script's, as for every pod network.
package enum Flannel: Component {
  package static let name = "flannel"

  /// The certificate's user, whose rights are in `ClusterObjects`.
  static let user = "flannel"

  /// The port of VXLAN packets between nodes, UDP: flannel's own choice, which is Linux' default.
  static let vxlanPort = 8472

  /// Interfaces that it makes; the bridge is made by the plugin that it delegates to.
  static let interfaces = [CNIBridge.bridge, "flannel.1"]

  private static let unit = "flanneld.service"

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    guard context.isWorker, context.cluster.network.cni == .flannel else { return [] }
    let daemon = try context.suppliedBinary("flanneld", reason: "Connects the nodes' pod subnets.")
    let plugin = try context.suppliedBinary(
      "flannel",
      in: Layout.cniPrograms,
      reason: "The CNI plugin that gives pods what flanneld found out."
    )
    let kubeconfig = try context.kubeconfig(
      at: Layout.flannelKubeconfig,
      server: context.nearestAPIServer,
      user: user,
      leaf: .flannel,
      reason: "By which flanneld enters the API."
    )
    let network = Resource.file(
      File(
        path: Layout.flannelNetwork,
        text: settings(context.cluster.network).json,
        reason: "The pod network and how flannel carries it."
      )
    )
    let unitFile = Resource.file(file(context))
    return try CNIPlugins.resources(context)
      + (CertificateFiles.directories(context) + [
        .directory(Directory(path: "/etc/kube-flannel", reason: "flannel's settings.")),
        daemon, plugin,
      ]).staged(.prepare)
      + [
        .file(
          File(
            path: "\(Layout.cniConfigurations)/10-kubewright.conflist",
            text: try configuration(context).json,
            mode: 0o600,
            reason: "Pods get an interface on a bridge, as flanneld found out for this node."
          )
        ),
        kubeconfig, network, unitFile,
        .unit(
          Unit(
            name: unit,
            dependsOn: [daemon, kubeconfig, network, unitFile].dependencies,
            waitsByRestarting: true,
            reason: "flanneld runs, now and after a reboot."
          )
        ),
      ].staged(.workers)
  }

  private static func settings(_ network: NetworkSpec) -> Document {
    [
      "Network": .text(network.podCIDR.description),
      "Backend": ["Type": .text(network.flannelBackend.rawValue)],
    ]
  }

  private static func configuration(_ context: HostContext) throws -> Document {
    [
      "cniVersion": .text(try CNIPlugins.specification(context)),
      "name": "kubewright",
      "plugins": [
        [
          "type": "flannel",
          "delegate": [
            "bridge": .text(CNIBridge.bridge), "hairpinMode": true, "isDefaultGateway": true,
          ],
        ],
        ["type": "portmap", "capabilities": ["portMappings": true], "snat": true],
      ],
    ]
  }

  private static func file(_ context: HostContext) -> File {
    let address = context.host.nodeIP.description
    return UnitFile(
      name: unit,
      description: "flannel pod network",
      after: ["network.target"],
      command: [
        "\(Layout.binaries)/flanneld", "--kube-subnet-mgr",
        "--kubeconfig-file=\(Layout.flannelKubeconfig)",
        "--net-config-path=\(Layout.flannelNetwork)", "--iface=\(address)",
        "--public-ip=\(address)",
      ],
      // It restarts until the node has its subnet.
      service: [("Environment", "NODE_NAME=\(context.host.name)")] + UnitFile.alwaysRestarted
        + [("LimitNOFILE", "65536")]
    ).file(reason: "Starts flanneld, which takes the nodes' subnets from the API.")
  }

  /// What flanneld may do in the API: read the nodes and note on its own how it is reached.
  static func objects(_ minor: Minor) -> [ClusterObject] {
    let rules: [Document] = [
      ["apiGroups": [""], "resources": ["nodes"], "verbs": ["get", "list", "watch"]],
      ["apiGroups": [""], "resources": ["nodes/status"], "verbs": ["patch"]],
      // Releases before 0.13 ask for their own pod.
      ["apiGroups": [""], "resources": ["pods"], "verbs": ["get"]],
    ]
    return [
      RBACObject(minor: minor, kind: "ClusterRole", name: "kubewright:flannel").object(
        [("rules", .list(rules))],
        reason: "What flanneld reads of nodes, and notes on them."
      ),
      RBACObject(minor: minor, kind: "ClusterRoleBinding", name: "kubewright:flannel").object(
        [
          ("roleRef", RBACObject.clusterRole("kubewright:flannel")),
          ("subjects", [RBACObject.subject("User", user)]),
        ],
        reason: "Gives flanneld its rights."
      ),
    ]
  }
}
