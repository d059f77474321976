// SPDX-License-Identifier: Apache-2.0

import Facts
import Planner
import Spec
import Testing
import Values

@Suite struct PreflightTests {
  /// What makes a good host bad, and what must be said of it.
  struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    let says: String
    let spoil: @Sendable (inout HostFacts) -> Void
    var testDescription: String { name }
  }

  static let faults: [Fault] = [
    Fault(name: "no systemd", says: "needs systemd 219") { $0.initSystem = "busybox" },
    Fault(name: "old systemd", says: "needs systemd 219") { $0.systemdVersion = 208 },
    Fault(name: "another cluster of ours", says: "belongs to the cluster 'other'") {
      $0.manifestCluster = "other"
    },
    Fault(name: "a foreign cluster", says: "holds a cluster that is not ours") {
      $0.foreign = ["/etc/kubernetes/manifests/etcd.yaml"]
    },
    Fault(name: "another address", says: "does not have its nodeIP 10.0.0.1") {
      $0.addresses = [IPv4Address(raw: 0x0A00_0063)]
    },
    Fault(name: "a clock ahead", says: "300 s ahead of") { $0.clockSkewSeconds = 300 },
    Fault(name: "a clock behind", says: "300 s behind") { $0.clockSkewSeconds = -300 },
    Fault(name: "no space", says: "too little space: 12 MiB") { $0.freeMiB = 12 },
    Fault(name: "a port in use", says: "port 6443 (kube-apiserver) is in use: by nginx") {
      $0.listening = [ListeningPort(port: 6443, program: "nginx")]
    },
  ]

  private let host = HostSpec(
    name: "a",
    ssh: nil,
    nodeIP: IPv4Address(raw: 0x0A00_0001),
    roles: [.etcd, .controlPlane, .worker]
  )

  private func cluster(_ hosts: [HostSpec]) -> ClusterSpec {
    ClusterSpec(
      name: "test",
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 20, 2)),
      controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: "10.0.0.1")),
      hosts: hosts
    )
  }

  private func good() -> HostFacts {
    HostFacts(hostname: "a", addresses: [IPv4Address(raw: 0x0A00_0001)], machineID: "m1")
  }

  @Test func aGoodHostHasNoFault() {
    #expect(Preflight.faults(cluster: cluster([host]), facts: ["a": good()]) == [])
  }

  @Test(arguments: faults) func eachFaultIsToldWithARemedy(fault: Fault) throws {
    var facts = good()
    fault.spoil(&facts)
    let found = Preflight.faults(cluster: cluster([host]), facts: ["a": facts])
    #expect(found.count == 1)
    let failure = try #require(found.first)
    #expect(failure.kind == .preflight)
    #expect(failure.description.contains(fault.says))
    #expect(failure.remedy?.isEmpty == false)
  }

  @Test func allFaultsAreToldAtOnce() {
    var facts = good()
    for fault in Self.faults where fault.name != "old systemd" && fault.name != "a clock ahead" {
      fault.spoil(&facts)
    }
    // Its own cluster's name decides over foreign files and ports, which are then expected.
    facts.manifestCluster = nil
    #expect(Preflight.faults(cluster: cluster([host]), facts: ["a": facts]).count == 6)
  }

  @Test func ourOwnClusterMayHoldItsPorts() {
    var facts = good()
    facts.manifestCluster = "test"
    facts.foreign = ["/etc/kubernetes/kubelet.conf"]
    facts.listening = [ListeningPort(port: 6443, program: "kube-apiserver")]
    #expect(Preflight.faults(cluster: cluster([host]), facts: ["a": facts]) == [])
  }

  /// What makes a good switch bad.
  static let switchFaults: [Fault] = [
    Fault(name: "no flash", says: "has no /mnt/flash") { $0.flash = nil },
    Fault(name: "flash of DOS", says: "keeps neither owners nor links: it is of the type vfat") {
      $0.flash?.fileSystem = "vfat"
    },
    Fault(name: "full flash", says: "12 MiB free on /mnt/flash") { $0.flash?.freeMiB = 12 },
    Fault(name: "full memory", says: "too little space: 12 MiB") { $0.freeMiB = 12 },
    Fault(name: "no iptables", says: "has no program `iptables`") { $0.tools["iptables"] = nil },
    Fault(name: "no docker", says: "has no program `docker`") { $0.tools["docker"] = nil },
    Fault(name: "no useradd", says: "has no program `useradd`") { $0.tools["useradd"] = nil },
    Fault(name: "no NAT", says: "nothing for kube-proxy's mode iptables") {
      $0.lacksForProxy = ["iptables", "ipvs"]
    },
  ]

  private func goodSwitch() -> HostFacts {
    var facts = good()
    facts.paths = ["/etc/Eos-release"]
    facts.flash = FlashFacts(fileSystem: "ext4", freeMiB: 3000)
    // Found or not: a package would be lost at the next reload.
    facts.packageManager = .yum
    facts.freeMiB = 300
    for tool in ["ip", "iptables", "useradd", "docker"] { facts.tools[tool] = "/bin/\(tool)" }
    return facts
  }

  @Test(arguments: switchFaults) func eachFaultOfASwitchIsTold(fault: Fault) throws {
    var host = host
    host.profile = .eos
    host.runtime.engine = .docker
    var facts = goodSwitch()
    #expect(Preflight.faults(cluster: cluster([host]), facts: ["a": facts]) == [])
    fault.spoil(&facts)
    let found = Preflight.faults(cluster: cluster([host]), facts: ["a": facts])
    #expect(found.count == 1)
    let failure = try #require(found.first)
    #expect(failure.description.contains(fault.says), "\(failure)")
    #expect(failure.remedy?.isEmpty == false)
  }

  @Test(arguments: [("5.12.9", 1), ("5.13.0", 0), ("6.1.0-18-amd64", 0), ("3.18.28", 1)])
  func nftablesNeedsItsKernel(_ kernel: String, _ faults: Int) {
    var cluster = cluster([host])
    cluster.network.proxyMode = .nftables
    var facts = good()
    facts.kernel = kernel
    #expect(Preflight.faults(cluster: cluster, facts: ["a": facts]).count == faults)
  }

  @Test func twoEntriesForOneMachineAreAFault() throws {
    var other = host
    other.name = "b"
    other.roles = [.worker]
    let found = Preflight.faults(
      cluster: cluster([host, other]),
      facts: ["a": good(), "b": good()]
    )
    #expect(found.map(\.host) == ["b"])
    #expect(found.first?.what == "is the same machine as a")
  }
}
