// SPDX-License-Identifier: Apache-2.0

import Catalog
import Resources
import Spec
import Values

/// The pod network of type `bridge`: a bridge on each worker with the worker's own subnet.
///
/// How nodes reach each other's subnets is the matter of `PodRoutes`.
package enum CNIBridge: Component {
  package static let name = "cni-bridge"

  package static let bridge = "cni0"

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    guard context.isWorker, context.cluster.network.cni == .bridge else { return [] }
    let plugins = try ["bridge", "host-local", "loopback", "portmap"].map {
      try context.binary(
        $0,
        in: Layout.cniPrograms,
        reason: "The CNI plugin \($0), called for each pod."
      )
    }
    let configuration = File(
      path: "\(Layout.cniConfigurations)/10-kubewright.conflist",
      text: try configuration(context).json,
      mode: 0o600,
      reason: "Pods get an interface on the bridge \(bridge) and an address of the node's subnet."
    )
    let directories: [Resource] = [
      .directory(Directory(path: Layout.cniPrograms, reason: "The CNI plugins.")),
      .directory(Directory(path: Layout.cniConfigurations, reason: "The CNI configuration.")),
      .directory(
        Directory(
          path: "/var/lib/cni",
          ownsContents: true,
          reason: "Which pod holds which address; the plugins keep it there."
        )
      ),
    ]
    return (directories + plugins).staged(.prepare) + [.init(.workers, .file(configuration))]
  }

  /// - Throws: `Failure` (`internalError`) where the host has no subnet or the catalog no version.
  private static func configuration(_ context: HostContext) throws -> Document {
    let text = Catalog.standard.fact(.cniPluginsVersion, at: context.minor)
    guard let version = KubernetesVersion(text) else {
      throw Failure(.internalError, "the catalog's CNI plugins version '\(text)' is no version")
    }
    let subnet = try context.podSubnet()
    return [
      "cniVersion": .text(VersionedChoices.cniSpecification(plugins: version)),
      "name": "kubewright",
      "plugins": [
        [
          "type": "bridge", "bridge": .text(bridge), "isGateway": true, "isDefaultGateway": true,
          "hairpinMode": true,
          // The plugin would hide pods behind their node even from pods of other nodes; the rule for
          // traffic that leaves the pod network is in the network script.
          "ipMasq": false,
          "ipam": ["type": "host-local", "ranges": [[["subnet": .text(subnet.description)]]]],
        ],
        ["type": "portmap", "capabilities": ["portMappings": true], "snat": true],
      ],
    ]
  }
}

extension HostContext {
  /// This host's part of the pod network.
  /// - Throws: `Failure` (`internalError`) where none was allocated.
  func podSubnet() throws -> CIDR {
    guard let subnet = podSubnets[host.name] else {
      throw Failure(.internalError, host: host.name, "no pod subnet was allocated")
    }
    return subnet
  }
}
