// SPDX-License-Identifier: Apache-2.0

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
    let configuration = File(
      path: "\(Layout.cniConfigurations)/10-kubewright.conflist",
      text: try configuration(context).json,
      mode: 0o600,
      reason: "Pods get an interface on the bridge \(bridge) and an address of the node's subnet."
    )
    return try CNIPlugins.resources(context) + [.init(.workers, .file(configuration))]
  }

  /// - Throws: `Failure` (`internalError`) where the host has no subnet or the catalog no version.
  private static func configuration(_ context: HostContext) throws -> Document {
    let subnet = try context.podSubnet()
    return [
      "cniVersion": .text(try CNIPlugins.specification(context)),
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
