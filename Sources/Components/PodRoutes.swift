// SPDX-License-Identifier: Apache-2.0

import Resources
import Spec
import Values

/// The way between nodes: routes to the other nodes' pods, and the filter rules that pods need and
/// etcd needs against pods.
///
/// A unit puts them there at each boot; the script takes exactly its own away.
package enum PodRoutes: Component {
  package static let name = "pod-routes"

  package static let unit = "kubewright-routes.service"

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    guard context.cluster.network.cni == .bridge else { return [] }
    let script = Resource.file(
      File(
        path: Layout.networkScript,
        text: try NetworkScript(context).text,
        mode: 0o755,
        reason: "Sets and removes this host's pod routes and filter rules."
      )
    )
    let file = Resource.file(
      unitFile.file(reason: "Runs the network script at boot and when it changed.")
    )
    return [
      script, file,
      .unit(
        Unit(
          name: unit,
          dependsOn: [script, file].dependencies,
          reloads: true,
          reason: "Pods reach pods of other nodes, and no pod reaches etcd."
        )
      ),
    ].staged(stage(context))
  }

  /// Hosts that are no nodes must not appear among the workers, whose gate waits for nodes.
  private static func stage(_ context: HostContext) -> Stage {
    if context.isWorker { return .workers }
    return context.isControlPlane ? .controlPlane : .etcd
  }

  private static let unitFile = UnitFile(
    name: unit,
    description: "Routes and filter rules of the pod network",
    after: ["network-online.target"],
    wants: ["network-online.target"],
    command: [Layout.networkScript, "start"],
    service: [
      ("Type", "oneshot"), ("RemainAfterExit", "yes"), ("TimeoutStartSec", "60"),
      ("ExecReload", "\(Layout.networkScript) start"), ("ExecStop", "\(Layout.networkScript) stop"),
    ]
  )
}
