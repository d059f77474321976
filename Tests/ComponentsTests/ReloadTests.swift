// SPDX-License-Identifier: Apache-2.0

import Components
import Resources
import Spec
import TestSupport
import Testing
import Values

/// A switch that loses all but /mnt/flash is brought back by what EOS runs at boot.
struct ReloadTests {
  @Test("after a reload rc.eos makes it what it was", arguments: Userland.wrappable)
  func comesBack(_ userland: Userland) async throws {
    let box = try await SwitchBox(userland)
    let desired = try box.desired()
    try await box.apply(desired)
    #expect(try await box.pending(desired) == [])
    let before = try await box.snapshot()
    let units = try await box.active()
    #expect(units.contains("kube-apiserver.service") && units.contains("docker.service"))
    try box.sandbox.write("a member's data", to: "/mnt/flash/kubernetes/var/lib/etcd/member/snap")

    try await box.reload()
    #expect(!box.sandbox.exists("/etc/kubernetes"))
    #expect(try await box.active() == [])
    let boot = try await box.sandbox.run("sh /mnt/flash/rc.eos\n")
    let journal = box.sandbox.text(of: "/stub/journal") ?? ""
    #expect(boot.exitCode == 0 && boot.error.isEmpty && journal.isEmpty, "\(boot.error) \(journal)")
    #expect(try await box.differences(from: before) == [])
    #expect(try await box.active() == units)
    #expect(try await box.pending(desired) == [], "a second up changes nothing")
    // EOS may run the file more than once.
    #expect(try await box.sandbox.run("sh /mnt/flash/rc.eos\n").exitCode == 0)
    #expect(try await box.differences(from: before) == [])
  }

  @Test("a reload that the hook did not follow is mended by the next run, and loses no data")
  func isMended() async throws {
    let box = try await SwitchBox(.dash)
    let desired = try box.desired()
    try await box.apply(desired)
    let before = try await box.snapshot()
    try await box.reload()
    try await box.apply(desired)
    #expect(try await box.differences(from: before) == [])
    #expect(try await box.pending(desired) == [])
  }

  @Test("reset takes everything from root and flash, and leaves what was in rc.eos")
  func resets() async throws {
    let box = try await SwitchBox(.dash)
    try box.sandbox.write("#!/bin/sh\necho mine\n", to: "/mnt/flash/rc.eos", mode: 0o750)
    let before = try await box.snapshot()
    let desired = try box.desired()
    try await box.apply(desired)
    #expect(box.sandbox.text(of: "/mnt/flash/rc.eos")?.hasPrefix("#!/bin/sh\necho mine\n#") == true)
    let result = try await box.sandbox.run(
      Program.reset(cluster: "demo", manifest: try box.manifest())
    )
    #expect(result.exitCode == 0, "\(Unexpected(result))")
    // useradd and userdel leave copies of the lists that they change.
    let changed = ["etc/group", "etc/passwd", "etc/subuid", "etc/subgid", "etc/.pwd.lock"]
    let left = try await box.snapshot().split(separator: "\n").filter { line in
      !changed.contains(where: line.contains)
    }
    #expect(
      left
        == before.split(separator: "\n").filter { line in
          !changed.contains(where: line.contains)
        }
    )
    #expect(box.sandbox.text(of: "/mnt/flash/rc.eos") == "#!/bin/sh\necho mine\n")
  }

  @Test("a file that only we filled goes with us")
  func removesAnEmptyHook() async throws {
    let box = try await SwitchBox(.dash)
    try await box.apply(try box.desired())
    #expect(box.sandbox.text(of: "/mnt/flash/rc.eos")?.hasPrefix("#!/bin/sh\n# BEGIN") == true)
    let result = try await box.sandbox.run(
      Program.reset(cluster: "demo", manifest: try box.manifest())
    )
    #expect(result.exitCode == 0, "\(Unexpected(result))")
    #expect(try await Command.run("ls", "-A", box.sandbox.root + "/mnt/flash").output.isEmpty)
  }

  @Test("shellcheck finds nothing to say of what a switch runs at boot")
  func shellcheck() async throws {
    let resources = try Fixture.eos().resources("veos-b")
    let program = resources.text("/mnt/flash/kubernetes/boot/restore")
    #expect(try await ShellText.complaints(about: program) == [] && program.count > 1000)
    #expect(!program.contains("PRIVATE KEY"))
  }
}

/// A sandbox that is a switch: Docker, kernel settings and /usr/local of its own.
struct SwitchBox {
  let sandbox: Sandbox
  private static let records = "/mnt/flash/kubernetes/var/lib/kubewright"

  init(_ userland: Userland) async throws {
    sandbox = try await Sandbox(userland)
    try await furnish()
  }

