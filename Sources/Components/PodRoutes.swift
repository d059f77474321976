// SPDX-License-Identifier: Apache-2.0

import Facts
import Resources
import Spec
import Values

/// The way between nodes: routes to the other nodes' pods, the filter rules that pods need and etcd needs
/// against pods, and openings for the cluster's ports where the host filters what comes in.
///
/// A unit puts them there at each boot; the script takes exactly its own away.
package enum PodRoutes: Component {
  package static let name = "pod-routes"

  package static let unit = "kubewright-routes.service"

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    guard isNeeded(context) else { return [] }
    let script = Resource.file(
      File(
        path: Layout.networkScript,
        text: try NetworkScript(context).text,
        mode: 0o755,
        reason: "Sets and removes this host's pod routes and filter rules."
      )
    )
    let file = Resource.file(
      unitFile(context).file(reason: "Runs the network script at boot and when it changed.")
    )
    return [
      script, file,
      .unit(
        Unit(
          name: unit,
          dependsOn: ([script, file] + Firewalld.reloading(context)).dependencies,
          reloads: true,
          check: NetworkScript.checks(context) ? Layout.networkScript : nil,
          reason:
            "Pods reach pods of other nodes, no pod reaches etcd, and clients reach this host."
        )
      ),
    ].staged(stage(context))
  }

  static func isNeeded(_ context: HostContext) -> Bool {
    context.cluster.network.cni != .none || forwardsAll(context)
      || !OpenPort.needed(context).isEmpty
  }

  /// Whether all that is forwarded has to pass, which it does not where Docker ran before: the user's pod
  /// network has addresses that only it knows, so no rule can name them.
  static func forwardsAll(_ context: HostContext) -> Bool {
    context.isWorker && context.cluster.network.cni == .none
  }

  /// Whether it sets filter rules.
  static func filters(_ context: HostContext) -> Bool {
    let isOurs = context.cluster.network.cni != .none
    return isOurs && (context.isWorker || context.isEtcd) || forwardsAll(context)
      || !OpenPort.needed(context).isEmpty
  }

  /// Ports must be open before anything is asked for at them.
  ///
  /// Hosts that are no nodes must not appear among the workers, whose gate waits for nodes.
  private static func stage(_ context: HostContext) -> Stage {
    if !OpenPort.needed(context).isEmpty { return .prepare }
    if context.isWorker { return .workers }
    return context.isControlPlane ? .controlPlane : .etcd
  }

  private static func unitFile(_ context: HostContext) -> UnitFile {
    UnitFile(
      name: unit,
      description: "Routes and filter rules of the pod network",
      // Docker sets a policy when it starts; firewalld begins with empty tables.
      after: ["network-online.target", "docker.service"]
        + (context.facts.firewalld == nil ? [] : ["firewalld.service"]),
      wants: ["network-online.target"],
      command: [Layout.networkScript, "start"],
      service: [
        ("Type", "oneshot"), ("RemainAfterExit", "yes"), ("TimeoutStartSec", "360"),
        ("ExecReload", "\(Layout.networkScript) start"),
        ("ExecStop", "\(Layout.networkScript) stop"),
      ]
    )
  }
}
