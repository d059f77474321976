// SPDX-License-Identifier: Apache-2.0

import Components
import Resources
import Spec
import TestSupport
import Testing
import Values

/// The network script of a worker whose pod network is the user's, with the real iptables in a network
/// namespace of its own.
@Suite struct ForwardPolicyTests {
  @Test(
    "all that is forwarded passes, and stopping puts back what was",
    arguments: [
      ("DROP", "ACCEPT"), ("ACCEPT", "DROP"),
    ]
  )
  func policy(_ before: String, _ changed: String) async throws {
    var fixture = Fixture()
    fixture.cluster.network.cni = .none
    let script = try fixture.resources("gamma").text("/usr/local/libexec/kubewright-network")
    let sandbox = try await Sandbox()
    try sandbox.write(script, to: "/network", mode: 0o755)
    let result = try await sandbox.run(
      """
      set -e
      PATH=$PATH:/usr/sbin
      mkdir /etc/alternatives
      ln -s /usr/sbin/iptables-nft /etc/alternatives/iptables
      ip link set lo up
      ip addr add 10.0.0.13/32 dev lo
      look() { iptables -w -S FORWARD; }
      iptables -P FORWARD \(before)
      sh /network start; look
      sh /network start; look
      sh /network stop; look
      # Docker changes it behind us; a reload of the unit mends that.
      sh /network start
      iptables -P FORWARD DROP
      sh /network start; look
      iptables -P FORWARD \(changed)
      sh /network stop; look
      ls /run

      """
    )
    #expect(result.exitCode == 0, "\(result.error)")
    let policies = result.output.split(separator: "\n").map(String.init).filter {
      $0.hasPrefix("-P")
    }
    let accepts = "-P FORWARD ACCEPT"
    #expect(
      policies == [accepts, accepts, "-P FORWARD \(before)", accepts, "-P FORWARD DROP"]
    )
    #expect(!result.output.contains("kubewright"))
  }

  @Test("what somebody took away is said, and made again")
  func check() async throws {
    let script = try Fixture().resources("gamma").text("/usr/local/libexec/kubewright-network")
    let sandbox = try await Sandbox()
    try sandbox.write(script, to: "/network", mode: 0o755)
    let result = try await sandbox.run(
      """
      PATH=$PATH:/usr/sbin
      mkdir /etc/alternatives
      for name in iptables iptables-restore; do
        ln -s /usr/sbin/xtables-nft-multi /etc/alternatives/$name
      done
      ip link set lo up
      ip link add near type bridge
      ip link set near up
      ip addr add 10.0.0.13/24 dev near
      look() { sh /network check; echo "$?"; }
      sh /network start; look
      iptables -D KUBEWRIGHT-FORWARD 1; look
      sh /network start; look
      iptables -F FORWARD; look
      sh /network start; look
      ip route flush proto 157; look
      sh /network start; look
      sh /network stop; look

      """
    )
    let chain = "KUBEWRIGHT-FORWARD"
    let said = result.output.split(separator: "\n").map(String.init)
    #expect(said.count == 12, "\(result.output) \(result.error)")
    guard said.count == 12 else { return }
    #expect(said[0] == "0" && said[3] == "0" && said[6] == "0" && said[9] == "0")
    #expect(said[1].hasPrefix("\(chain) lacks ") && said[1].hasSuffix("-j DROP") && said[2] == "1")
    #expect(said[4] == "FORWARD lacks -j \(chain)" && said[5] == "1")
    #expect(said[7].hasPrefix("no route to ") && said[8] == "1")
    #expect(said[10] == "FORWARD lacks -j \(chain)" && said[11] == "1")
  }
}
