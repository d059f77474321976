// SPDX-License-Identifier: Apache-2.0

import Resources
import TestSupport
import Testing
import Values

/// Programs that a host runs by itself at every boot.
struct ConvergeProgramTests {
  private static let values: [LateValue: String] = [
    .address: "10.1.2.3", .nodeName: "ip-10-1-2-3.us-west-2.compute.internal",
    .providerID: "aws:///us-west-2a/i-0abc", .maxPods: "29", .reservedCPU: "70m",
    .reservedMemory: "574Mi", .clusterDNS: "172.20.0.10",
  ]

  private static let late = File(
    path: "/etc/demo/kubelet.yaml",
    text: "it's: \(LateValue.address.placeholder)\n$x: '\(LateValue.maxPods.placeholder)'\n"
      + LateValue.providerID.placeholder + LateValue.nodeName.placeholder + "\n\n",
    mode: 0o640,
    group: "nogroup",
    reason: "late"
  )

  private static let lateSecret = File(
    path: "/etc/demo/late-key",
    content: .secret(
      Sensitive([0xff, 0x27] + Array("_\(LateValue.clusterDNS.placeholder)_".utf8))
    ),
    mode: 0o600,
    reason: "late, and no text"
  )

  private static let binary: Binary = {
    var binary = Samples.binary
    binary.url = "file:///mirror/tool"
    return binary
  }()

  private static let second = Samples.unit("second.service", on: [late.id, binary.id, other])
  private static let other = ResourceID(kind: "file", name: "/not/ours")
  private static let secondFile = File(
    path: "/etc/systemd/system/second.service",
    text: "[Service]\nExecStart=/bin/true --node-ip=\(LateValue.address.placeholder)\n",
    reason: "the unit"
  )

  /// Without what is new at every entry of a sandbox.
  private static let desired: [Resource] =
    Samples.all.filter {
      $0.id.name != "net.ipv4.ip_forward" && $0.id.kind != "binary" && $0.id.kind != "unit"
    } + [
      .file(late), .file(lateSecret), .binary(binary), .file(secondFile),
      .package(Package(name: "tool", manager: "apt", reason: "a tool")),
      .package(Package(name: "extra", manager: "apt", reason: "a tool")),
      .package(Package(name: "curl", manager: "apt", program: "curl", reason: "is there")),
      .user(SystemUser(name: "nobody", reason: "is there")),
      .unit(Samples.unit(on: [Samples.secret.id, binary.id, Samples.unitFile().id])),
      .unit(second),
    ]

