// SPDX-License-Identifier: Apache-2.0

import Resources
import TestSupport
import Testing

/// What the pod network of EKS leaves, made for real in a network namespace.
struct VPCCNITests {
  private static let footprint = Footprint(name: "pods", vpcCNI: true, reason: "pods")

  private static var reset: String {
    Program.reset(
      cluster: "demo",
      manifest: [ManifestEntry(id: footprint.id, fields: footprint.manifestFields)]
    )
  }

  /// Ours carry a sign in their names, numbers or comments that nobody else has; `theirs` differ in one point.
  private static let setup = """
    set -e
    ip() { /usr/sbin/ip "$@"; }
    ip link set lo up
    ip link add eth1 type bridge
    ip address add 10.0.1.5/24 dev eth1
    ip link set eth1 up
    ip link add eni0123456789a type veth peer name peer0
    ip link add vlan.eth.1 type veth peer name peer2
    ip link add eni0 type bridge
    ip link add eni0123456789b type bridge
    ip link add enithirtythree type veth peer name peer1
    ip route add 10.0.1.1 dev eth1 scope link table 2
    ip route add default via 10.0.1.1 dev eth1 table 2
    ip route add 192.0.2.0/24 dev eth1 table 2
    ip route add default via 10.0.1.1 dev eth1 table 3
    ip rule add to 10.0.1.7 lookup main pref 512
    ip rule add to 10.0.0.0/8 lookup main pref 512
    ip rule add from 10.0.1.7 lookup main pref 512
    ip rule add fwmark 0x80/0x80 lookup main pref 1024
    ip rule add fwmark 0x1/0xff lookup main pref 1024
    ip rule add to 198.51.100.0/24 lookup main pref 1535
    ip rule add from 10.0.1.7 lookup 2 pref 1536
    ip rule add from 10.0.1.8 to 10.0.0.0/16 lookup 2 pref 1536
    ip rule add from 10.9.0.0/16 lookup 3 pref 1536
    ip rule add from 10.0.1.5 lookup 2 pref 32765
    ip rule add from 10.0.1.6 lookup 3 pref 32765
    ip rule add iif eni0123456789a lookup 101 pref 10
    ip rule add iif vlan.eth.7 lookup 107 pref 10
    ip rule add iif eni0 lookup 108 pref 10
    ip rule add from 10.0.1.7 lookup 9 pref 1537
    ip -6 rule add to fd00::7 lookup main pref 512
    iptables -t nat -N AWS-SNAT-CHAIN-0
    iptables -t nat -A POSTROUTING -m comment --comment 'AWS SNAT CHAIN' -j AWS-SNAT-CHAIN-0
    iptables -t nat -N AWS-CONNMARK-CHAIN-0
    iptables -t nat -A PREROUTING -i eni+ -m comment --comment 'AWS, outbound connections' -j AWS-CONNMARK-CHAIN-0
    iptables -t nat -A PREROUTING -m comment --comment 'AWS, CONNMARK' -j CONNMARK --restore-mark --mask 0x80
    iptables -t mangle -A PREROUTING -i eni+ -m comment --comment 'AWS, primary ENI' \
      -j CONNMARK --restore-mark --mask 0x80
    iptables -A FORWARD -d 169.254.172.0/22 -m conntrack --ctstate NEW \
      -m comment --comment 'Block Node Local Pod access via IPv4' -j REJECT
    iptables -t nat -N AWS-OTHER
    iptables -t nat -A PREROUTING -m comment --comment 'AWS, CONNMARK' -j ACCEPT
    iptables -t mangle -A PREROUTING -m comment --comment 'about AWS, primary ENI' -j ACCEPT
    nft add table ip aws-cni
    nft add table ip others
    mkdir -p /etc/cni/net.d /opt/cni/bin /run/aws-node /run/cni/v6pd/egress-v4-ipam /var/lib/cni/results
    echo '{"name": "aws-cni", "plugins": []}' >/etc/cni/net.d/10-aws.conflist
    echo '{"name": "others"}' >/etc/cni/net.d/20-others.conflist
    touch /opt/cni/bin/aws-cni /opt/cni/bin/loopback /run/aws-node/ipam.json
    touch /var/lib/cni/results/aws-cni-0123-eth0 /var/lib/cni/results/others-0123-eth0

    """

  private static let look = """
    set +e
    for name in /sys/class/net/*; do echo "link ${name##*/}"; done
    for family in -4 -6; do ip "$family" rule show | tr '\t' ' ' | tr -s ' ' | sed 's/ $//'; done
    for table in 2 3; do ip route show table "$table" | sed "s/^/table $table: /;s/ *$//"; done
    for table in nat mangle filter; do iptables-save -t "$table" | grep -e AWS -e Block; done
    nft list tables
    find /etc/cni /opt/cni /run/aws-node /run/cni /var/lib/cni ! -type d 2>/dev/null

    """

