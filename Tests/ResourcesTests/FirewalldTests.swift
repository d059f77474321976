// SPDX-License-Identifier: Apache-2.0

import Resources
import TestSupport
import Testing
import Values

/// Policies and direct rules on a stand-in for firewalld, which reads its files when it is reloaded.
struct FirewalldTests {
  private static let firewallCmd = """
    #!/bin/sh
    echo "$*" >>/stub/asked
    kept=now
    if [ "$1" = --permanent ]; then
      kept=kept
      shift
    fi
    case $* in
      --list-all-zones) cat "/stub/zones.$kept" ;;
      --reload)
        rm -rf /stub/live
        mkdir /stub/live
        cp /etc/firewalld/policies/*.xml /stub/live/ 2>/dev/null
        cp /stub/zones.kept /stub/zones.now
        echo success
        ;;
      '--direct --get-all-rules') cat "/stub/direct.$kept" ;;
      '--direct --add-rule '*) shift 2; echo "$*" >>"/stub/direct.$kept" ;;
      '--direct --remove-rule '*)
        shift 2
        grep -vxF -e "$*" "/stub/direct.$kept" >/stub/direct.new
        mv /stub/direct.new "/stub/direct.$kept"
        ;;
      *) exit 2 ;;
    esac

    """

  private static let busctl = """
    #!/bin/sh
    for name; do :; done
    cat "/stub/live/$name.xml" 2>/dev/null

    """

  private static let zones = "public (default, active)\n  target: default\n  services: ssh\n"

  private static func sandbox(_ userland: Userland) async throws -> Sandbox {
    let sandbox = try await Sandbox(userland)
    try sandbox.write(firewallCmd, to: "/stub/firewall-cmd", mode: 0o755)
    try sandbox.write(busctl, to: "/stub/busctl", mode: 0o755)
    try sandbox.write("", to: "/stub/active/firewalld.service")
    try sandbox.write(zones + "  interfaces: eth0\n", to: "/stub/zones.now")
    try sandbox.write(
      zones.replacing(" (default, active)", with: "") + "  interfaces: \n",
      to: "/stub/zones.kept"
    )
    try sandbox.write(theirs + "\n", to: "/stub/direct.now")
    try sandbox.write(theirs + "\n", to: "/stub/direct.kept")
    try sandbox.write("theirs", to: "/etc/firewalld/policies/theirs.xml")
    return sandbox
  }

  private static let theirs =
    "ipv4 filter INPUT 0 -p tcp --dport 80 -m comment --comment web -j ACCEPT"

  // MARK: Policies

  private static func policies(_ text: String = "<policy/>\n") -> [Resource] {
    ["demo-in", "demo-pods"].map {
      .file(File(path: "/etc/firewalld/policies/\($0).xml", text: text, reason: "example"))
    } + [
      .firewalld(FirewalldPolicies(names: ["demo-in", "demo-pods"], reason: "example"))
    ]
  }

  @Test("policies are in force at once, and only then", arguments: Userland.allCases)
  func inForce(_ userland: Userland) async throws {
    let sandbox = try await Self.sandbox(userland)
    let before = try await sandbox.snapshot()
    #expect(try await sandbox.converge(Self.policies()).count == 3)
    #expect(sandbox.text(of: "/stub/live/demo-pods.xml") == "<policy/>\n")
    #expect(try await sandbox.changes(for: Self.policies()).isEmpty)
    // A change of a file is one of what is in force.
    let changed = try await sandbox.converge(Self.policies("<policy priority=\"1\"/>\n"))
    #expect(changed.map(\.action) == [.update, .update, .reload])
    #expect(try await sandbox.reset().exitCode == 0)
    #expect(!sandbox.exists("/stub/live/demo-in.xml") && sandbox.exists("/stub/live/theirs.xml"))
    #expect(try await sandbox.snapshot() == before)
  }

  @Test("what somebody changes while firewalld runs is found", arguments: Userland.allCases)
  func drift(_ userland: Userland) async throws {
    let sandbox = try await Self.sandbox(userland)
    try await sandbox.converge(Self.policies())
    try sandbox.write("<policy target=\"DROP\"/>\n", to: "/stub/live/demo-in.xml")
    #expect(try await sandbox.changes(for: Self.policies()).map(\.action) == [.reload])
    try await sandbox.converge(Self.policies())
    #expect(sandbox.text(of: "/stub/live/demo-in.xml") == "<policy/>\n")
    _ = try await sandbox.run("rm /stub/live/demo-in.xml /etc/firewalld/policies/demo-in.xml\n")
    let changes = try await sandbox.converge(Self.policies())
    #expect(changes.map(\.action) == [.create, .reload])
    #expect(try await sandbox.changes(for: Self.policies()).isEmpty)
  }

