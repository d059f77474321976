// SPDX-License-Identifier: Apache-2.0

import Catalog
import Resources
import Values

/// What every pod network of ours calls: the reference plugins, and the folders that they use.
enum CNIPlugins {
  /// - Throws: `Failure` (`artifact`) where a plugin is not among the programs.
  static func resources(_ context: HostContext) throws -> [StagedResource] {
    // aws-vpc-cni-init copies its own into the folder whenever it starts; other pod networks do the same.
    let isShared = context.eks != nil
    let plugins = try ["bridge", "host-local", "loopback", "portmap"].map {
      try context.binary(
        $0,
        in: Layout.cniPrograms,
        mayBeReplaced: isShared,
        reason: "The CNI plugin \($0), called for each pod"
          + (isShared ? "; one that the cluster's pod network puts in its place stays." : ".")
      )
    }
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
    return (directories + plugins).staged(.prepare)
  }

  /// The version of the CNI specification that configurations are written in.
  /// - Throws: `Failure` (`internalError`) where the catalog has no version.
  static func specification(_ context: HostContext) throws -> String {
    let text = Catalog.standard.fact(.cniPluginsVersion, at: context.minor)
    guard let version = KubernetesVersion(text) else {
      throw Failure(.internalError, "the catalog's CNI plugins version '\(text)' is no version")
    }
    return VersionedChoices.cniSpecification(plugins: version)
  }
}
