// SPDX-License-Identifier: Apache-2.0

import Catalog
import Spec
import Values

/// Choices that hang on a version and that the catalog does not hold yet, each with its source.
enum VersionedChoices {
  // MARK: etcd

  /// Flags of etcd that not every release from 3.2 on has, with the first that has it.
  ///
  /// Source: help.go of etcd v3.2.18, v3.3.10, v3.4.13, v3.5.9, v3.6.8.
  private static let etcdFlagSince: [String: KubernetesVersion] = [
    "cipher-suites": KubernetesVersion(3, 3, 7)
  ]

  private static let etcdFlags: Set<String> = [
    "name", "data-dir", "listen-client-urls", "advertise-client-urls", "listen-peer-urls",
    "initial-advertise-peer-urls", "initial-cluster", "initial-cluster-token",
    "initial-cluster-state", "cert-file", "key-file", "client-cert-auth", "trusted-ca-file",
    "peer-cert-file", "peer-key-file", "peer-client-cert-auth", "peer-trusted-ca-file",
    "auto-compaction-retention", "quota-backend-bytes", "cipher-suites",
  ]

  static func etcdHas(flag: String, at version: KubernetesVersion) -> Bool {
    etcdFlags.contains(flag) && (etcdFlagSince[flag].map { $0 <= version } ?? true)
  }

  /// The value of ETCD_UNSUPPORTED_ARCH that etcd asks for before it starts; nil where it asks for
  /// none.
  ///
  /// Source: etcdmain/etcd.go of etcd v3.2.24, v3.4.13, v3.5.0, v3.6.0.
  static func etcdUnsupportedArchitecture(
    _ architecture: Architecture,
    at version: KubernetesVersion
  ) -> String? {
    switch architecture {
    case .amd64: nil
    case .arm64: version < KubernetesVersion(3, 5, 0) ? architecture.rawValue : nil
    case .x86, .arm: architecture.rawValue
    }
  }

  /// Whether members can be added as learners.
  ///
  /// Source: CHANGELOG-3.4.md of etcd.
  static func etcdHasLearners(at version: KubernetesVersion) -> Bool {
    version >= KubernetesVersion(3, 4, 0)
  }

  // MARK: CNI

  /// The version of the CNI specification that our configuration is written in.
  ///
  /// Not the newest that the plugins know: containerd 1.4 and 1.5 (libcni 0.8) read results up to
  /// 0.4.0 only, and every later runtime reads it. Source: containernetworking/plugins v0.6.0,
  /// v0.8.5, v1.7.1 README; containerd v1.4.13, v1.6.20 vendor.conf and go.mod.
  static func cniSpecification(plugins version: KubernetesVersion) -> String {
    version < KubernetesVersion(0, 8, 0) ? "0.3.1" : "0.4.0"
  }

  // MARK: Kubernetes

  /// Whether the kubelet may be told `seccompDefault`: from 1.22 to 1.24 it refuses the field
  /// without its alpha gate.
  ///
  /// Source: pkg/features/kube_features.go of 1.22 to 1.25 (beta, on, in 1.25).
  static func mayDefaultSeccomp(at minor: Minor) -> Bool { minor >= Minor(1, 25) }

  /// Whether DenyServiceExternalIPs is switched on.
  ///
  /// The plugin came in 1.21; the benchmark for 1.22 and 1.23 fails where it is on, and from 1.25 asks for
  /// it. Source: kube-bench cfg/cis-1.23 and cis-1.7, check 1.2.3.
  static func deniesExternalIPs(at minor: Minor) -> Bool { minor >= Minor(1, 25) }

  /// The gate that a mode of kube-proxy needs at a minor.
  ///
  /// Source: pkg/features/kube_features.go: NFTablesProxyMode is alpha in 1.29 and 1.30, on from
  /// 1.31.
  static func proxyGate(for mode: ProxyMode, at minor: Minor) -> String? {
    mode == .nftables && minor < Minor(1, 31) ? "NFTablesProxyMode" : nil
  }

  /// Whether bound service account tokens work whole: they need an issuer, a signing key and
  /// audiences that default to the issuer.
  ///
  /// In 1.11 the API server refuses the first two without an alpha gate; in 1.12 audiences have
  /// another flag; from 1.20 both are required. Source: cmd/kube-apiserver/app/options of 1.11,
  /// 1.13, 1.20; CHANGELOG-1.13 #70308.
  static func hasBoundTokens(at minor: Minor) -> Bool {
    Catalog.standard.has(flag: "api-audiences", of: .apiServer, at: minor)
  }

  /// Labels in Kubernetes' own domains that a kubelet may set on its node; it refuses to start for
  /// others from 1.16 on, and NodeRestriction denies them.
  ///
  /// Source: pkg/kubelet/apis/well_known_labels.go.
  static func kubeletMaySet(label: String) -> Bool {
    guard let slash = label.firstIndex(of: "/") else { return true }
    let domain = label[..<slash]
    func lies(in parent: String) -> Bool { domain == parent || domain.hasSuffix(".\(parent)") }
    if lies(in: "node-restriction.kubernetes.io") { return false }
    if lies(in: "kubelet.kubernetes.io") || lies(in: "node.kubernetes.io") { return true }
    guard lies(in: "kubernetes.io") || lies(in: "k8s.io") else { return true }
    return kubeletLabels.contains(label)
  }

  private static let kubeletLabels: Set<String> = [
    "kubernetes.io/hostname", "kubernetes.io/os", "kubernetes.io/arch",
    "beta.kubernetes.io/os", "beta.kubernetes.io/arch", "beta.kubernetes.io/instance-type",
    "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region",
    "failure-domain.kubernetes.io/zone", "failure-domain.kubernetes.io/region",
    "topology.kubernetes.io/zone", "topology.kubernetes.io/region",
  ]
}
