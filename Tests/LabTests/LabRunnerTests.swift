// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport
import Testing
import Values

@testable import Lab

extension Tag {
  /// Runs real machines or programs of this computer.
  @Tag static var integration: Self
}

/// A real lab, brought up and taken down again; only root can.
@Suite(.tags(.integration), .enabled(if: geteuid() == 0, "only root can make machines"))
struct LabRunnerTests {
  /// Another in each run: what a killed one left does not stand in the way.
  private static let network = "172.30.\(128 + getpid() % 100)"

  private static let topology = """
    apiVersion: kubewright/v1alpha1
    kind: Topology
    metadata: {name: selftest}
    spec:
      management: \(network).0/28
      hosts: [{name: one, memory: 1Gi}, {name: two}]
      links: [{endpoints: ["one:eth1:10.211.0.0/31", "two:eth1:10.211.0.1/31"]}]
    """

  @Test func machinesComeRebootDieAndLeaveNothing() async throws {
    let topology = try #require(Topology.read(text: Self.topology, file: "t").0)
    try await withLab(topology, body: live)
  }

  /// Two switches that route by what their configurations say.
  private static let fabric = """
    VERSION: 2
    PREFIX: selftest
    CONF_DIR: config
    driver: veth
    links: [{endpoints: ["veos-1:eth1", "veos-2:eth1"]}]
    kubewright: {management: \(network).16/28}
    """

  @Test func switchesRouteAndForget() async throws {
    @Sendable func configuration(_ number: Int) -> String {
      """
      interface Ethernet1
         ip address 10.212.0.\(number - 1)/31
         ip ospf network point-to-point
         ip ospf hello-interval 1
         ip ospf dead-interval 4
      interface Loopback0
         ip address 10.212.1.\(number)/32
      ip routing
      router ospf 1
         network 10.212.0.0/16 area 0.0.0.0
      """
    }
    let files = TopologyFiles(
      read: { path in
        ["config/veos-1": configuration(1), "config/veos-2": configuration(2)][path]
      },
      isDirectory: { $0 == "config" }
    )
    let topology = try #require(Topology.read(text: Self.fabric, file: "t", files: files).0)
    try await withLab(topology, body: route)
  }

  private func withLab(
    _ topology: Topology,
    body: (LabRunner) async throws -> Void
  ) async throws {
    // Not /tmp, which may be in memory.
    let folder = try Scratch(in: "/var/tmp")
    let home = getenv("HOME").map { String(cString: $0) } ?? "/root"
    let cache = getenv("XDG_CACHE_HOME").map { String(cString: $0) } ?? home + "/.cache"
    let runner = LabRunner(
      topology: topology,
      directory: folder.path + "/lab",
      cache: cache + "/kubewright",
      progress: { _ in }
    )
    try await runner.installPrerequisites()
    do {
      try await body(runner)
    } catch {
      try? await runner.down()
      throw error
    }
    try await runner.down()
    try await expectNothingLeft(runner)
    try await runner.down()
  }

