// SPDX-License-Identifier: Apache-2.0

import Facts
import TestSupport
import Testing
import Values

struct ProbeTests {
  @Test("this machine is understood, by every shell", arguments: Userland.allCases)
  func real(_ userland: Userland) async throws {
    let asked = Probe.clock()
    let result = try await Command.run(userland.shell, input: Probe.program())
    #expect(result.exitCode == 0 && result.error.isEmpty, "\(result.error)")
    let facts = try Probe.parse(result.output, asked: asked).facts
    let name = try await Command.run("uname", "-n").output
    #expect(facts.hostname + "\n" == name)
    #expect(facts.kernel + "\n" == (try await Command.run("uname", "-r").output))
    let flags = try await Command.run("cat", "/proc/cpuinfo").output.split { " \n\t".contains($0) }
    #expect(facts.virtualization == ["vmx", "svm"].last { flags.contains($0[...]) })
    #expect(facts.memoryMiB > 100 && facts.cpus > 0 && facts.freeMiB > 0)
    #expect(facts.clockSkewSeconds == 0)
    #expect(facts.packageManager == .apt && facts.tools["apt-get"]?.hasSuffix("/apt-get") == true)
    #expect(!facts.osID.isEmpty && facts.manifestCluster == nil)
    let word = try await Command.run("getconf", "LONG_BIT").output
    #expect((word == "64\n") == [.amd64, .arm64].contains(facts.architecture))
  }

  @Test("what a host of ours lists comes back whole", arguments: Userland.allCases)
  func manifest(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    try await sandbox.converge([Samples.files[2]])
    let probe = try Probe.parse(try await sandbox.run(Probe.program()).output)
    #expect(probe.facts.manifestCluster == "demo")
    #expect(probe.manifest == sandbox.text(of: Probe.manifestPath))
  }

  @Test("shellcheck finds nothing to say")
  func shellcheck() async throws {
    #expect(try await ShellText.complaints(about: Probe.program()) == [])
  }

  private static let answer = """
    banner of a login script
    kubewright-probe 1
    time 1000
    uid 1000
    hostname switch
    init systemd
    os ID="eos"
    os VERSION_ID=4.25
    elf 7f454c4601010100000000000000000003000300
    cgroup hybrid
    may-lower-oom-score no
    memory-kib 2048000
    cpus 4
    swap /dev/sda2
    address 127.0.0.1/8
    address 1.1.1.1/32
    address 999.1.1.1/32
    listen 22 users:(("sshd",pid=1,fd=3))
    listen 0x1F90
    listen 70000
    foreign /etc/k0s
    systemd systemd 219
    service inactive chronyd.service
    service active ntpd.service
    time-service x.service
    time-service ntpd.service
    time-service systemd-timesyncd.service
    rule -P INPUT ACCEPT
    rule -A INPUT -i eth0 -j DROP
    containerd containerd github.com/containerd/containerd v1.6.20~ds1 1.6.20
    manifest
    end
    """

  @Test("answers are read")
  func read() throws {
    let probe = try Probe.parse(Self.answer, asked: 930, answered: 940)
    let facts = probe.facts
    #expect(
      facts.architecture == .x86 && facts.initSystem == "systemd" && facts.systemdVersion == 219
    )
    #expect(facts.clockSkewSeconds == 60 && facts.loginUID == 1000 && facts.osID == "eos")
    #expect(facts.addresses.map(\.description) == ["1.1.1.1"] && facts.cgroup == .hybrid)
    #expect(facts.listening.map(\.port) == [22, 8080] && facts.listening[0].program == "sshd")
    #expect(facts.foreign == ["/etc/k0s"] && facts.swaps == ["/dev/sda2"])
    #expect(facts.timeService == "ntpd.service" && facts.filtersInput)
    #expect(facts.idleTimeService == "ntpd.service")
    #expect(facts.containerdVersion == "1.6.20" && probe.manifest.isEmpty)
  }

  @Test(
    "a slow answer is no wrong clock",
    arguments: [
      (900, 1100, 0), (1000, 1000, 0), (1001, 1100, -1), (900, 970, 30), (1300, 1400, -300),
      (1100, 1000, -100),
    ]
  )
  func skew(asked: Int, answered: Int, skew: Int) throws {
    let facts = try Probe.parse(Self.answer, asked: asked, answered: answered).facts
    #expect(facts.clockSkewSeconds == skew)
  }

  /// What tells a switch from other hosts, one line less at a time.
  @Test(
    "a switch is found by what it is",
    arguments: [
      ("path /etc/Eos-release\nflash-fs ext4", true), ("path /etc/Eos-release", false),
      ("flash-fs ext4\nmachine x86_64\nroot-fs tmpfs", true),
      ("flash-fs ext4\nmachine i686\nroot-fs tmpfs", false),
      ("flash-fs ext4\nmachine x86_64\nroot-fs ext4", false),
      ("machine x86_64\nroot-fs tmpfs", false),
    ]
  )
  func findsSwitches(_ lines: String, _ isEOS: Bool) throws {
    let answer = Self.answer.replacing("os ID=\"eos\"", with: "os ID=\"\"\n" + lines)
    let facts = try Probe.parse(answer, asked: 930, answered: 940).facts
    #expect(facts.isEOS == isEOS)
  }

  @Test("flash, modes and Docker are read")
  func readsSwitches() throws {
    let more = """
      flash-fs ext4
      flash-free-kib 2048000
      flash-mode 2770 88
      lacks ipvs
      docker-driver systemd
      manifest
      kubewright-manifest 1 demo
      """
    let answer = Self.answer.replacing("manifest\n", with: more + "\n")
    let facts = try Probe.parse(answer, asked: 930, answered: 940).facts
    #expect(facts.flash == FlashFacts(fileSystem: "ext4", freeMiB: 2000, group: 88))
    #expect(facts.lacksForProxy == ["ipvs"] && facts.foreignDockerDriver == "systemd")
    for kind in ["file", "link"] {
      let ours = answer.replacing(
        "1 demo",
        with: "1 demo\n\(kind):/etc/docker/daemon.json @prior=N"
      )
      #expect(try Probe.parse(ours, asked: 930, answered: 940).facts.foreignDockerDriver == nil)
    }
    let open = answer.replacing("flash-mode 2770 88", with: "flash-mode 755 0")
    #expect(try Probe.parse(open, asked: 930, answered: 940).facts.flash?.group == nil)
  }

  @Test("what is not whole is refused, and nothing crashes the reader")
  func hostile() throws {
    for cut in stride(from: 0, to: Self.answer.utf8.count - 1, by: 7) {
      let part = String(decoding: Array(Self.answer.utf8)[..<cut], as: UTF8.self)
      #expect(throws: Failure.self) { try Probe.parse(part) }
    }
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<3000 {
      var bytes = Array(Self.answer.utf8)
      for _ in 0..<4 {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
          in: 0...255,
          using: &generator
        )
      }
      _ = try? Probe.parse(String(decoding: bytes, as: UTF8.self))
    }
    #expect(throws: Failure.self) {
      try Probe.parse(Self.answer.replacing("7f454c46", with: "7f454c47"))
    }
  }
}
