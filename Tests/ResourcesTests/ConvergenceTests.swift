// SPDX-License-Identifier: Apache-2.0

import Resources
import TestSupport
import Testing
import Values

/// Generated programs, run for real.
struct ConvergenceTests {
  @Test(
    "everything is as wanted after one run, and a second changes nothing",
    arguments: Userland.allCases
  )
  func converges(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    let before = try await sandbox.snapshot()
    let done = try await sandbox.converge(Samples.all)
    #expect(done.count == Samples.all.count - 1, "the module needs nothing")
    #expect(sandbox.text(of: "/etc/sysctl.d/99-zz-kubewright-net.absent.key.conf") != nil)
    for case .file(let file) in Samples.all {
      #expect(sandbox.bytes(of: file.path) == file.bytes, "\(file.path)")
    }
    #expect(
      sandbox.text(of: "/etc/hosts")
        == "127.0.0.1 localhost\n# BEGIN kubewright hosts\n10.0.0.1 one\n10.0.0.2 two\n# END kubewright hosts\n"
    )
    #expect(sandbox.bytes(of: Samples.binary.path) == Array(Samples.binary.source.utf8))
    #expect(!sandbox.exists(Program.cachePath(Samples.binary.digest)))
    // The network namespace, and its settings with it, are new at every entry.
    let again = try await sandbox.changes(for: Samples.all)
    #expect(again.map(\.id) == [ResourceID(kind: "sysctl", name: "net.ipv4.ip_forward")])
    let found = try await Command.run("find", sandbox.root, "-name", ".kubewright-*")
    #expect(found.output.isEmpty)

    let reset = try await sandbox.reset()
    #expect(reset.exitCode == 0, "\(Unexpected(reset))")
    #expect(try await sandbox.snapshot() == before)
    #expect(
      !sandbox.exists("/stub/active/demo.service") && !sandbox.exists("/stub/enabled/demo.service")
    )
  }

  @Test("what somebody changed is put right", arguments: Userland.allCases)
  func mends(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    try await sandbox.converge(Samples.all)
    let file = File(path: "/etc/demo/file2", text: "", reason: "")
    try sandbox.write("other\n", to: file.path, mode: 0o600)
    _ = try await Command.run("ln", "-sfn", "/elsewhere", sandbox.root + "/etc/demo/link")
    try sandbox.write("tampered", to: Samples.binary.path, mode: 0o755)
    let changes = try await sandbox.changes(for: Samples.all)
    #expect(
      changes.map(\.id.description).filter { !$0.hasPrefix("sysctl") } == [
        "file:/etc/demo/file2", "link:/etc/demo/link", "binary:/opt/demo/bin/tool",
        "unit:demo.service",
      ]
    )
    let change = try #require(changes.first { $0.id == file.id })
    #expect(change.diff?.contains("-other\n+plain\n") == true)
    #expect(change.summary.contains("mode 0600 -> 0400"))
    try await sandbox.converge(Samples.all)
    #expect(sandbox.text(of: file.path) == "plain\n")
    #expect(
      sandbox.unitCalls().last == "restart demo.service"
        || sandbox.unitCalls().contains("restart demo.service")
    )
  }

  @Test("what was there before us is given back", arguments: Userland.allCases)
  func givesBack(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    try sandbox.write("theirs\n", to: "/etc/demo/file2", mode: 0o640)
    try sandbox.write("their data\n", to: "/var/lib/demo/data")
    try sandbox.write("[Service]\n", to: "/etc/systemd/system/demo.service")
    try sandbox.write("", to: "/stub/active/demo.service")
    let before = try await sandbox.snapshot()
    try await sandbox.converge(Samples.all)
    #expect(sandbox.text(of: "/etc/demo/file2") == "plain\n")
    let reset = try await sandbox.reset()
    #expect(reset.exitCode == 0, "\(Unexpected(reset))")
    let after = try await sandbox.snapshot()
    // Modes of folders that were there stay as the cluster had them.
    let ignored = { (text: String) in
      text.split(separator: "\n").filter {
        !$0.hasSuffix(" etc/demo -> ") && !$0.hasSuffix(" var/lib/demo -> ")
      }
    }
    #expect(ignored(after) == ignored(before))
    #expect(sandbox.exists("/stub/active/demo.service"))
  }

  @Test("a run that is killed anywhere is finished by the next", arguments: Userland.wrappable)
  func survivesKills(_ userland: Userland) async throws {
    let desired: [Resource] = [
      Samples.all[0], Samples.all[1], Samples.files[2], Samples.odd[0], .file(Samples.secret),
      .link(Link(path: "/etc/demo/link", target: "x", reason: "link")),
      .block(
        ManagedBlock(path: "/etc/hosts", label: "hosts", lines: ["10.0.0.1 one"], reason: "names")
      ),
      .binary(Samples.binary), .file(Samples.unitFile()),
      .unit(Samples.unit(on: [Samples.secret.id, Samples.binary.id])),
    ]
    // Every command once; what differs between shells needs fewer.
    let stride = userland == .dash ? 1 : 5
    var point = 1 - stride
    var killed = true
    while killed {
      point += stride
      let sandbox = try await Sandbox(userland)
      try sandbox.write("theirs\n", to: "/etc/demo/file2")
      let before = try await sandbox.snapshot()
      let program = try sandbox.program(for: desired, await sandbox.changes(for: desired))
      let result = try await sandbox.runKilling(program, at: point)
      killed = result.exitCode != 0
      let context = "killed at command \(point)"
      try await sandbox.converge(desired)
      #expect(try await sandbox.changes(for: desired).isEmpty, "\(context)")
      for case .file(let file) in desired {
        #expect(sandbox.bytes(of: file.path) == file.bytes, "\(file.path) \(context)")
      }
      let reset = try await sandbox.runKilling(
        Program.reset(cluster: "demo", manifest: sandbox.manifest().entries),
        at: point
      )
      if reset.exitCode != 0 {
        let again = try await sandbox.reset()
        #expect(again.exitCode == 0, "\(context): \(Unexpected(again))")
      }
      // The folder was there before, so its mode is ours to keep.
      let left = try await sandbox.snapshot().split(separator: "\n").filter {
        !$0.hasSuffix(" etc/demo -> ")
      }
      #expect(
        left == before.split(separator: "\n").filter { !$0.hasSuffix(" etc/demo -> ") },
        "\(context)"
      )
      try #require(point < 400)
    }
    #expect(point > 30)
  }
}

extension Sandbox {
  /// Runs `program` and kills its shell when it starts the `point`th command that writes.
  func runKilling(_ program: String, at point: Int) async throws -> Command.Result {
    for name in [
      "mv", "chmod", "chown", "sync", "ln", "mkdir", "rm", "cat", "cp", "tail", "rmdir",
      "systemctl",
    ] {
      try write(
        """
        #!/bin/sh
        count=0
        [ ! -f /kill/count ] || read -r count </kill/count
        count=$((count + 1))
        echo "$count" >/kill/count
        [ "$count" -ne \(point) ] || kill -9 "$(cat /kill/shell)"
        exec \(name == "systemctl" ? "/stub" : "/usr/bin")/\(name) "$@"

        """,
        to: "/kill/\(name)",
        mode: 0o755
      )
    }
    _ = try await Command.run("rm", "-f", root + "/kill/count")
    return try await run("echo $$ >/kill/shell\n" + program, path: "/kill:")
  }
}