  /// A stand-in: not every kernel has tables of nftables, nor every computer the program.
  private static let nft = """
    #!/bin/sh
    table=/stub/$2-$3-$4
    case $1 in
      add) : >"$table" ;;
      delete) rm "$table" ;;
      list) if [ "$2" = table ]; then [ -e "$table" ]; else ls /stub | sed -n 's/^table-ip-/table ip /p'; fi ;;
    esac

    """

  private func run(_ script: String, _ userland: Userland) async throws -> Command.Result {
    let sandbox = try await Sandbox(userland)
    // Debian's names lead through /etc/alternatives, which the sandbox lacks.
    for tool in ["iptables", "ip6tables"].flatMap({ [$0, "\($0)-save", "\($0)-restore"] }) {
      let program = try await Command.run("readlink", "-f", try Command.path(of: tool)).output
      try await Command.run("ln", "-s", String(program.dropLast()), sandbox.root + "/stub/" + tool)
    }
    try sandbox.write(Self.nft, to: "/stub/nft", mode: 0o755)
    try sandbox.write(Self.reset, to: "/reset.sh")
    return try await sandbox.run("PATH=$PATH:/usr/sbin:/usr/bin\n" + script, path: "")
  }

  @Test(
    "what the VPC CNI made goes, and nothing that is only like it",
    arguments: Userland.allCases
  )
  func removes(_ userland: Userland) async throws {
    let shell = userland.shell.joined(separator: " ")
    let result = try await run(
      Self.setup + Self.look + "echo ---\n\(shell) /reset.sh >/log 2>&1 || { cat /log; exit 1; }\n"
        + Self.look + "\(shell) /reset.sh >/log 2>&1 || { cat /log; exit 1; }\n",
      userland
    )
    #expect(result.exitCode == 0, "\(result.output) \(result.error)")
    let halves = result.output.split(separator: "---\n")
    try #require(halves.count == 2, "\(result.output) \(result.error)")
    let before = halves[0].split(separator: "\n").map(String.init)
    let after = halves[1].split(separator: "\n").map(String.init)
    let gone = before.filter { !after.contains($0) && !$0.hasPrefix(":") }
    #expect(after.allSatisfy { before.contains($0) || $0.contains("[detached]") }, "\(after)")
    let expected: Set = [
      "link eni0123456789a", "link peer0", "link vlan.eth.1", "link peer2",
      "10: from all iif eni0123456789a lookup 101",
      "10: from all iif vlan.eth.7 [detached] lookup 107",
      "512: from all to 10.0.1.7 lookup main", "1024: from all fwmark 0x80/0x80 lookup main",
      "1535: from all to 198.51.100.0/24 lookup main", "1536: from 10.0.1.7 lookup 2",
      "1536: from 10.0.1.8 to 10.0.0.0/16 lookup 2", "32765: from 10.0.1.5 lookup 2",
      "512: from all to fd00::7 lookup main", "table 2: default via 10.0.1.1 dev eth1",
      "table 2: 10.0.1.1 dev eth1 scope link", "table ip aws-cni",
      "-A POSTROUTING -m comment --comment \"AWS SNAT CHAIN\" -j AWS-SNAT-CHAIN-0",
      "-A PREROUTING -i eni+ -m comment --comment \"AWS, outbound connections\" -j AWS-CONNMARK-CHAIN-0",
      "-A PREROUTING -m comment --comment \"AWS, CONNMARK\" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80",
      "-A PREROUTING -i eni+ -m comment --comment \"AWS, primary ENI\" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80",
      "-A FORWARD -d 169.254.172.0/22 -m conntrack --ctstate NEW -m comment --comment \"Block Node Local Pod access via IPv4\" -j REJECT --reject-with icmp-port-unreachable",
      "/etc/cni/net.d/10-aws.conflist", "/opt/cni/bin/aws-cni", "/run/aws-node/ipam.json",
      "/var/lib/cni/results/aws-cni-0123-eth0",
    ]
    #expect(
      Set(gone).symmetricDifference(expected) == [],
      "\(Set(gone).symmetricDifference(expected).sorted())"
    )
  }

  @Test("another's file of that name stays")
  func othersFile() async throws {
    let result = try await run(
      """
      mkdir -p /etc/cni/net.d
      echo '{"name": "ours"}' >/etc/cni/net.d/10-aws.conflist
      sh /reset.sh && cat /etc/cni/net.d/10-aws.conflist

      """,
      .dash
    )
    #expect(result.exitCode == 0 && result.output.hasSuffix("{\"name\": \"ours\"}\n"))
  }

  @Test("reset says what of it goes")
  func listed() {
    let entry = ManifestEntry(id: Self.footprint.id, fields: Self.footprint.manifestFields)
    let lines = Footprint.listing(of: entry)
    for word in ["10-aws.conflist", "/run/aws-node", "AWS-SNAT-CHAIN-*", "1536", "vlan.eth"] {
      #expect(lines.contains { $0.contains(word) }, "\(word)")
    }
    let hostile = ManifestEntry(id: Self.footprint.id, fields: ["mounts=/a\u{1b}[2J"])
    #expect(Footprint.listing(of: hostile) == ["what is mounted below /a\\u{1b}[2J"])
  }
}
