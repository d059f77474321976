// SPDX-License-Identifier: Apache-2.0

import Planner
import Spec
import Testing
import Values

@Suite("What a running cluster forbids") struct LivingClusterTests {
  private static func address(_ last: UInt32) -> IPv4Address {
    IPv4Address(raw: 0x0A00_0000 + last)
  }

  /// Three hosts, of which the first is etcd and control plane.
  private static func cluster(_ change: (inout ClusterSpec) -> Void = { _ in }) -> ClusterSpec {
    var spec = ClusterSpec(
      name: "test",
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 20, 2)),
      controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: "10.0.0.1")),
      hosts: ["a", "b", "c"].enumerated().map { index, name in
        HostSpec(
          name: name,
          ssh: nil,
          nodeIP: address(UInt32(index) + 1),
          roles: index == 0 ? Set(Role.allCases) : [.worker]
        )
      }
    )
    change(&spec)
    return spec
  }

  private static let living = LivingCluster(
    releases: ["a": KubernetesVersion(1, 20, 2)],
    apiService: IPv4Address("10.96.0.1"),
    nodes: ["a", "b", "c"].enumerated().map { index, name in
      LivingCluster.Node(
        name: name,
        address: address(UInt32(index) + 1),
        podSubnet: CIDR("10.244.\(index).0/24")
      )
    }
  )

  private static func faults(_ change: (inout ClusterSpec) -> Void) -> [String] {
    living.faults(of: cluster(change), holders: ["a", "b", "c", "z"]).map(\.description)
  }

  @Test func whatIsAsTheSpecSaysIsFine() {
    #expect(Self.faults { _ in }.isEmpty)
    #expect(Self.living.warnings(of: Self.cluster()).isEmpty)
    #expect(Self.living.podSubnets["b"] == CIDR("10.244.1.0/24"))
    #expect(LivingCluster().faults(of: Self.cluster(), holders: ["a"]).isEmpty)
  }

  @Test(arguments: [(20, 9), (20, 0), (21, 0)])
  func aPatchAndTheNextMinorAreFine(minor: Int, patch: Int) {
    #expect(
      Self.faults { $0.kubernetes.version = KubernetesVersion(1, minor, patch) }.isEmpty
    )
  }

  @Test(arguments: [(19, "a release of 1.20 or 1.21"), (22, "a release of 1.21 first")])
  func aMinorIsNotLeftOutAndNotTakenBack(minor: Int, remedy: String) {
    let faults = Self.faults { $0.kubernetes.version = KubernetesVersion(1, minor, 1) }
    #expect(faults.count == 1)
    #expect(faults.first?.contains("runs v1.20.2, which cannot go to v1.\(minor).1") == true)
    #expect(faults.first?.contains(remedy) == true)
  }

  @Test func theServiceNetworkStays() throws {
    let network = try #require(CIDR("10.97.0.0/16"))
    let faults = Self.faults { $0.network.serviceCIDR = network }
    #expect(faults.count == 1 && faults[0].contains("has the address 10.96.0.1"))
  }

  @Test func aNodeIsNotRenamed() {
    let faults = Self.faults { $0.hosts[2].name = "z" }
    #expect(faults.count == 1)
    #expect(faults.first?.hasPrefix("z: is the node c of this cluster") == true)
    // A host that was reset may have any name.
    let free = Self.living.faults(of: Self.cluster { $0.hosts[2].name = "z" }, holders: ["a"])
    #expect(free.isEmpty)
  }

  @Test func aNodeThatIsNoHostIsWarnedOf() {
    let warnings = Self.living.warnings(of: Self.cluster { $0.hosts.removeLast() })
    #expect(warnings.count == 1 && warnings[0].hasPrefix("the node c is no host of the spec"))
  }
}
