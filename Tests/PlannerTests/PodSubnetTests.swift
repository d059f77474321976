// SPDX-License-Identifier: Apache-2.0

import Planner
import Spec
import Testing
import Values

@Suite struct PodSubnetTests {
  private func cluster(pods: String, prefix: Int = 24, hosts: [String]) throws -> ClusterSpec {
    let network = try #require(CIDR(pods))
    return ClusterSpec(
      name: "test",
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 20, 2)),
      controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: "10.0.0.1")),
      network: NetworkSpec(podCIDR: network, nodePrefix: prefix),
      hosts: hosts.enumerated().map { index, name in
        HostSpec(
          name: name,
          ssh: nil,
          nodeIP: IPv4Address(raw: 0x0A00_0001 + UInt32(index)),
          roles: [.worker]
        )
      }
    )
  }

  @Test func eachHostGetsTheNextSubnet() throws {
    let given = try PodSubnets.allocate(
      for: cluster(pods: "10.16.0.0/16", hosts: ["a", "b", "c"]),
      recorded: [:]
    )
    #expect(
      given
        == ["a": CIDR("10.16.0.0/24"), "b": CIDR("10.16.1.0/24"), "c": CIDR("10.16.2.0/24")]
        .compactMapValues { $0 }
    )
  }

  @Test func aRecordedSubnetNeverMoves() throws {
    let recorded = [
      "b": try #require(CIDR("10.16.0.0/24")), "gone": try #require(CIDR("10.16.1.0/24")),
    ]
    let given = try PodSubnets.allocate(
      for: cluster(pods: "10.16.0.0/16", hosts: ["a", "b"]),
      recorded: recorded
    )
    #expect(given["b"]?.description == "10.16.0.0/24")
    #expect(
      given["a"]?.description == "10.16.2.0/24",
      "the subnet of a host that left is not reused"
    )
  }

  @Test func aFullNetworkIsAnError() throws {
    let failure = try #require(throws: Failure.self) {
      try PodSubnets.allocate(
        for: cluster(pods: "10.16.0.0/23", hosts: ["a", "b", "c"]),
        recorded: [:]
      )
    }
    #expect(failure.kind == .invalidInput)
    #expect(failure.host == "c")
  }

  @Test func aMovedNetworkIsAnError() throws {
    let recorded = ["a": try #require(CIDR("10.99.0.0/24"))]
    let failure = try #require(throws: Failure.self) {
      try PodSubnets.allocate(
        for: cluster(pods: "10.16.0.0/16", hosts: ["a"]),
        recorded: recorded
      )
    }
    #expect(failure.what.contains("10.99.0.0/24"))
  }

  @Test func aResizedSubnetIsAnError() throws {
    let recorded = ["a": try #require(CIDR("10.16.0.0/24"))]
    let failure = try #require(throws: Failure.self) {
      try PodSubnets.allocate(
        for: cluster(pods: "10.16.0.0/16", prefix: 25, hosts: ["a"]),
        recorded: recorded
      )
    }
    #expect(failure.what.contains("10.16.0.0/24") && failure.what.contains("network.nodePrefix"))
  }

  /// Whatever comes and goes, no two hosts share a subnet and none moves.
  @Test(arguments: 0..<20) func allocationsStayApart(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    var recorded: [String: CIDR] = [:]
    for _ in 0..<10 {
      let hosts = (0..<12).map { "h\($0)" }.filter { _ in Bool.random(using: &generator) }
      let given = try PodSubnets.allocate(
        for: cluster(pods: "10.16.0.0/20", hosts: hosts),
        recorded: recorded
      )
      #expect(Set(given.values).count == given.count)
      for (host, subnet) in recorded { #expect(given[host] == subnet) }
      recorded = given
    }
  }
}

/// A small seeded generator, so that a failing case can be run again.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