  private func route(_ runner: LabRunner) async throws {
    let hosts = try await runner.up()
    #expect(hosts.map(\.user) == ["admin", "admin"])
    let machines = runner.topology.machines
    func outcome(_ machine: Int, _ script: String) async throws -> Program.Outcome {
      try await runner.shell.command(["sh", "-c", script], on: machines[machine]).outcome()
    }
    func output(_ machine: Int, _ script: String) async throws -> String {
      let outcome = try await outcome(machine, script)
      #expect(outcome.exitCode == 0, "\(script): \(outcome.error)")
      return outcome.output
    }
    // Until OSPF has done its part; a minute is many times what it takes.
    func reaches(_ machine: Int, _ address: String) async throws -> Bool {
      try await outcome(
        machine,
        "for i in $(seq 60); do ping -q -c 1 -W 1 \(address) && exit 0; sleep 1; done; exit 1"
      ).exitCode == 0
    }
    #expect(
      try await output(0, "getconf LONG_BIT; uname -m; echo $SUDO_USER") == "32\nx86_64\nadmin\n"
    )
    #expect(try await output(0, "cat /etc/arista-release").hasPrefix("Arista vEOS-lab"))
    #expect(try await outcome(0, "command -v apt-get || command -v dpkg").exitCode != 0)
    #expect(try await reaches(0, "10.212.1.2"))
    #expect(
      try await output(1, "vtysh -c 'show ip ospf neighbor' | grep -c Full/-") == "1\n"
    )

    try await runner.cut("veos-2:eth1")
    #expect(try await runner.status().map(\.cut) == [["eth1"], ["eth1"]])
    for machine in 0...1 {
      #expect(try await output(machine, "cat /sys/class/net/eth1/carrier") == "0\n")
    }
    let script = "echo again >/run/hook; echo $0 $(id -u) >>/run/hook"
    _ = try await output(
      0,
      "set -e; echo '\(script)' >/mnt/flash/rc.eos; touch /lost /var/lib/docker/lost; "
        + "docker info --format '{{.Driver}}' | grep overlay2"
    )
    let identity = try await output(0, "cat /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub")
    try await runner.reboot(host: "veos-1")
    #expect(try await outcome(0, "ls /lost").exitCode != 0)
    #expect(try await outcome(0, "ls /var/lib/docker/lost").exitCode != 0)
    _ = try await output(0, "for i in $(seq 60); do [ -e /run/hook ] && exit 0; sleep 1; done")
    #expect(try await output(0, "cat /run/hook") == "again\n/mnt/flash/rc.eos 0\n")
    #expect(
      try await output(0, "cat /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub") == identity
    )
    #expect(try await output(0, "cat /sys/class/net/eth1/carrier") == "0\n")
    try await runner.mend("veos-1:eth1")
    #expect(try await reaches(1, "10.212.1.1"))
    #expect(try await runner.status().map(\.cut) == [[], []])

    let spec = try runner.clusterSpecText(version: "v1.20.2")
    for text in [
      "endpoint: \"10.212.1.1:6443\"", "nodeIP: 10.212.1.2", "user: admin", "profile: eos",
      "runtime: {engine: docker}", "roles: [worker]",
    ] {
      #expect(spec.contains(text), "\(text) in \(spec)")
    }
  }

  private func live(_ runner: LabRunner) async throws {
    let hosts = try await runner.up()
    #expect(hosts.map(\.name) == ["one", "two"])
    func output(_ host: Int, _ script: String) async throws -> String {
      let outcome = try await runner.shell.command(
        ["sh", "-c", script],
        on: runner.topology.machines[host]
      ).outcome()
      #expect(outcome.exitCode == 0, "\(script): \(outcome.error)")
      return outcome.output
    }
    // Real systemd, names, and a cable between the two.
    #expect(try await output(0, "cat /proc/1/comm; hostname") == "systemd\none\n")
    _ = try await output(0, "ping -c 1 -W 2 two && ping -c 1 -W 2 10.211.0.1")
    let first = try await output(0, "cat /etc/machine-id")
    let second = try await output(1, "cat /etc/machine-id")
    #expect(first != second)
    #expect(first.utf8.count == 33)
    #expect(try await output(0, "ls -x /sys/class/net") == "eth0  eth1  lo\n")
    // What a kubelet writes to, and nothing of it on the neighbour.
    let controllers = "$(find /sys/fs/cgroup -maxdepth 2 -name cgroup.procs -printf '%h\\n')"
    _ = try await output(
      0,
      "set -e; cat /proc/sys/vm/overcommit_memory >/proc/sys/vm/overcommit_memory; "
        + "for c in \(controllers); do mkdir -p $c/kubepods; done"
    )
    #expect(
      try await output(1, "find /sys/fs/cgroup -name kubepods") == ""
    )
    // A mount and a process that power cuts and down have to deal with.
    _ = try await output(
      0,
      "mount -t tmpfs x /mnt; (setsid sleep 1000 </dev/null >/dev/null 2>&1 &)"
    )

    let pid = TextFile.read(runner.folder.place(of: "two").process)
    try await runner.reboot(host: "one")
    #expect(try await output(0, "findmnt -n /mnt || echo gone") == "gone\n")
    #expect(try await output(0, "find /sys/fs/cgroup -name kubepods") == "")

    _ = try await output(0, "echo kept >/root/file; sync")
    try await runner.kill(host: "one")
    #expect(try await runner.status().map(\.state) == [.stopped, .running])
    _ = try await runner.up()
    #expect(try await output(0, "cat /root/file") == "kept\n")
    #expect(TextFile.read(runner.folder.place(of: "two").process) == pid)
    #expect(try await runner.status().map(\.state) == [.running, .running])

    try await runner.kill(host: "one", losesDisk: true)
    let others = try await runner.up()
    #expect(try await output(0, "cat /root/file || echo gone") == "gone\n")
    #expect(others[0].hostKey != hosts[0].hostKey && others[1].hostKey == hosts[1].hostKey)

    let spec = try runner.clusterSpecText(version: "v1.20.2")
    for host in others { #expect(spec.contains("hostKey: \(host.hostKey)\n")) }
    #expect(spec.contains("roles: [etcd, control-plane, worker]"))
    let both = try runner.clusterSpecText(version: "v1.20.2", controlPlanes: 2)
    #expect(both.ranges(of: "roles: [etcd, control-plane, worker]").count == 2)
    #expect(throws: Failure.self) {
      try runner.clusterSpecText(version: "v1.20.2", controlPlanes: 3)
    }
    await #expect(throws: Failure.self) { try await runner.reboot(host: "three") }
  }

  private func expectNothingLeft(_ runner: LabRunner) async throws {
    #expect(!TextFile.exists(runner.folder.path))
    #expect(!TextFile.exists("/run/netns/\(runner.names.lab)"))
    let links = try await Program("ip", "-brief", "link").run("list links")
    #expect(!links.contains(runner.names.lab))
    let groups = try await Program("find", "/sys/fs/cgroup", "-name", runner.names.lab + "*").run(
      "find"
    )
    #expect(groups == "")
    #expect(TextFile.read("/proc/self/mounts")?.contains(runner.names.lab) == false)
    #expect(TextFile.read("/proc/self/mounts")?.contains(runner.folder.path) == false)
    let processes = try await Program("ps", "-e", "-o", "args").run("list processes")
    #expect(!processes.contains(runner.names.machine("")))
    #expect(try await runner.status().map(\.state) == [.absent, .absent])
  }
}
