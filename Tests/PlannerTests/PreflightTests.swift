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
