// SPDX-License-Identifier: Apache-2.0

import Catalog
import Facts
import Resources
import Spec
import Values

/// CRI-O's packages, and the repository that they come from with its signatures checked.
enum CRIOPackages {
  static let rpmRepository = "/etc/yum.repos.d/kubewright-cri-o.repo"
  static let debRepository = "/etc/apt/sources.list.d/kubewright-cri-o.list"
  static let rpmKey = "/etc/pki/rpm-gpg/RPM-GPG-KEY-kubewright-cri-o"
  static let debKey = "/etc/apt/kubewright-cri-o.asc"

  /// The packages; none where the host has CRI-O by itself.
  /// - Throws: `Failure` (`preflight`) where there is no package manager.
  static func packages(_ context: HostContext) throws -> [Resource] {
    guard let manager = try manager(context) else { return [] }
    return context.crio.packages.map { name in
      .package(
        Package(
          name: name,
          manager: manager.rawValue,
          repository: context.crio.source == .repository
            ? manager == .apt ? debRepository : rpmRepository : nil,
          reason: "Runs containers: CRI-O \(context.crioMinor)."
        )
      )
    }
  }

  /// Where the packages come from: the repository's file, and the key that signs it.
  /// - Throws: `Failure` (`preflight`) where there is no package manager, no such repository, or no key
  ///   for apt.
  static func repository(_ context: HostContext) throws -> [Resource] {
    guard let manager = try manager(context), context.crio.source == .repository else { return [] }
    return try repository(context, manager: manager)
  }

  /// nil where nothing is installed.
  private static func manager(_ context: HostContext) throws -> PackageManager? {
    guard context.crio.source != .host else { return nil }
    guard let manager = context.facts.packageManager else {
      throw Failure(
        .preflight,
        host: context.host.name,
        "has no package manager to install CRI-O with",
        remedy: "put CRI-O on the host and set runtime.crio.source to host"
      )
    }
    return manager
  }

  /// What loads image archives into CRI-O's store.
  static func skopeo(_ context: HostContext) -> [Resource] {
    guard let manager = context.facts.packageManager else { return [] }
    return [
      .package(
        Package(
          name: "skopeo",
          manager: manager.rawValue,
          reason: "Loads images that need no registry into CRI-O's store."
        )
      )
    ]
  }

  private static func repository(
    _ context: HostContext,
    manager: PackageManager
  ) throws -> [Resource] {
    let spec = context.crio.repository
    let project = Catalog.standard.fact(.crioRepository, at: context.crioMinor)
      .replacing("MINOR", with: "v\(context.crioMinor)")
    guard !(spec.url ?? project).isEmpty else {
      throw Failure(
        .preflight,
        host: context.host.name,
        "no repository is known that has CRI-O \(context.crioMinor)",
        remedy:
          "name one under runtime.crio.repository, or set runtime.crio.source to distribution or host"
      )
    }
    switch manager {
    case .dnf, .yum:
      let base = spec.url ?? project + "rpm/"
      // Without a key of the user's it comes over HTTPS, from whoever has the packages.
      let key = spec.key == nil ? trailed(base) + "repodata/repomd.xml.key" : "file://\(rpmKey)"
      return keyFile(spec.key, at: rpmKey)
        + [
          .file(
            File(
              path: rpmRepository,
              text: rpmRepositoryText(context.crioMinor, base: base, key: key),
              reason: "Where CRI-O's packages come from; only signed ones are taken."
            )
          )
        ]
    case .apt:
      let base = spec.url ?? project + "deb/"
      guard spec.key != nil else {
        throw Failure(
          .preflight,
          host: context.host.name,
          "apt trusts no repository without a key, and none is given for \(base)",
          remedy: "put the text of \(trailed(base))Release.key under runtime.crio.repository.key"
        )
      }
      return keyFile(spec.key, at: debKey)
        + [
          .file(
            File(
              path: debRepository,
              text: "# Written by kubewright.\ndeb [signed-by=\(debKey)] \(trailed(base)) /\n",
              reason: "Where CRI-O's packages come from; only signed lists are taken."
            )
          )
        ]
    }
  }

  private static func trailed(_ url: String) -> String { url.hasSuffix("/") ? url : url + "/" }

  private static func keyFile(_ key: String?, at path: String) -> [Resource] {
    guard let key else { return [] }
    return [.file(File(path: path, text: key, reason: "Whose packages of CRI-O are taken."))]
  }

  /// yum fills in `$basearch` itself.
  private static func rpmRepositoryText(_ minor: Minor, base: String, key: String) -> String {
    """
    # Written by kubewright.
    [kubewright-cri-o]
    name=CRI-O \(minor) - $basearch
    baseurl=\(base)
    enabled=1
    gpgcheck=1
    gpgkey=\(key)

    """
  }
}
