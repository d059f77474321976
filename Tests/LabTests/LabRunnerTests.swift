// SPDX-License-Identifier: Apache-2.0

import Glibc
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
  private static let topology = """
    apiVersion: kubewright/v1alpha1
    kind: Topology
    metadata: {name: selftest}
    spec:
      management: 172.30.211.0/28
      hosts: [{name: one, memory: 1Gi}, {name: two}]
      links: [{endpoints: ["one:eth1:10.211.0.0/31", "two:eth1:10.211.0.1/31"]}]
    """

  @Test func machinesComeRebootDieAndLeaveNothing() async throws {
    let topology = try #require(Topology.read(text: Self.topology, file: "t").0)
    var template = Array("/var/tmp/kubewright-lab-XXXXXX".utf8CString)
    let folder = String(cString: try #require(mkdtemp(&template)))
    let home = getenv("HOME").map { String(cString: $0) } ?? "/root"
    let cache = getenv("XDG_CACHE_HOME").map { String(cString: $0) } ?? home + "/.cache"
    let runner = LabRunner(
      topology: topology,
      directory: folder + "/lab",
      cache: cache + "/kubewright",
      progress: { _ in }
    )
    try await runner.installPrerequisites()
    do {
      try await live(runner)
    } catch {
      try? await runner.down()
      throw error
    }
    try await runner.down()
    try await expectNothingLeft(runner)
    try await runner.down()
    try await Program("rm", "-rf", folder).run("clean up")
  }

  private func live(_ runner: LabRunner) async throws {
    let hosts = try await runner.up()
    #expect(hosts.map(\.name) == ["one", "two"])
    func output(_ host: Int, _ script: String) async throws -> String {
      let outcome = try await runner.shell.command(["sh", "-c", script], on: hosts[host].address)
        .outcome()
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

    let spec = try runner.clusterSpecText(version: "v1.20.2")
    for host in hosts { #expect(spec.contains("hostKey: \(host.hostKey)\n")) }
    #expect(spec.contains("roles: [etcd, control-plane, worker]"))
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
