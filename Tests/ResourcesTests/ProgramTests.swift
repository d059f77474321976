// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Resources
import TestSupport
import Testing
import Values

/// Properties of the programs themselves.
struct ProgramTests {
  private static func apply(_ desired: [Resource], cluster: String = "demo") -> String {
    Program.apply(
      ApplyRequest(
        cluster: cluster,
        host: "one",
        stage: "all",
        desired: desired,
        changes: Program.changes(desired: desired, observed: [:], manifest: []),
        manifest: []
      )
    )
  }

  static let every: [Resource] =
    Samples.all + [
      .package(Package(name: "conntrack", manager: "apt", reason: "tool")),
      .package(Package(name: "ipset", manager: "dnf", reason: "tool")),
      .user(SystemUser(name: "etcd", reason: "runs etcd")), .swap(SwapOff(reason: "kubelet")),
      .image(
        ContainerImage(
          reference: "registry.k8s.io/pause:3.2",
          archive: "/var/lib/pause.tar",
          engine: "containerd",
          reason: "pods"
        )
      ),
      .image(CRIOResourceTests.image),
    ]

  @Test(
    "shellcheck finds nothing to say",
    arguments: [
      Program.observe(every), apply(every), apply([]),
      Program.reset(cluster: "demo", manifest: every.map { ManifestEntry(id: $0.id) }),
    ]
  )
  func shellcheck(_ program: String) async throws {
    #expect(try await ShellText.complaints(about: program) == [])
  }

  @Test("a program that arrives in part does nothing", arguments: Userland.allCases)
  func truncated(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    let before = try await sandbox.snapshot()
    let program = Self.apply([
      Samples.all[0], Samples.files[5], Samples.odd[2], .file(Samples.secret),
    ])
    let whole = Array(program.utf8)
    // Up to the brace that ends the last line's group, behind which it is whole.
    let end = whole.count - "} </dev/null\n".utf8.count
    let cuts = stride(from: 1, to: end, by: 97).map { $0 } + ((end - 40)...end)
    for cut in cuts {
      let part = String(decoding: whole[..<cut], as: UTF8.self)
      let result = try await sandbox.run(part)
      #expect(!result.output.contains("kubewright-step"), "cut at \(cut)")
      if part.contains("trap 'echo"), part.utf8.count > 400 {
        #expect(result.exitCode != 0, "cut at \(cut)")
      }
    }
    #expect(try await sandbox.snapshot() == before)
  }

  @Test("random bytes, names and modes arrive as they are", arguments: Userland.allCases)
  func random(_ userland: Userland) async throws {
    var generator = SeededGenerator(seed: 20)
    let alphabet = Array(" '\"\\$`*?[]!#&;|<>(){}~\n\t%-=ab./é✓".filter { $0 != "/" })
    var desired: [ResourceID: Resource] = [:]
    for _ in 0..<60 {
      let name = String(
        (0..<Int.random(in: 1...12, using: &generator)).map { _ in
          alphabet.randomElement(using: &generator) ?? "x"
        }
      )
      guard name != ".", name != ".." else { continue }
      let size = Int.random(in: 0...2000, using: &generator)
      let bytes = (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let text = (0..<size).map { _ in UInt8.random(in: 9...126, using: &generator) }
      let file = File(
        path: "/opt/random/\(name)",
        content: Bool.random(using: &generator) ? .open(bytes) : .secret(Sensitive(text)),
        mode: FileMode(UInt16.random(in: 0...0o7777, using: &generator)),
        owner: String(Int.random(in: 0...70000, using: &generator)),
        reason: "random"
      )
      desired[file.id] = .file(file)
    }
    let files = desired.values.sorted { $0.id < $1.id }
    let sandbox = try await Sandbox(userland)
    #expect(try await sandbox.converge(files).count == files.count)
    for case .file(let file) in files {
      #expect(sandbox.bytes(of: file.path) == file.bytes, "\(file.path)")
    }
    #expect(try await sandbox.changes(for: files).isEmpty)
    #expect(try await sandbox.reset().exitCode == 0)
    #expect(!sandbox.exists("/opt/random"))
  }

  @Test("the first failure stops the run, with the unit's log")
  func failure() async throws {
    let sandbox = try await Sandbox()
    let later = File(path: "/etc/later", text: "later\n", reason: "later")
    let desired: [Resource] = [.unit(Samples.unit(on: [])), .file(later)]
    try sandbox.write("", to: "/stub/failing/demo.service")
    let program = try sandbox.program(for: desired, await sandbox.changes(for: desired))
    let result = try await sandbox.run(program)
    #expect(result.exitCode == 1)
    let events = result.output.split(separator: "\n").compactMap {
      Program.parse(resultLine: String($0))
    }
    #expect(events.map(\.phase) == [.begin, .fail])
    #expect(events.last?.message == "demo.service is failed after start")
    #expect(events.last?.log.contains("log of demo.service") == true)
    #expect(!sandbox.exists(later.path))
    // Nothing of it counts as started.
    try await Command.run("rm", sandbox.root + "/stub/failing/demo.service")
    #expect(try await sandbox.converge(desired).map(\.action) == [.start, .create])
  }

  @Test("a step that cannot be done says why")
  func refusal() async throws {
    let sandbox = try await Sandbox()
    try sandbox.write("x", to: "/etc/demo/inner/x")
    let desired: [Resource] = [
      .file(File(path: "/etc/demo/inner", text: "a\n", reason: "in the way"))
    ]
    let changes = try await sandbox.changes(for: desired)
    #expect(changes.map(\.summary) == ["type directory -> file"])
    let result = try await sandbox.run(sandbox.program(for: desired, changes))
    let event = result.output.split(separator: "\n").compactMap {
      Program.parse(resultLine: String($0))
    }.last
    #expect(event?.message == "/etc/demo/inner is a directory")
    #expect(sandbox.exists("/etc/demo/inner/x"))
  }

  @Test("another living run keeps us out, a dead one does not", arguments: Userland.allCases)
  func lock(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    let program = Self.apply([Samples.files[2]])
    let living = """
      mkdir -p /var/lib/kubewright
      read -r boot </proc/sys/kernel/random/boot_id
      read -r line </proc/1/stat
      set -- ${line##*') '}
      shift 19
      ln -s "1.$1.$boot" /var/lib/kubewright/lock

      """
    let refused = try await sandbox.run(living + program)
    #expect(
      refused.exitCode == Program.busyExitCode && refused.error.contains("another run (process 1)"),
      "\(refused)"
    )
    #expect(!sandbox.exists("/etc/demo/file2"))
    for stale in ["1.5.another-boot", "4194303.5.\(Self.bootID)", "1.0.\(Self.bootID)", "junk"] {
      let result = try await sandbox.run("ln -sfn \(stale) /var/lib/kubewright/lock\n" + program)
      #expect(result.exitCode == 0, "\(stale): \(Unexpected(result))")
      #expect(!sandbox.exists("/var/lib/kubewright/lock"))
    }
  }