  private static func program(
    _ desired: [Resource] = desired,
    _ values: [LateValue: String] = values,
    settling: Int = 0
  ) throws -> String {
    try Program.converge(
      ConvergeRequest(
        cluster: "demo",
        host: "one",
        desired: desired,
        discovery: Discovery(
          statements: values.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "  \($0.key.variable)=\(Shell.quote($0.value))\n" }.joined(),
          values: Set(values.keys)
        ),
        settling: settling
      )
    )
  }

  /// A sandbox with a mirror and a package manager.
  private static func sandbox(_ userland: Userland) async throws -> Sandbox {
    let sandbox = try await Sandbox(userland)
    try sandbox.write(binary.source, to: "/mirror/tool")
    try sandbox.write(
      """
      #!/bin/sh
      for name; do :; done
      [ -e "/var/lib/dpkg/$name" ] && echo 'install ok installed '

      """,
      to: "/stub/dpkg-query",
      mode: 0o755
    )
    try sandbox.write(
      """
      #!/bin/sh
      echo "apt-get $*" >>/stub/log
      mkdir -p /var/lib/dpkg
      for name; do : >"/var/lib/dpkg/$name"; done

      """,
      to: "/stub/apt-get",
      mode: 0o755
    )
    try sandbox.write("#!/bin/sh\n", to: "/stub/logger", mode: 0o755)
    return sandbox
  }

  @discardableResult
  private static func run(_ program: String, in sandbox: Sandbox) async throws -> String {
    let result = try await sandbox.run(program)
    guard result.exitCode == 0 else { throw Unexpected(result) }
    return result.output
  }

  /// Inodes and times of all that is not our own.
  private static func traces(_ sandbox: Sandbox) async throws -> String {
    let look = "find etc opt var -path var/lib/kubewright -prune -o -printf '%p %i %T@\\n' | sort"
    return try await Command.run(["sh", "-c", "cd \(sandbox.root) && \(look)"]).output
  }

  /// What is on the host, without seals, which hold inodes and times, without logs of steps, and without
  /// the folder into which the test put a program.
  private static func contents(_ sandbox: Sandbox) async throws -> Set<Substring> {
    Set(
      try await sandbox.snapshot().split(separator: "\n").filter {
        !$0.contains("/seals/") && !$0.contains("/kubewright/tmp/")
          && !$0.contains("/kubewright/cache ")
      }
    )
  }

  @Test("a second run touches nothing, and a plan finds nothing", arguments: Userland.allCases)
  func converges(_ userland: Userland) async throws {
    let sandbox = try await Self.sandbox(userland)
    let program = try Self.program()
    let first = try await Self.run(program, in: sandbox)
    #expect(first.contains("made unit:second.service"))
    #expect(
      sandbox.text(of: Self.late.path)
        == "it's: 10.1.2.3\n$x: '29'\naws:///us-west-2a/i-0abc"
        + "ip-10-1-2-3.us-west-2.compute.internal\n\n"
    )
    #expect(sandbox.bytes(of: Self.lateSecret.path) == [0xff, 0x27] + Array("_172.20.0.10_".utf8))
    let installs = sandbox.unitCalls().filter { $0.hasPrefix("apt-get") }
    #expect(installs.count == 1 && installs[0].hasSuffix(" tool extra"), "\(installs)")
    let calls = sandbox.unitCalls()
    let traces = try await Self.traces(sandbox)
    let second = try await Self.run(program, in: sandbox)
    #expect(second == "kubewright: everything is as it should be\n")
    #expect(try await Self.traces(sandbox) == traces)
    #expect(sandbox.unitCalls() == calls)

    let filled = try Self.desired.map { try $0.filled(with: Self.values) }
    let changes = try await sandbox.changes(for: filled)
    #expect(changes.isEmpty, "\(changes.map { "\($0.id) \($0.summary)" })")
  }

  @Test("it leaves what a run over SSH leaves", arguments: Userland.allCases)
  func equals(_ userland: Userland) async throws {
    let alone = try await Self.sandbox(userland)
    try await Self.run(Self.program(), in: alone)
    let driven = try await Self.sandbox(userland)
    try await driven.converge(Self.desired.map { try $0.filled(with: Self.values) })
    #expect(alone.text(of: Program.manifestPath) == driven.text(of: Program.manifestPath))
    let difference = try await Self.contents(alone).symmetricDifference(Self.contents(driven))
    #expect(difference.isEmpty)
    let result = try await alone.reset()
    #expect(result.exitCode == 0, "\(Unexpected(result))")
  }

  @Test("what changed restarts what reads it", arguments: Userland.allCases)
  func restarts(_ userland: Userland) async throws {
    let sandbox = try await Self.sandbox(userland)
    try await Self.run(Self.program(), in: sandbox)
    let before = sandbox.unitCalls().count
    var values = Self.values
    values[.maxPods] = "58"
    try await Self.run(Self.program(Self.desired, values), in: sandbox)
    let calls = sandbox.unitCalls().dropFirst(before)
    #expect(calls.contains("restart second.service") && !calls.contains("restart demo.service"))
    #expect(sandbox.text(of: Self.late.path)?.contains("'58'") == true)

    // The same bytes again, after somebody else's: what runs has read those.
    try sandbox.write("other\n", to: Samples.secret.path, mode: 0o600)
    _ = try await Command.run("rm", sandbox.root + "/stub/active/second.service")
    _ = try await Command.run("chmod", "0700", sandbox.root + "/etc/odd/ü")
    let again = try await Self.run(Self.program(Self.desired, values), in: sandbox)
    #expect(sandbox.unitCalls().contains("restart demo.service"))
    #expect(sandbox.unitCalls().last == "start second.service" || again.contains("second"))
    let made = again.split(separator: "\n").filter { $0.contains(": made ") }
    #expect(made.count == 4, "\(made)")
    let filled = try Self.desired.map { try $0.filled(with: values) }
    #expect(try await sandbox.changes(for: filled).isEmpty)
  }

  @Test("a run that is killed anywhere is finished by the next", arguments: Userland.wrappable)
  func survivesKills(_ userland: Userland) async throws {
    let desired: [Resource] = [
      Samples.all[0], Samples.all[1], .file(Self.late), .file(Samples.secret),
      .link(Link(path: "/etc/demo/link", target: "x", reason: "link")), .binary(Self.binary),
      .file(Samples.unitFile()), .file(Self.secondFile),
      .unit(Samples.unit(on: [Samples.secret.id, Self.binary.id])), .unit(Self.second),
    ]
    let filled = try desired.map { try $0.filled(with: Self.values) }
    let program = try Self.program(desired)
    let stride = userland == .dash ? 3 : 11
    var point = 1 - stride
    var killed = true
    while killed {
      point += stride
      let sandbox = try await Self.sandbox(userland)
      try sandbox.write("theirs\n", to: Self.late.path)
      try sandbox.write("theirs\n", to: Samples.secret.path)
      let result = try await sandbox.runKilling(program, at: point)
      killed = result.exitCode != 0
      try await Self.run(program, in: sandbox)
      let changes = try await sandbox.changes(for: filled)
      #expect(changes.isEmpty, "killed at command \(point): \(changes.map(\.id))")
      let again = try await Self.run(program, in: sandbox)
      #expect(again == "kubewright: everything is as it should be\n")
      try #require(point < 400)
    }
    #expect(point > 30)
  }

  @Test("what reset has to know is kept up to date", arguments: Userland.allCases)
  func relists(_ userland: Userland) async throws {
    let sandbox = try await Self.sandbox(userland)
    try sandbox.write("x", to: "/var/lib/data/x")
    func desired(_ ownsContents: Bool) -> [Resource] {
      [
        .directory(
          Directory(path: "/var/lib/data", ownsContents: ownsContents, reason: "data")
        ), .file(Samples.secret),
      ]
    }
    try await sandbox.converge([.file(Samples.unitFile())])
    // A folder that is as it should be is no work of ours, and is listed only if its contents are.
    try await Self.run(Self.program(desired(false)), in: sandbox)
    try await Self.run(Self.program(desired(true)), in: sandbox)
    #expect(sandbox.text(of: Program.manifestPath)?.contains("contents=ours @prior=D") == true)
    let said = try await Self.run(Self.program(desired(false)), in: sandbox)
    #expect(sandbox.text(of: Program.manifestPath)?.contains("/var/lib/data @prior=D") == true)
    #expect(said.contains("file:/etc/systemd/system/demo.service is no longer wanted"))
    #expect(sandbox.exists("/etc/systemd/system/demo.service"))
  }

  @Test("swap is turned off once", arguments: Userland.wrappable)
  func swap(_ userland: Userland) async throws {
    let sandbox = try await Self.sandbox(userland)
    try sandbox.write("#!/bin/sh\necho swapoff >>/stub/log\n", to: "/stub/swapoff", mode: 0o755)
    try sandbox.write("/dev/a none swap sw 0 0\n", to: "/etc/fstab")
    let program = try Self.program([.swap(SwapOff(reason: "kubelet"))])
    try await Self.run(program, in: sandbox)
    try await Self.run(program, in: sandbox)
    #expect(sandbox.text(of: "/etc/fstab") == "#kubewright-swap# /dev/a none swap sw 0 0\n")
    #expect(sandbox.unitCalls() == ["swapoff", "mask swap.target"])
  }

  @Test("a step that fails ends the run and is told", arguments: Userland.allCases)
  func fails(_ userland: Userland) async throws {
    let sandbox = try await Self.sandbox(userland)
    try sandbox.write("", to: "/stub/failing/second.service")
    let result = try await sandbox.run(Self.program())
    #expect(result.exitCode == 1)
    #expect(
      result.error
        == "kubewright: unit:second.service failed: second.service is failed after start\n"
    )
    #expect(result.output.contains("log of second.service"))
  }

  @Test(
    "a unit that does not stay up is told, and started again by the next run",
    arguments: Userland.allCases,
    ["dead", "again"]
  )
  func fallen(_ userland: Userland, _ fate: String) async throws {
    let sandbox = try await Self.sandbox(userland)
    try sandbox.write(fate, to: "/stub/dying/demo.service")
    let program = try Self.program()
    let first = try await sandbox.run(program)
    let state = fate == "dead" ? "dead" : "running"
    #expect(first.exitCode == 1)
    #expect(
      first.error == """
        log of demo.service
        demo.service did not stay up: Result=exit-code ExecMainStatus=7 SubState=\(state) \n\
        kubewright: started, and did not stay up: demo.service

        """
    )
    #expect(!first.output.contains("as it should be now"))
    // What stayed up is done.
    let calls = sandbox.unitCalls().count
    let again = try await sandbox.run(program)
    #expect(again.exitCode == 1 && again.error == first.error)
    let second = sandbox.unitCalls().dropFirst(calls)
    #expect(second.contains { $0.hasSuffix("start demo.service") })
    #expect(!second.contains { $0.contains("second.service") })

    _ = try await Command.run("rm", sandbox.root + "/stub/dying/demo.service")
    try await Self.run(program, in: sandbox)
    let quiet = try await Self.run(program, in: sandbox)
    #expect(quiet == "kubewright: everything is as it should be\n")
    let filled = try Self.desired.map { try $0.filled(with: Self.values) }
    #expect(try await sandbox.changes(for: filled).isEmpty)
  }

  @Test(
    "it waits once for all units, and not where none was started",
    arguments: Userland.wrappable
  )
  func waitsOnce(_ userland: Userland) async throws {
    let sandbox = try await Self.sandbox(userland)
    try sandbox.write(
      "#!/bin/sh\necho \"$*\" >>/stub/slept\n[ \"$1\" = 7 ] || exec /usr/bin/sleep \"$@\"\n",
      to: "/stub/sleep",
      mode: 0o755
    )
    let program = try Self.program(settling: 7)
    func waits() -> Int {
      (sandbox.text(of: "/stub/slept") ?? "").split(separator: "\n").count { $0 == "7" }
    }
    try await Self.run(program, in: sandbox)
    #expect(waits() == 1)
    try await Self.run(program, in: sandbox)
    #expect(waits() == 1)
    try sandbox.write("other\n", to: "/etc/demo/file2")
    try await Self.run(program, in: sandbox)
    #expect(waits() == 1)
    #expect(try !Self.program([.file(Self.late)]).contains("settle"))
  }

  @Test("what only this machine has cannot be fetched by a host")
  func withoutURL() throws {
    let failure = #expect(throws: Failure.self) {
      try Self.program([.binary(Samples.binary)])
    }
    #expect(failure?.kind == .artifact && failure?.what.contains("/opt/demo/bin/tool") == true)
    #expect(failure?.remedy == "name a mirror under artifacts.sources")

    var own = Samples.binary
    own.path = "/usr/local/bin/kubewright"
    let ownFailure = #expect(throws: Failure.self) { try Self.program([.binary(own)]) }
    #expect(
      ownFailure?.remedy == "no mirror has kubewright: let another program be the authenticator"
    )
  }

  @Test("a placeholder that nothing fills is a defect")
  func unfilled() throws {
    var values = Self.values
    values[.maxPods] = nil
    let failure = #expect(throws: Failure.self) { try Self.program([.file(Self.late)], values) }
    #expect(failure?.what == "nothing finds out maxPods")
    #expect(throws: Failure.self) { try Self.late.filled(with: values) }
    let link = Link(path: "/x", target: LateValue.address.placeholder, reason: "")
    #expect(throws: Failure.self) { try Self.program([.link(link)]) }
  }

  @Test("shellcheck finds nothing to say, and nothing is there that is not called")
  func shellcheck() async throws {
    for desired in [[], Self.desired, ProgramTests.every.filter { $0.id.kind != "binary" }] {
      let program = try Self.program(desired)
      #expect(try await ShellText.complaints(about: program) == [])
      #expect(!program.contains("give_back") && !program.contains("remove_unit"))
      #expect(program.contains("install_deb") == desired.contains { $0.id.kind == "package" })
    }
  }
}
