// SPDX-License-Identifier: Apache-2.0

import Catalog
import Values

/// What depends on the release of Kubernetes.
enum VersionRules {
  static let all = [
    Rule(
      doc: "The Kubernetes release is one of the minors \(Catalog.standard.supported.lowerBound) "
        + "to \(Catalog.standard.supported.upperBound).",
      check: supported
    ),
    Rule(doc: "The mode of kube-proxy exists in that minor.", check: proxyMode),
    Rule(doc: "The release of etcd is one of version 3.", check: etcd),
    Rule(doc: "No certificate is valid longer than its authority.", check: lifetimes),
  ]

  private static let version = SpecPath("spec", "kubernetes", "version")

  @Sendable private static func supported(_ spec: ClusterSpec, _ reading: inout Reading) {
    guard reading.isSound(version) else { return }
    let supported = Catalog.standard.supported
    guard !supported.contains(spec.kubernetes.version.minor) else { return }
    reading.reject(
      version,
      at: reading.place(version),
      "\(spec.kubernetes.version) is not supported: it is outside of \(supported.lowerBound) to "
        + "\(supported.upperBound)"
    )
  }

  @Sendable private static func proxyMode(_ spec: ClusterSpec, _ reading: inout Reading) {
    let path = SpecPath("spec", "network", "proxy", "mode")
    guard reading.isSound(version), reading.isSound(path) else { return }
    let minor = spec.kubernetes.version.minor
    let modes = Catalog.standard.proxyModes(at: minor)
    guard !modes.contains(spec.network.proxyMode.rawValue) else { return }
    reading.error(
      path,
      "kube-proxy of Kubernetes \(minor) has no mode '\(spec.network.proxyMode.rawValue)'",
      allowed: ProxyMode.allCases.map(\.rawValue).filter(modes.contains)
    )
  }

  @Sendable private static func etcd(_ spec: ClusterSpec, _ reading: inout Reading) {
    let path = SpecPath("spec", "etcd", "version")
    guard let etcd = spec.etcd.version, reading.isSound(path), etcd.minor.major != 3 else { return }
    reading.error(path, "Kubernetes works with etcd 3 only, not \(etcd)")
  }

  @Sendable private static func lifetimes(_ spec: ClusterSpec, _ reading: inout Reading) {
    let leaf = SpecPath("spec", "pki", "leafHours")
    let authority = SpecPath("spec", "pki", "authorityHours")
    guard reading.isSound(leaf), reading.isSound(authority),
      spec.pki.leafHours > spec.pki.authorityHours
    else { return }
    reading.error(
      leaf,
      "\(spec.pki.leafHours) hours are longer than the \(spec.pki.authorityHours) hours of the "
        + "authority (authorityHours)"
    )
  }
}
