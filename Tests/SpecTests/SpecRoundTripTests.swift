// SPDX-License-Identifier: Apache-2.0

import Catalog
import TestSupport
import Testing
import Values

@testable import Spec

struct SpecRoundTripTests {
  @Test(arguments: UInt64(0)..<60)
  func whatIsWrittenReadsAsTheSame(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let spec = Self.spec(&generator)
    for text in [
      ExampleWriter.plainText(of: spec), ExampleWriter.text(of: spec, introduction: "x"),
    ] {
      let result = SpecFixture.read(text)
      #expect(result.diagnostics.filter { $0.severity == .error }.map(\.description) == [])
      #expect(result.spec == spec)
    }
  }

  /// A valid spec in which anything may be set.
  static func spec(_ generator: inout SeededGenerator) -> ClusterSpec {
    func flip() -> Bool { Bool.random(using: &generator) }
    func pick<Item>(_ items: [Item]) -> Item {
      items[Int.random(in: 0..<items.count, using: &generator)]
    }
    var spec = ClusterSpec(
      name: pick(["a", "yes", "on", "a-1", "x1e3"]),
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 25, pick([0, 9, 12]))),
      controlPlane: ControlPlaneSpec(
        endpoint: Endpoint(host: pick(["10.1.1.1", "api.example"]), port: pick([443, 6443]))
      ),
      hosts: []
    )
    if flip() { spec.controlPlane.admissionPlugins = ["AlwaysPullImages", "LimitRanger"] }
    if flip() { spec.controlPlane.extraSANs = ["*.example.com", "10.2.2.2"] }
    if flip() {
      spec.network = NetworkSpec(
        podCIDR: CIDR(base: IPv4Address(raw: 0x0A40_0000), prefix: pick([16, 20])),
        nodePrefix: pick([26, 28]),
        nodePorts: pick([1000...2000, 30000...32767]),
        dnsDomain: pick(["cluster.local", "k8s"]),
        cni: pick(CNIType.allCases),
        proxyMode: pick([.userspace, .iptables, .ipvs]),
        flannelBackend: pick(FlannelBackend.allCases),
        conntrack: pick(ConntrackOwner.allCases),
        conntrackBuckets: pick([nil, 1024, 65536])
      )
    }
    if flip() {
      spec.pki = PKISpec(
        algorithm: pick(KeyAlgorithm.allCases),
        authorityHours: 9000,
        leafHours: pick([1, 9000]),
        userAuthorities: pick([
          nil, "my: folder", "~/x", "#1", "'", "\"q\" \\", "ü {a}", "1e3", "null",
        ])
      )
    }
    if flip() { spec.secretsEncryption.provider = pick(EncryptionProvider.allCases) }
    if flip() { spec.audit = AuditSpec(maxAge: 0, maxBackup: pick([0, 7]), maxSize: 1) }
    if flip() { spec.etcd.version = KubernetesVersion(3, 5, 1) }
    if flip() {
      spec.artifacts.sources = [pick([.folder("x - y: z"), .mirror("http://a:8/b?c#d")]), .build]
    }
    if spec.network.cni == .flannel { spec.artifacts.sources.append(.folder("mine")) }
    for number in 1...Int.random(in: 1...4, using: &generator) {
      var host = HostSpec(
        name: "h\(number)",
        ssh: SSHSpec(address: "h\(number)"),
        nodeIP: IPv4Address(raw: 0xC000_0200 + UInt32(number)),
        roles: number == 1 ? Set(Role.allCases) : [pick(Role.allCases)]
      )
      if flip() {
        host.ssh = SSHSpec(
          address: "h\(number)",
          port: pick([nil, 1, 65535]),
          user: pick([nil, "a_b"]),
          identityFile: pick([nil, "*key", "&key"]),
          hostKey: pick([nil, SSHSyntax.exampleKey]),
          jump: pick([nil, "u@j:1"])
        )
      }
      if flip() { host.profile = pick(Profile.allCases) }
      if flip() {
        host.labels = ["tier": pick(["", "1", "true", "1.5", "yes", "a"]), "x.y/z": "b"]
      }
      if flip() { host.taints = [Taint(key: "x.y/z", value: pick(["", "1"]), effect: .noExecute)] }
      spec.hosts.append(host)
    }
    return spec
  }
}
