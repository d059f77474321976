// SPDX-License-Identifier: Apache-2.0

import Catalog
import Facts
import Resources
import Spec
import Values

/// The files that CRI-O and its tools read.
enum CRIOFiles {
  static let policy = "/etc/crio/policy.json"

  /// Configurations of a pod network that packages of CRI-O put in place, of which some come before
  /// ours by name, and any makes a node ready before its own network is there.
  ///
  /// Source: contrib/cni of cri-o v1.11.0, v1.20.9, v1.36.0; the packages' file lists.
  static let packagedNetworks = [
    "10-crio-bridge.conf", "10-crio-bridge.conflist", "11-crio-ipv4-bridge.conf",
    "11-crio-ipv4-bridge.conflist", "100-crio-bridge.conf", "100-crio-bridge.conflist",
    "200-loopback.conf",
  ]

  static let absences: [Resource] = packagedNetworks.map { name in
    .absence(
      Absence(
        path: "\(Layout.cniConfigurations)/\(name)",
        reason: "The package's example of a pod network: the cluster has its own."
      )
    )
  }

  static func resources(_ context: HostContext) throws -> [Resource] {
    let hasDropIns = Catalog.standard.has(.crioDropIns, at: context.crioMinor)
    let folder = Resource.directory(
      Directory(path: "/etc/crio/crio.conf.d", reason: "Parts of CRI-O's configuration.")
    )
    return (hasDropIns ? [folder] : [])
      + [
        .file(
          File(
            path: CRIOConfiguration.path(at: context.crioMinor),
            text: try CRIOConfiguration(context).text(),
            reason: "Makes CRI-O agree with the kubelet: cgroups, CNI, pause image, handlers."
          )
        ),
        .file(
          File(
            path: policy,
            text: "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}\n",
            reason: "CRI-O pulls nothing without a policy; this one takes unsigned images too, as "
              + "other runtimes do."
          )
        ),
        .file(
          File(
            path: "/etc/crictl.yaml",
            text: "runtime-endpoint: \(CRIO.socket)\nimage-endpoint: \(CRIO.socket)\n",
            reason: "crictl finds CRI-O without being told."
          )
        ),
      ] + registries(context) + unit(context)
  }

  /// Releases that do not read this form have the list in crio.conf.
  private static func registries(_ context: HostContext) -> [Resource] {
    let registries = context.imageRegistries
    guard Catalog.standard.has(.crioSearchRegistries, at: context.crioMinor) else { return [] }
    let path =
      Catalog.standard.has(.crioRegistriesDropIns, at: context.crioMinor)
      ? "/etc/containers/registries.conf.d/50-kubewright.conf" : "/etc/containers/registries.conf"
    var text = TOMLText()
    text.set(
      "unqualified-search-registries",
      in: "",
      to: .texts(registries),
      reason: "Where images without a registry in their name are looked for."
    )
    return [
      .file(
        File(
          path: path,
          text: text.text,
          reason: "The registries of images whose name has none."
        )
      )
    ]
  }

  /// Only what came without packages has no unit of its own that can be relied on.
  private static func unit(_ context: HostContext) -> [Resource] {
    guard context.crio.source == .host else { return [] }
    let unit = UnitFile(
      name: CRIO.unit,
      description: "CRI-O, runs containers for Kubernetes",
      after: ["network-online.target"],
      wants: ["network-online.target"],
      command: [context.facts.tools["crio"] ?? "/usr/local/bin/crio"],
      service: [
        ("Type", "notify"), ("Environment", "GOTRACEBACK=crash"), ("TasksMax", "infinity"),
        ("LimitNPROC", "1048576"), ("LimitCORE", "infinity"),
      ] + UnitFile.alwaysRestarted
        + (context.facts.mayLowerOOMScore ? [("OOMScoreAdjust", "-999")] : [])
        // Containers and their monitors outlive a restart of CRI-O.
        + [("KillMode", "process"), ("Delegate", "yes")]
    )
    return [.file(unit.file(reason: "Starts CRI-O, which came without a unit."))]
  }
}
