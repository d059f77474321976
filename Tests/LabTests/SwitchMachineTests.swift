// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Lab

@Suite struct SwitchMachineTests {
  private static let text = """
    VERSION: 2
    links:
      - endpoints: ["veos:eth1", "host-c:eth1:10.0.0.1/31"]
      - {endpoints: ["veos:eth2", "host-c:eth2", "host-d:eth1"], driver: bridge}
    kubewright:
      machines: {host-c: {operator: true}, veos: {node: {labels: {a: b}}}}
      cluster: {network: {podCIDR: 10.16.0.0/16}}
    """
  private static let configuration = """
    interface Ethernet1
       ip address 10.0.0.0/31
       ip ospf network point-to-point
       ip ospf cost 7
       ip ospf hello-interval 1
       ip ospf dead-interval 4
    interface Loopback0
       ip address 1.1.1.1/32
    ip routing
    ip route 0.0.0.0/0 10.0.0.1
    ip route 10.9.0.0/16 10.0.0.1
    router ospf 1
       router-id 1.1.1.1
       network 10.0.0.0/8 area 0
       redistribute connected
       redistribute static
    """

  private func topology() throws -> Topology {
    let files = TopologyFiles(
      read: { $0 == "config/veos" ? Self.configuration : nil },
      isDirectory: { $0 == "config" }
    )
    return try #require(Topology.read(text: Self.text, file: "t.yml", files: files).0)
  }

  private func scripts(_ index: Int, binds: [Bind] = []) throws -> MachineScripts {
    let topology = try topology()
    let names = LabNames(topology: topology.name, directory: "/lab")
    return MachineScripts(
      names: names,
      machine: topology.machines[index],
      ports: Fabric(names: names, topology: topology).ports(of: topology.machines[index]),
      gateway: topology.operatorAddress,
      place: MachinePlace(path: "/lab/it's/x"),
      binds: binds
    )
  }

  @Test func routersGetTheirConfiguration() throws {
    let machine = try topology().machines[0]
    let files = RoutingFiles(hostname: machine.hostname, ospf: try #require(machine.ospf))
    #expect(
      files.configuration == """
        frr defaults traditional
        hostname veos
        log syslog warnings
        service integrated-vtysh-config
        interface eth1
         no ip ospf passive
         ip ospf retransmit-interval 2
         ip ospf network point-to-point
         ip ospf cost 7
         ip ospf hello-interval 1
         ip ospf dead-interval 4
        exit
        router ospf
         ospf router-id 1.1.1.1
         redistribute connected
         redistribute static
         redistribute kernel
         timers throttle lsa all 100
         timers lsa min-arrival 50
         passive-interface default
         network 10.0.0.0/8 area 0.0.0.0
        exit

        """
    )
  }

  @Test func aSwitchBeginsAnewAtEveryBoot() throws {
    let run = try scripts(0).run
    #expect(run.contains("  rm -rf --one-file-system upper work var-lib\n"))
    #expect(run.contains("  cp -a seed/. upper/\n"))
    #expect(run.contains("  attach flash /mnt/flash\n"))
    #expect(run.contains("  ip -n machine address add 1.1.1.1/32 dev lo\n"))
    // Its own default route replaces the lab's.
    #expect(run.contains("  ip -n machine route append 0.0.0.0/0 via 10.0.0.1\n"))
    #expect(!run.contains("route add default"))
    let computer = try scripts(2).run
    #expect(!computer.contains("rm -rf") && !computer.contains("/mnt/flash"))
    #expect(computer.contains("  ip -n machine route add default via 172.30.77.1\n"))
  }

  @Test func programsAreSoundShell() async throws {
    let bind = Bind(source: "/a b", target: "/c d", isReadOnly: true, link: "/l")
    let library = Bind(source: "/s", target: OperatorPlace.libraries, isReadOnly: true)
    let programs = [
      try scripts(0).run, try scripts(1, binds: [bind, library]).run, MachineDisk.owners,
      MachineSeed.runc,
    ]
    for program in programs {
      let outcome = try await Program("shellcheck", "-s", "sh", "-").outcome(input: program)
      #expect(outcome.exitCode == 0, "\(outcome.output)")
    }
  }

