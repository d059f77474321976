// SPDX-License-Identifier: Apache-2.0

import Catalog
import Facts
import Resources
import Spec
import Values

/// What runs containers: CRI-O, from packages or as the host has it, with a configuration of ours.
package enum CRIO: Component {
  package static let name = "crio"

  static let unit = "crio.service"
  /// Kubelets up to 1.25 or so know CRI-O by this very path, and take its statistics from cAdvisor
  /// then.
  ///
  /// Source: kubernetes/kubernetes pkg/kubelet/cadvisor/util.go, UsingLegacyCadvisorStats.
  static let socket = "unix:///var/run/crio/crio.sock"
  static let store = "/var/lib/containers"

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    guard context.isWorker, context.host.runtime.engine == .crio else { return [] }
    let repository = try CRIOPackages.repository(context)
    let packages = try CRIOPackages.packages(context)
    let files = try CRIOFiles.resources(context)
    let delivered = DeliveredImages(context, engine: ContainerImage.crio)
    let skopeo = delivered.archives.isEmpty ? [] : CRIOPackages.skopeo(context)
    let service = Resource.unit(
      Unit(
        name: unit,
        dependsOn: (packages + files).dependencies,
        reason: "CRI-O runs, now and after a reboot."
      )
    )
    return (directories + repository + packages + skopeo + delivered.archives).staged(.prepare)
      + (CRIOFiles.absences + files + delivered.images + [service]).staged(.workers)
  }

  /// Before the packages, which would make them themselves: what is there before us stays after reset.
  private static let directories: [Resource] = [
    .directory(
      Directory(path: store, ownsContents: true, reason: "Images and containers' layers.")
    ),
    .directory(
      Directory(path: "/etc/crio", ownsContents: true, reason: "CRI-O's configuration.")
    ),
    .directory(
      Directory(
        path: "/var/lib/crio",
        ownsContents: true,
        reason: "The version that CRI-O last ran as."
      )
    ),
  ]
}

extension HostContext {
  /// The minor of CRI-O.
  var crioMinor: Minor { host.runtime.version ?? minor }

  /// Where images without a registry in their name are looked for; on EKS first where its own are.
  var imageRegistries: [String] {
    [eks.flatMap { EKSRegistry.host(in: $0.region) }].compactMap(\.self) + crio.registries
  }

  var crio: CRIOSpec { host.runtime.crio ?? CRIOSpec() }
}
