// SPDX-License-Identifier: Apache-2.0

import Catalog
import Values

/// What CRI-O needs.
enum CRIORules {
  static let all = [
    Rule(
      doc: "`version` and `crio` of a runtime are CRI-O's alone.",
      check: foreignKeys
    ),
    Rule(
      doc: "The minor of CRI-O is a supported one; another than that of Kubernetes is warned of.",
      check: version
    ),
    Rule(
      doc: "A repository is named where CRI-O comes from one and the project has none for that "
        + "minor (before \(firstPublished)).",
      check: repository
    ),
  ]

  private static let keys = ["version", "crio"]

  private static let firstPublished =
    Catalog.standard.minors.first {
      !Catalog.standard.fact(.crioRepository, at: $0).isEmpty
    }?.description ?? "none"

  @Sendable private static func foreignKeys(_ spec: ClusterSpec, _ reading: inout Reading) {
    for (path, host) in reading.hosts(of: spec, with: "runtime")
    where host.runtime.engine != .crio && reading.isSound(path["engine"]) {
      for key in keys where reading.isWritten(path[key]) {
        reading.error(
          path[key],
          "is CRI-O's: the engine here is \(host.runtime.engine.rawValue)"
        )
      }
    }
  }

  @Sendable private static func version(_ spec: ClusterSpec, _ reading: inout Reading) {
    let supported = Catalog.standard.supported
    for (path, host) in reading.hosts(of: spec, with: "runtime") {
      let path = path["version"]
      guard let version = host.runtime.version, host.runtime.engine == .crio,
        reading.isSound(path)
      else { continue }
      if !supported.contains(version) {
        reading.error(
          path,
          "CRI-O \(version) is outside of \(supported.lowerBound) to \(supported.upperBound)"
        )
      } else if version != spec.kubernetes.version.minor,
        reading.isSound(SpecPath("spec", "kubernetes", "version"))
      {
        reading.warning(
          path,
          "CRI-O \(version) is made for Kubernetes \(version), not "
            + "\(spec.kubernetes.version.minor)"
        )
      }
    }
  }

  @Sendable private static func repository(_ spec: ClusterSpec, _ reading: inout Reading) {
    guard reading.isSound(SpecPath("spec", "kubernetes", "version")) else { return }
    for (path, host) in reading.hosts(of: spec, with: "runtime")
    where host.runtime.engine == .crio && reading.isSound(path["version"]) {
      let crio = host.runtime.crio ?? CRIOSpec()
      let url = path["crio"]["repository"]["url"]
      guard crio.source == .repository, crio.repository.url == nil,
        reading.isSound(path["crio"]["source"]), reading.isSound(url)
      else { continue }
      let minor = host.runtime.version ?? spec.kubernetes.version.minor
      guard Catalog.standard.fact(.crioRepository, at: minor).isEmpty else { continue }
      reading.error(
        url,
        "is missing: the CRI-O project has no repository of CRI-O \(minor), only from "
          + "\(firstPublished) on; name one, or set crio.source to distribution or host"
      )
    }
  }
}