  @Test("what is in force and not kept is not taken away", arguments: Userland.allCases)
  func unsaved(_ userland: Userland) async throws {
    let sandbox = try await Self.sandbox(userland)
    try sandbox.write(Self.zones + "  ports: 2222/tcp\n", to: "/stub/zones.now")
    let changes = try await sandbox.changes(for: Self.policies())
    let result = try await sandbox.run(sandbox.program(for: Self.policies(), changes))
    #expect(result.exitCode == 1)
    let failure = try #require(
      result.output.split(separator: "\n").compactMap {
        Program.parse(resultLine: String($0))
      }.first { $0.phase == .fail }
    )
    #expect(failure.message.contains("--runtime-to-permanent"), "\(failure)")
    #expect(!(sandbox.text(of: "/stub/asked") ?? "").contains("--reload"))
    // The same command goes on once somebody has decided.
    try sandbox.write(Self.zones + "  ports: 2222/tcp\n", to: "/stub/zones.kept")
    try await sandbox.converge(Self.policies())
    #expect(sandbox.exists("/stub/live/demo-in.xml"))
  }

  @Test("without a firewalld that runs the files just go", arguments: Userland.allCases)
  func stopped(_ userland: Userland) async throws {
    let sandbox = try await Self.sandbox(userland)
    try await sandbox.converge(Self.policies())
    _ = try await sandbox.run("rm /stub/active/firewalld.service /stub/asked\n")
    #expect(try await sandbox.converge([]).count == 3)
    #expect(!sandbox.exists("/etc/firewalld/policies/demo-in.xml"))
    #expect(!sandbox.exists("/stub/asked"))
  }

  @Test("a host that runs its program by itself does the same", arguments: Userland.allCases)
  func byItself(_ userland: Userland) async throws {
    for desired in [Self.policies(), Self.direct(1, 2)] {
      let sandbox = try await Self.sandbox(userland)
      let program = try Program.converge(
        ConvergeRequest(
          cluster: "demo",
          host: "one",
          desired: desired,
          discovery: Discovery(statements: "", values: []),
          settling: 0
        )
      )
      let first = try await sandbox.run(program)
      #expect(first.exitCode == 0, "\(first.error)")
      #expect(try await sandbox.changes(for: desired).isEmpty)
      let asked = sandbox.text(of: "/stub/asked")?.split(separator: "\n").count ?? 0
      #expect(try await sandbox.run(program).exitCode == 0)
      let later = (sandbox.text(of: "/stub/asked") ?? "").split(separator: "\n")[asked...]
      #expect(later.allSatisfy { $0.hasSuffix("--get-all-rules") }, "\(later)")
    }
  }

  // MARK: Direct rules

  private static func direct(_ ports: Int...) -> [Resource] {
    let rules = ports.enumerated().map {
      "ipv4 filter INPUT \($0.offset) -p tcp --dport \($0.element) -m comment --comment demo -j ACCEPT"
    }
    return [.firewalldDirect(FirewalldDirect(mark: "demo", rules: rules, reason: "example"))]
  }

  private static func rules(_ sandbox: Sandbox) -> [[String]] {
    ["now", "kept"].map { place in
      (sandbox.text(of: "/stub/direct.\(place)") ?? "").split(separator: "\n").map(String.init)
    }
  }

  @Test("direct rules are in force and kept, without a reload", arguments: Userland.allCases)
  func direct(_ userland: Userland) async throws {
    let sandbox = try await Self.sandbox(userland)
    let change = try await sandbox.converge(Self.direct(1, 2))
    #expect(change.map(\.summary) == ["2 rules, now and after a reload"])
    #expect(Self.rules(sandbox).allSatisfy { $0.count == 3 && $0[0] == Self.theirs })
    #expect(try await sandbox.changes(for: Self.direct(1, 2)).isEmpty)
    // One goes, one comes.
    #expect(try await sandbox.converge(Self.direct(1, 3)).map(\.action) == [.update])
    #expect(Self.rules(sandbox).allSatisfy { $0.count == 3 && $0[2].contains("--dport 3 ") })
    // Somebody takes one away that is in force, as a reload would.
    _ = try await sandbox.run("echo '\(Self.theirs)' >/stub/direct.now\n")
    let mended = try await sandbox.converge(Self.direct(1, 3))
    #expect(mended.map(\.summary) == ["2 missing"])
    #expect(Self.rules(sandbox)[0] == Self.rules(sandbox)[1])
    #expect(try await sandbox.reset().exitCode == 0)
    #expect(Self.rules(sandbox) == [[Self.theirs], [Self.theirs]])
    // firewalld's own file goes only where nothing is in it.
    for (text, remains) in [("<direct>\n</direct>\n", false), ("<rule>x</rule>\n", true)] {
      try await sandbox.converge(Self.direct(1))
      try sandbox.write(text, to: "/etc/firewalld/direct.xml")
      #expect(try await sandbox.reset().exitCode == 0)
      #expect(sandbox.exists("/etc/firewalld/direct.xml") == remains)
    }
    #expect(!(sandbox.text(of: "/stub/asked") ?? "").contains("--reload"))
  }

  @Test("shellcheck finds nothing to say")
  func shellcheck() async throws {
    for desired in [Self.policies(), Self.direct(1, 2)] {
      let sandbox = try await Self.sandbox(.dash)
      let changes = try await sandbox.changes(for: desired)
      let apply = try sandbox.program(for: desired, changes)
      try await sandbox.converge(desired)
      let manifest = try sandbox.manifest().entries
      for program in [
        apply, Program.observe(desired), Program.reset(cluster: "demo", manifest: manifest),
      ] {
        #expect(try await ShellText.complaints(about: program) == [])
      }
    }
  }
}
