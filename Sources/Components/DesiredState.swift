// SPDX-License-Identifier: Apache-2.0

import Resources
import Spec
import Values

/// Everything that a host should hold.
package enum DesiredState {
  /// The parts of a cluster in the order in which they come about on a host.
  static let components: [any Component.Type] = [
    SystemPreparation.self, TimeService.self, Etcd.self, APIServer.self, ControllerManager.self,
    Scheduler.self,
    PodFootprint.self, Handlers.self, Containerd.self, CRIO.self, Docker.self, CNIBridge.self,
    Flannel.self, Firewalld.self, PodRoutes.self, Kubelet.self, KubeProxy.self,
  ]

  /// What the host should hold, in the order in which it comes about.
  ///
  /// Components may name the same resource (`/etc/kubernetes`); it is listed once, where it is
  /// needed first.
  /// - Throws: `Failure`: a program, certificate or subnet is missing, the host cannot be used, or
  ///   (`internalError`) two components want different things under one name.
  package static func resources(for context: HostContext) throws -> [StagedResource] {
    var wanted: [StagedResource] = []
    var byID: [ResourceID: Resource] = [:]
    for component in components {
      for item in try component.resources(context) {
        guard let present = byID[item.resource.id] else {
          byID[item.resource.id] = item.resource
          wanted.append(item)
          continue
        }
        guard present == item.resource else {
          throw Failure(
            .internalError,
            host: context.host.name,
            "two components want different things of \(item.resource.id)"
          )
        }
      }
    }
    // Stage by stage, as it will be done; reset goes the same way back.
    let ordered = Stage.allCases.flatMap { stage in wanted.filter { $0.stage == stage } }
    return context.isEOS ? FlashPlacement(context).place(ordered) : ordered
  }
}
