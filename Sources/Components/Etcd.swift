// SPDX-License-Identifier: Apache-2.0

import Catalog
import Facts
import PKI
import Resources
package import Spec
import Values

/// The store: one member on each host with the role `etcd`, TLS and client certificates everywhere, run
/// by a user of its own.
package enum Etcd: Component {
  package static let name = "etcd"

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    guard context.isEtcd else { return [] }
    let keys = try keys(context)
    let program = try context.binary("etcd", reason: "The store of all cluster state.")
    let unit = try unit(context).file(
      reason: "Starts the etcd member; its flags name all members and demand certificates."
    )
    let base: [Resource] = [
      .user(SystemUser(name: "etcd", home: Layout.etcdData, reason: "Runs etcd (CIS 1.1.12).")),
      .directory(
        Directory(
          path: Layout.etcdData,
          mode: 0o700,
          owner: "etcd",
          group: "etcd",
          ownsContents: true,
          reason: "The data of the etcd member (CIS 1.1.11, 1.1.12)."
        )
      ),
      .directory(
        Directory(path: "/etc/etcd", ownsContents: true, reason: "Holds the member's keys.")
      ),
      .directory(
        Directory(path: Layout.etcdPKI, reason: "The member's certificates and keys.")
      ),
      program,
    ]
    return base.staged(.prepare)
      + (keys + [
        .file(unit),
        .unit(
          Unit(
            name: "etcd.service",
            dependsOn: (keys + [program, .file(unit)]).dependencies,
            startTimeout: 120,
            reason: "The etcd member runs, now and after a reboot."
          )
        ),
      ]).staged(.etcd)
  }

  private static func keys(_ context: HostContext) throws -> [Resource] {
    let host = context.host.name
    let authority = context.authorityFile(
      .etcd,
      at: "\(Layout.etcdPKI)/ca.crt",
      owner: "etcd",
      reason: "Whom the member accepts: clients and peers that this authority signed."
    )
    return try [authority]
      + context.files(
        of: .etcdServer(host: host),
        at: "\(Layout.etcdPKI)/server",
        owner: "etcd",
        reason: "What the member shows to clients."
      )
      + context.files(
        of: .etcdPeer(host: host),
        at: "\(Layout.etcdPKI)/peer",
        owner: "etcd",
        reason: "What the member shows to its peers."
      )
  }

  /// The release that runs: the spec's, or the one that the minor is tested with.
  /// - Throws: `Failure` (`internalError`) where the catalog's text is no version.
  static func version(for cluster: ClusterSpec) throws -> KubernetesVersion {
    if let version = cluster.etcd.version { return version }
    let text = Catalog.standard.fact(.etcdVersion, at: cluster.kubernetes.version.minor)
    guard let version = KubernetesVersion(text) else {
      throw Failure(.internalError, "the catalog's etcd version '\(text)' is no version")
    }
    return version
  }

  /// Where the member of `host` speaks to the others; by this they know each other.
  package static func peerURL(of host: HostSpec) -> String { "https://\(host.nodeIP):2380" }

  /// Whether a new member may begin without a vote, so that it costs no quorum while it catches up.
  package static func hasLearners(_ cluster: ClusterSpec) throws -> Bool {
    VersionedChoices.etcdHasLearners(at: try version(for: cluster))
  }

  private static func unit(_ context: HostContext) throws -> UnitFile {
    let version = try version(for: context.cluster)
    let unsupported = VersionedChoices.etcdUnsupportedArchitecture(
      context.facts.architecture,
      at: version
    )
    var service: [(key: String, value: String)] = [
      ("Type", "notify"), ("User", "etcd"), ("Group", "etcd"),
    ]
    if context.isEOS, let group = context.facts.flash?.group {
      // Its program, keys and data lie on flash, where only that group may enter.
      service.append(("SupplementaryGroups", String(group)))
    }
    if let unsupported { service.append(("Environment", "ETCD_UNSUPPORTED_ARCH=\(unsupported)")) }
    service += UnitFile.alwaysRestarted + [("LimitNOFILE", "65536"), ("TimeoutStartSec", "120")]
    service += UnitFile.confined + [("CapabilityBoundingSet", "")]
    return UnitFile(
      name: "etcd.service",
      description: "etcd, the store of Kubernetes",
      after: ["network.target"],
      command: ["\(Layout.binaries)/etcd"] + (try arguments(context, version).words),
      service: service
    )
  }

  private static func arguments(
    _ context: HostContext,
    _ version: KubernetesVersion
  ) throws -> Arguments {
    let address = context.host.nodeIP
    let entrance = context.etcdEntrance ?? .founding(context.cluster)
    let peerURL = peerURL(of: context.host)
    let flags: [Flag] = [
      .set("name", context.host.name),
      .set("data-dir", Layout.etcdData),
      .set("listen-client-urls", "https://\(address):2379,https://127.0.0.1:2379"),
      .set("advertise-client-urls", "https://\(address):2379"),
      .set("listen-peer-urls", peerURL),
      .set("initial-advertise-peer-urls", peerURL),
      .set("initial-cluster", entrance.members.joined(separator: ",")),
      .set("initial-cluster-token", context.cluster.name),
      .set("initial-cluster-state", entrance.state.rawValue),
      .set("cert-file", "\(Layout.etcdPKI)/server.crt"),
      .set("key-file", "\(Layout.etcdPKI)/server.key"),
      .set("client-cert-auth", "true"),
      .set("trusted-ca-file", "\(Layout.etcdPKI)/ca.crt"),
      .set("peer-cert-file", "\(Layout.etcdPKI)/peer.crt"),
      .set("peer-key-file", "\(Layout.etcdPKI)/peer.key"),
      .set("peer-client-cert-auth", "true"),
      .set("peer-trusted-ca-file", "\(Layout.etcdPKI)/ca.crt"),
      .ifKnown("cipher-suites", TLSPolicy.etcdCipherSuites.joined(separator: ",")),
      .set("auto-compaction-retention", "8"),
      .set("quota-backend-bytes", String(quota(context))),
    ]
    return try Arguments(etcd: version, flags)
  }

  /// Bytes.
  ///
  /// Above etcd's 2 GiB default, which a cluster with many events fills, and below what a 32-bit
  /// process can map.
  private static func quota(_ context: HostContext) -> Int64 {
    switch context.facts.architecture {
    case .amd64, .arm64: 4 << 30
    case .x86, .arm: 1 << 30
    }
  }
}
