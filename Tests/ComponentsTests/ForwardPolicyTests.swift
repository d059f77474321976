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
}