  /// What an image of EOS brings anew at each reload.
  private func furnish() async throws {
    let root = sandbox.root
    _ = try await Command.run([
      "sh", "-c",
      """
      set -e
      umask 022
      cd "$1"
      mkdir -p mnt/flash local/bin etc/sysctl.d
      printf '%s\\n' net/ipv4/ip_forward vm/overcommit_memory vm/panic_on_oom kernel/panic \\
        kernel/panic_on_oops kernel/keys/root_maxkeys kernel/keys/root_maxbytes \\
        net/bridge/bridge-nf-call-iptables net/netfilter/nf_conntrack_max |
        while read -r key; do
          mkdir -p "settings/${key%/*}"
          echo 7 >"settings/$key"
        done
      mkdir -p settings/kernel/random
      cat /proc/sys/kernel/random/boot_id >settings/kernel/random/boot_id
      """, "furnish", root,
    ])
    for name in ["swapoff", "modprobe"] {
      try sandbox.write("#!/bin/sh\nexit 0\n", to: "/stub/\(name)", mode: 0o755)
    }
    try sandbox.write(
      """
      #!/bin/sh
      case $1 in
        images) cat /stub/images 2>/dev/null ;;
        load)
          case $3 in
            */pause.tar) echo k8s.gcr.io/pause:3.2 ;;
            */busybox.tar) echo kubewright.local/busybox:1 ;;
          esac >>/stub/images
          ;;
        rmi) grep -vxF "$3" /stub/images >/stub/left; mv /stub/left /stub/images ;;
      esac
      exit 0

      """,
      to: "/stub/docker",
      mode: 0o755
    )
  }

  /// The root file system is thrown away; only flash stays.
  func reload() async throws {
    let fresh = try await Sandbox(sandbox.userland)
    let swap = """
      set -e
      cd "$1"
      for name in * .[!.]*; do
        case $name in mnt | '.[!.]*') ;; *) rm -rf "$name" ;; esac
      done
      cp -a "$2"/. .
      """
    let result = try await Command.run(["sh", "-c", swap, "swap", sandbox.root, fresh.root])
    guard result.exitCode == 0 else { throw Unexpected(result) }
    try await furnish()
  }

  /// What the border switch should hold, of programs that are small scripts here.
  func desired() throws -> [Resource] {
    let context = Fixture.eos().context("veos-b")
    let programs = context.programs.mapValues { file in
      let text = "#!/bin/sh\n# \(file.source)\n"
      return ProgramFile(digest: Digest(of: text), size: text.utf8.count, source: text)
    }
    return try DesiredState.resources(
      for: HostContext(
        cluster: context.cluster,
        host: context.host,
        facts: context.facts,
        pki: context.pki,
        podSubnets: context.podSubnets,
        programs: programs
      )
    ).map { staged in
      guard case .unit(var unit) = staged.resource else { return staged.resource }
      // Units of the sandbox run nothing, so that none of them sets what might be missed.
      unit.check = nil
      return .unit(unit)
    }
  }

  func manifest() throws -> [ManifestEntry] {
    try Manifest.parse(sandbox.text(of: Self.records + "/manifest") ?? "").entries
  }

  /// As `up` does: looks, sends programs, and applies.
  func apply(_ desired: [Resource]) async throws {
    let changes = try await changes(desired)
    var digests: [Digest: String] = [:]
    for case .binary(let binary) in desired where changes.contains(where: { $0.id == binary.id }) {
      digests[binary.digest] = binary.source
    }
    let cached = try await sandbox.run(Program.cached(Array(digests.keys), desired: desired))
    guard cached.exitCode == 0 else { throw Unexpected(cached) }
    for (digest, text) in digests where !cached.output.contains(digest.hex) {
      try sandbox.write(text, to: "\(Self.records)/cache/\(digest.hex)")
    }
    let program = Program.apply(
      ApplyRequest(
        cluster: "demo",
        host: "veos-b",
        stage: "all",
        desired: desired,
        changes: changes,
        manifest: try manifest()
      )
    )
    let result = try await sandbox.run(program)
    guard result.exitCode == 0 else { throw Unexpected(result) }
  }

  private func changes(_ desired: [Resource]) async throws -> [Change] {
    let result = try await sandbox.run(Program.observe(desired))
    guard result.exitCode == 0 else { throw Unexpected(result) }
    return Program.changes(
      desired: desired,
      observed: try Program.parse(observations: result.output),
      manifest: try manifest()
    )
  }

  func pending(_ desired: [Resource]) async throws -> [String] {
    try await changes(desired).map { "\($0.action) \($0.id) \($0.summary)" }
  }

  func active() async throws -> Set<String> {
    Set(
      try await Command.run("ls", sandbox.root + "/stub/active").output
        .split(separator: "\n").map(String.init)
    )
  }

  /// The lines of a snapshot taken now that an earlier one lacks, and those that only it has.
  func differences(from before: String) async throws -> [String] {
    let old = before.split(separator: "\n")
    let new = try await snapshot().split(separator: "\n")
    return Set(new).subtracting(old).map { "+ \($0)" }.sorted()
      + Set(old).subtracting(new).map { "- \($0)" }.sorted()
  }

  /// Types, modes, owners, names, targets and contents of the root file system, and the kernel's settings.
  func snapshot() async throws -> String {
    let look = """
      cd "$1"
      find etc opt var local settings -printf '%y %m %U %G %p -> %l\\n' | LC_ALL=C sort
      find etc opt var local settings -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum
      """
    return try await Command.run(["sh", "-c", look, "look", sandbox.root]).output
  }
}
