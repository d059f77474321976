// SPDX-License-Identifier: Apache-2.0

import Catalog
import Components
import Facts
import PKI
import Resources
import Spec
import Values

/// A cluster with fixed, made-up key material, so that what is rendered is the same at each run.
struct Fixture {
  var cluster: ClusterSpec
  /// Programs that a user put into a folder.
  var supplied: [String] = []
  /// The cluster of EKS that its hosts join.
  var membership: EKSMembership?
  var facts = HostFacts(
    hostname: "host",
    paths: ["/run/systemd/resolve/resolv.conf"],
    containerdVersion: nil
  )

  /// One host with all roles, one with the control plane only, one worker.
  init(_ version: KubernetesVersion = KubernetesVersion(1, 20, 2)) {
    cluster = ClusterSpec(
      name: "demo",
      kubernetes: KubernetesSpec(version: version),
      controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: "10.0.0.11")),
      hosts: [
        Self.host(
          "alpha",
          11,
          [.etcd, .controlPlane, .worker],
          labels: ["tier": "edge", "kubernetes.io/role": "edge"],
          taints: [Taint(key: "edge", value: "yes", effect: .preferNoSchedule)]
        ),
        Self.host("beta", 12, [.etcd, .controlPlane]),
        Self.host("gamma", 13, [.worker]),
      ]
    )
  }

  init(_ minor: Minor) {
    self.init(KubernetesVersion(minor.major, minor.minor, 1))
  }

  static func host(
    _ name: String,
    _ number: UInt32,
    _ roles: Set<Role>,
    labels: [String: String] = [:],
    taints: [Taint] = []
  ) -> HostSpec {
    HostSpec(
      name: name,
      ssh: nil,
      nodeIP: IPv4Address(raw: 0x0A00_0000 + number),
      roles: roles,
      labels: labels,
      taints: taints
    )
  }

  var pki: PKIBundle {
    let leaves = PKIProfile.leaves(for: cluster).map { request in
      (
        request.name,
        Credential(
          certificate: pem("CERTIFICATE", "\(request.name)"),
          key: Sensitive(pem("PRIVATE KEY", "\(request.name)"))
        )
      )
    }
    return PKIBundle(
      authorities: Dictionary(
        uniqueKeysWithValues: AuthorityName.allCases.map {
          (
            $0,
            Credential(
              certificate: pem("CERTIFICATE", "authority \($0.rawValue)"),
              key: Sensitive(pem("PRIVATE KEY", "authority \($0.rawValue)"))
            )
          )
        }
      ),
      leaves: Dictionary(uniqueKeysWithValues: leaves),
      serviceAccountPublicKey: pem("PUBLIC KEY", "service accounts"),
      serviceAccountKey: Sensitive(pem("PRIVATE KEY", "service accounts")),
      encryptionKeys: [
        EncryptionKey(
          name: "key1",
          secret: Sensitive("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
        )
      ]
    )
  }

  private func pem(_ label: String, _ text: String) -> String {
    "-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----\n"
  }

  static let programs = [
    "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "etcd",
    "bridge", "host-local", "loopback", "portmap", "pause.tar", "busybox.tar",
  ]

  func context(_ host: String, facts: HostFacts? = nil, pki: PKIBundle? = nil) -> HostContext {
    let spec = cluster.hosts.first { $0.name == host } ?? cluster.hosts[0]
    return HostContext(
      cluster: cluster,
      host: spec,
      facts: facts ?? self.facts,
      pki: pki ?? self.pki,
      podSubnets: podSubnets,
      programs: Dictionary(
        uniqueKeysWithValues: (Self.programs + supplied).map {
          ($0, ProgramFile(digest: Digest(of: $0), size: 1000, source: "/artifacts/\($0)"))
        }
      ),
      eks: membership
    )
  }

  var podSubnets: [String: CIDR] {
    Dictionary(
      uniqueKeysWithValues: cluster.hosts.enumerated().compactMap { index, host in
        cluster.network.podCIDR.subnet(length: cluster.network.nodePrefix, index: UInt32(index))
          .map { (host.name, $0) }
      }
    )
  }

  func resources(_ host: String) throws -> [StagedResource] {
    try DesiredState.resources(for: context(host))
  }

  /// Everything that all hosts hold, by host.
  func everything() throws -> [(host: String, resources: [StagedResource])] {
    try cluster.hosts.map { ($0.name, try resources($0.name)) }
  }
}

extension [StagedResource] {
  var files: [File] {
    compactMap { item in
      if case .file(let file) = item.resource { return file }
      return nil
    }
  }

  func file(_ path: String) -> File? { files.first { $0.path == path } }

  func text(_ path: String) -> String {
    file(path).map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
  }

  /// The words of a service's command line, without the program.
  func arguments(of program: String) -> [String] {
    text("/etc/systemd/system/\(program).service")
      .split(separator: "\n").filter { $0.hasPrefix("  --") }
      .map { line in String(line.dropFirst(2).prefix { $0 != " " }) }
  }

  /// The value of `--flag`; nil where it is not given.
  func value(of flag: String, of program: String) -> String? {
    arguments(of: program).first { $0.hasPrefix("--\(flag)=") }
      .map { String($0.dropFirst(flag.count + 3)) }
  }
}