  @Test func aSwitchIsToldBySomeFiles() throws {
    let topology = try topology()
    let lower = ["etc/passwd": "root:x:0:0::/root:/bin/sh", "etc/shadow": "root:*:1::::::\n"]
    let seed = MachineSeed(
      topology: topology,
      machine: topology.machines[0],
      loginKey: "ssh-ed25519 KEY\n",
      lower: { lower[$0] }
    )
    let files = Dictionary(uniqueKeysWithValues: seed.files.map { ($0.path, $0) })
    #expect(files["etc/arista-release"]?.text.hasPrefix("Arista vEOS-lab ") == true)
    #expect(
      files["etc/passwd"]?.text
        == "root:x:0:0::/root:/bin/sh\nadmin:x:1000:1000::/home/admin:/bin/bash\n"
    )
    #expect(files["etc/shadow"]?.text.hasSuffix("\nadmin:*:19000::::::\n") == true)
    #expect(files["etc/sudoers.d/lab"]?.mode == 0o440)
    #expect(files["home/admin/.ssh/authorized_keys"]?.text == "ssh-ed25519 KEY\n")
    #expect(files["root/.ssh/authorized_keys"] == nil)
    #expect(files["etc/sysctl.d/20-lab-router.conf"] != nil)
    #expect(files["etc/frr/frr.conf"]?.mode == 0o640)
    #expect(files[MachineSeed.runcPath] != nil)
    let plain = MachineSeed(
      topology: topology,
      machine: topology.machines[2],
      loginKey: "k",
      lower: { _ in nil }
    )
    #expect(
      plain.files.map(\.path) == [
        "etc/hostname", "etc/hosts", "root/.ssh/authorized_keys",
        "etc/systemd/system/lab-interfaces.service", "etc/systemd/system.conf.d/lab.conf",
      ]
    )
  }

  /// What the wrapper hands on to the real runc.
  @Test func runcNeverLowersAnOOMScore() async throws {
    let script = MachineSeed.runc.split(separator: "\n").map {
      $0 == #"exec /usr/sbin/runc "$@""# ? #"echo "$@"; cat "$bundle/config.json""# : String($0)
    }.joined(separator: "\n")
    let test = """
      set -eu
      folder=$(mktemp -d)
      trap 'rm -rf "$folder"' EXIT
      cat >"$folder/runc"
      for score in -998 500; do
        printf '{"process":{"oomScoreAdj":%s},"x":-1}' "$score" >"$folder/config.json"
        sh "$folder/runc" --root /r create --bundle "$folder" id | sed "s|$folder|F|"
        echo
      done
      """
    let outcome = try await Program("sh", "-c", test).outcome(input: script)
    #expect(
      outcome.output == """
        --root /r create --bundle F id
        {"process":{"oomScoreAdj":0},"x":-1}
        --root /r create --bundle F id
        {"process":{"oomScoreAdj":500},"x":-1}

        """,
      "\(outcome.error)"
    )
  }

  @Test func switchesAreEnteredWithSudo() throws {
    let machines = try topology().machines
    let shell = LabShell(folder: LabFolder("/nowhere"))
    #expect(
      shell.command(["id", "-u"], on: machines[0]).words.suffix(2)
        == ["admin@172.30.77.2", "sudo -n -- id -u"]
    )
    #expect(shell.command(["id"], on: machines[1]).words.suffix(2) == ["root@172.30.77.3", "id"])
  }

  private func runner() throws -> LabRunner {
    LabRunner(
      topology: try topology(),
      directory: "/nowhere/lab",
      cache: "/nowhere/cache",
      workspace: "/nowhere",
      progress: { _ in }
    )
  }

  @Test(arguments: [
    ("veos:eth1", ["veos:eth1", "host-c:eth1"]), ("host-c:eth1", ["veos:eth1", "host-c:eth1"]),
    ("host-c:eth2", ["host-c:eth2"]),
  ])
  func cablesHaveTwoEnds(end: String, expected: [String]) throws {
    #expect(try runner().pulledEnds(end).map(\.description) == expected)
  }

  @Test func saysWhichEndsThereAre() throws {
    let failure = #expect(throws: Failure.self) { try runner().pulledEnds("veos:eth3") }
    #expect(failure?.kind == .invalidInput)
    #expect(failure?.remedy?.contains("veos:eth") == true)
  }

  @Test func findsTheProgramsLibraries() {
    let line = "7f00-7f01 r-xp 00000000 fe:00 12  "
    #expect(
      OperatorPlace.libraryFolder(maps: "\(line)/opt/swift/lib/libswiftCore.so\n")
        == "/opt/swift/lib"
    )
    #expect(OperatorPlace.libraryFolder(maps: "\(line)/usr/lib/libswiftCore.so\n") == nil)
    #expect(OperatorPlace.libraryFolder(maps: "\(line)/usr/bin/kubewright\n") == nil)
  }

  @Test func operatorsSeeTheirOwnFiles() async throws {
    let binds = try await OperatorPlace(workspace: "/w", cache: "/c").binds()
    #expect(
      binds.contains(Bind(source: "/c", target: "/root/.cache/kubewright", isReadOnly: false))
    )
    let workspace = Bind(source: "/w", target: "/w", isReadOnly: false, link: "/opt/kubewright/lab")
    #expect(binds.contains(workspace))
    #expect(binds.first?.target == "/opt/kubewright/kubewright")
    #expect(binds.first?.isReadOnly == true)
  }

  /// Segments that several machines share are drawn too.
  @Test func drawsSharedSegments() throws {
    let topology = try topology()
    let layout = DrawingLayout(topology)
    #expect(layout.boxes.map(\.node.name).contains("segment 2"))
    #expect(layout.cables.count == 4)
    let svg = LabRunner.draw(topology)
    for text in [">lo 1.1.1.1/32<", ">EOS<", ">operator&#39;s place<", ">segment 2<"] {
      #expect(svg.contains(text), "\(text)")
    }
  }
}
