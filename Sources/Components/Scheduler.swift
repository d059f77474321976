// SPDX-License-Identifier: Apache-2.0

import Catalog
import PKI
import Resources
import Spec
import Values

/// The scheduler, with the defaults of its minor; flags say all that we set, so it has no configuration
/// file (in every minor the flags here are ignored once there is one).
package enum Scheduler: Component {
  package static let name = "kube-scheduler"

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    guard context.isControlPlane else { return [] }
    return try LeaderElected(
      program: .scheduler,
      noun: "scheduler",
      purpose: "Places pods on nodes.",
      kubeconfig: Layout.schedulerKubeconfig,
      leaf: .scheduler(host: context.host.name),
      port: "10259",
      serving: .ifKnown
    ).resources(context)
  }
}
