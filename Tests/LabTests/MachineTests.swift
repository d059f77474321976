// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Lab

@Suite struct MachineTests {
  private static let text = """
    apiVersion: kubewright/v1alpha1
    kind: Topology
    metadata: {name: three-hosts}
    spec:
      hosts: [{name: a, memory: 1Gi}, {name: b}]
      links: [{endpoints: ["a:eth1:10.0.0.0/31", "b:swp1"]}]
    """

  private func topology() throws -> Topology {
    try #require(Topology.read(text: Self.text, file: "t").0)
  }

  private func scripts(_ name: String, at path: String = "/lab/it's/a") throws -> MachineScripts {
    let topology = try topology()
    let names = LabNames(topology: topology.name, directory: "/lab")
    let machine = try #require(topology.machine(named: name))
    return MachineScripts(
      names: names,
      machine: machine,
      ports: Fabric(names: names, topology: topology).ports(of: machine),
      gateway: topology.operatorAddress,
      place: MachinePlace(path: path)
    )
  }

  @Test func namesFitAndDiffer() {
    let one = LabNames(topology: "three-hosts", directory: "/a")
    let two = LabNames(topology: "three-hosts", directory: "/b")
    #expect(one.lab.hasPrefix("kwl-three-") && one.lab.utf8.count <= 15)
    #expect(one.lab != two.lab)
    #expect(LabNames(topology: "a-b--c", directory: "/").lab.hasPrefix("kwl-a-b-"))
    let longest = String(repeating: "x", count: Names.longestHost)
    #expect(one.machine(longest).utf8.count <= 64)
    #expect(one.hardwareAddress("a", "eth0") != one.hardwareAddress("a", "eth1"))
    #expect(one.hardwareAddress("a", "eth0") == one.hardwareAddress("a", "eth0"))
    #expect(one.hardwareAddress("a", "eth0").utf8.count == 17)
  }

  @Test func portsMeetOnTheirBridge() throws {
    let topology = try topology()
    let fabric = Fabric(
      names: LabNames(topology: topology.name, directory: "/lab"),
      topology: topology
    )
    let a = fabric.ports(of: topology.machines[0])
    let b = fabric.ports(of: topology.machines[1])
    #expect(a.map(\.interface) == ["eth0", "eth1"])
    #expect(b.map(\.interface) == ["eth0", "swp1"])
    #expect(a.map(\.bridge) == ["management", "l0"])
    #expect(a.map(\.bridge) == b.map(\.bridge))
    #expect(a.map(\.address?.description) == ["172.30.77.11/24", "10.0.0.0/31"])
    #expect(Set((a + b).map(\.name)).count == 4)
    #expect(Set((a + b).map(\.hardwareAddress)).count == 4)
  }

  /// Every program that we write passes shellcheck, whatever the directory is called.
  @Test func programsAreSoundShell() async throws {
    let topology = try topology()
    let scripts = try scripts("a")
    let fabric = Fabric(names: scripts.names, topology: topology)
    let programs = [
      scripts.start, scripts.run, fabric.program, Fabric.removal(lab: "kwl-a-12345"),
      RootFileSystem.finish,
    ]
    for program in programs {
      let outcome = try await Program("shellcheck", "-s", "sh", "-").outcome(input: program)
      #expect(outcome.exitCode == 0, "\(outcome.output)")
    }
  }

  @Test func memoryIsLimitedWhereAsked() throws {
    #expect(try scripts("a").start.contains("memory=1073741824\n"))
    #expect(try scripts("b").start.contains("memory=\n"))
  }

  @Test func startsDetachedAndInAScopeUnderSystemd() throws {
    let plain = try scripts("a").launch(underSystemd: false).words
    #expect(plain.suffix(4) == ["setsid", "--fork", "sh", "/lab/it's/a/start"])
    let scoped = try scripts("a").launch(underSystemd: true).words
    #expect(scoped.contains("--scope") && scoped.contains("--property=Delegate=yes"))
    #expect(scoped.contains { $0.hasPrefix("--unit=kwl-three-") && $0.hasSuffix("-a") })
  }

  @Test func shellUsesTheLabsKeysAlone() throws {
    let shell = LabShell(folder: LabFolder("/nowhere/50% off"))
    let machine = Machine(name: "a", address: IPv4Address(raw: 0x0A00_0001))
    let words = shell.command(["echo", "a b"], on: machine).words
    #expect(words.suffix(2) == ["root@10.0.0.1", "echo 'a b'"])
    #expect(words.contains("StrictHostKeyChecking=yes"))
    #expect(words.contains("UserKnownHostsFile=\"/nowhere/50%% off/known_hosts\""))
    #expect(words.prefix(3) == ["ssh", "-F", "none"])
  }

  @Test func rootFileSystemsAreNamedByTheirRecipe() {
    let plain = RootFileSystem(userland: Userland())
    #expect(plain.key.hasPrefix("bookworm-amd64-"))
    #expect(
      plain.key
        == RootFileSystem(userland: Userland(packages: Userland.defaultPackages.reversed())).key
    )
    #expect(plain.key != RootFileSystem(userland: Userland(packages: ["frr"])).key)
    #expect(plain.key != RootFileSystem(userland: Userland(architecture: .x86)).key)
    let words = plain.command(
      target: "/t",
      archive: .init(uri: "http://m/debian", suite: "sid", components: [], keyring: "/k")
    ).words
    #expect(words.suffix(3) == ["bookworm", "/t", "http://m/debian"])
    #expect(words.contains("--keyring=/k") && words.contains("--arch=amd64"))
  }

  /// The name in /proc/PID/stat may hold anything.
  @Test func findsAProcessAgain() throws {
    let fields = (3...24).map(String.init).joined(separator: " ")
    let stat = try #require(MachineProcess.stateAndStart("7 (a) b) (c) S \(fields)"))
    #expect(stat.state == "S")
    #expect(stat.start == 21)
    #expect(MachineProcess.stateAndStart("7 (a") == nil)
    #expect(MachineProcess.stateAndStart("7 (a) S 1") == nil)
    #expect(MachineProcess("12 34 abc")?.startTime == 34)
    for damaged in ["", "1 2 x", "-1 2 x", "0 1 x", "12 34", "12 x y"] {
      #expect(MachineProcess(damaged) == nil, "\(damaged)")
    }
    // This process's number with another start time is another process.
    let boot = try #require(TextFile.read("/proc/sys/kernel/random/boot_id"))
    let own = try #require(TextFile.read("/proc/self/stat"))
    let pid = try #require(own.split(separator: " ").first)
    let start = try #require(MachineProcess.stateAndStart(own)).start
    #expect(MachineProcess("\(pid) \(start) \(boot)")?.isAlive == true)
    #expect(MachineProcess("\(pid) \(start + 1) \(boot)")?.isAlive == false)
    #expect(MachineProcess("\(pid) \(start) 0-0")?.isAlive == false)
  }

  @Test func clusterSpecNeedsTheHostKeys() throws {
    let runner = LabRunner(
      topology: try topology(),
      directory: "/nowhere/lab",
      cache: "/nowhere/cache",
      progress: { _ in }
    )
    let failure = #expect(throws: Failure.self) { try runner.clusterSpecText(version: "v1.20.2") }
    #expect(failure?.kind == .state)
    #expect(failure?.remedy?.contains("lab up") == true)
  }
}