  private static var bootID: String {
    FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id").map {
      String(decoding: $0, as: UTF8.self).trimmingCharacters
    } ?? ""
  }

  @Test("a host of another cluster is left alone")
  func otherCluster() async throws {
    let sandbox = try await Sandbox()
    try await sandbox.converge([Samples.files[2]])
    let result = try await sandbox.run(Self.apply([Samples.files[3]], cluster: "other"))
    #expect(result.exitCode == 1 && result.error.contains("belongs to another cluster"))
    #expect(!sandbox.exists("/etc/demo/file3"))
  }

  @Test("secrets do not travel back, nor into manifests")
  func secrets() async throws {
    let sandbox = try await Sandbox()
    try await sandbox.converge([.file(Samples.secret)])
    try sandbox.write("an older topsecret\n", to: Samples.secret.path, mode: 0o600)
    let result = try await sandbox.run(Program.observe([.file(Samples.secret)]))
    #expect(!result.output.contains("content"))
    #expect(sandbox.text(of: Program.manifestPath)?.contains("topsecret") == false)
    let change = try #require(try await sandbox.changes(for: [.file(Samples.secret)]).first)
    #expect(change.diff == nil && change.summary.contains("sha256:"))
  }

  @Test("an owed restart is done by the next run")
  func owedRestart() async throws {
    let sandbox = try await Sandbox()
    func desired(_ text: String) -> [Resource] {
      let file = File(path: "/etc/demo/conf", text: text, reason: "conf")
      return [.file(file), .file(Samples.unitFile()), .unit(Samples.unit(on: [file.id]))]
    }
    try await sandbox.converge(desired("one\n"))
    let changed = desired("two\n")
    let changes = try await sandbox.changes(for: changed)
    #expect(changes.map(\.action) == [.update, .restart])
    // The stage with the file runs, the one with the unit does not.
    let result = try await sandbox.run(sandbox.program(for: changed, [changes[0]]))
    #expect(result.exitCode == 0)
    #expect(try await sandbox.changes(for: changed).map(\.action) == [.restart])
    // Even when the file goes back to what the running unit read last.
    try await sandbox.converge(changed)
    #expect(try await sandbox.changes(for: changed).isEmpty)
  }

  @Test("what is no longer wanted goes, and is forgotten", arguments: Userland.allCases)
  func removal(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    let before = try await sandbox.snapshot()
    try await sandbox.converge(Samples.all)
    let changes = try await sandbox.converge([])
    #expect(changes.allSatisfy { $0.action == .remove })
    #expect(changes.first?.id == ResourceID(kind: "unit", name: "demo.service"))
    #expect(try sandbox.manifest().entries.isEmpty)
    #expect(try await sandbox.reset().exitCode == 0)
    #expect(try await sandbox.snapshot() == before)
  }

  @Test("the text of a small program")
  func golden() throws {
    let desired: [Resource] = [
      .directory(Directory(path: "/etc/kubernetes", reason: "configuration")),
      .file(File(path: "/etc/kubernetes/demo.conf", text: "it's: \"a\"\n", reason: "demo")),
      .file(Samples.unitFile()),
      .unit(Samples.unit(on: [ResourceID(kind: "file", name: "/etc/kubernetes/demo.conf")])),
    ]
    try Golden.check(Self.apply(desired), "apply.sh")
    try Golden.check(Program.observe(desired), "observe.sh")
    let entries = desired.map { ManifestEntry(id: $0.id, fields: ["@prior=N", "@made=0"]) }
    try Golden.check(Program.reset(cluster: "demo", manifest: entries), "reset.sh")
  }
}

enum Golden {
  static func check(_ text: String, _ name: String, file: String = #filePath) throws {
    let folder = String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)]) + "/Goldens"
    if getenv("KUBEWRIGHT_REGENERATE_GOLDENS") != nil {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }
    let golden = FileManager.default.contents(atPath: "\(folder)/\(name)")
    #expect(golden.map { String(decoding: $0, as: UTF8.self) } == text, "\(name) differs")
  }
}

extension String {
  fileprivate var trimmingCharacters: String { filter { !$0.isWhitespace } }
}
