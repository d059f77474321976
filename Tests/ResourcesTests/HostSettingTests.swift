// SPDX-License-Identifier: Apache-2.0

import Resources
import TestSupport
import Testing
import Values

/// Kinds that change more of a host than files, against stand-ins where the real thing would leave the sandbox.
struct HostSettingTests {
  @Test("users come and go with their groups")
  func user() async throws {
    let sandbox = try await Sandbox()
    let users: [Resource] = [.user(SystemUser(name: "etcd", home: "/var/lib/etcd", reason: "etcd"))]
    try await sandbox.converge(users)
    #expect(sandbox.text(of: "/etc/passwd")?.contains("\netcd:") == true)
    #expect(sandbox.text(of: "/etc/group")?.contains("\netcd:") == true)
    #expect(try await sandbox.changes(for: users).isEmpty)
    #expect(try await sandbox.reset().exitCode == 0)
    #expect(sandbox.text(of: "/etc/passwd")?.contains("etcd") == false)
    #expect(sandbox.text(of: "/etc/group")?.contains("etcd") == false)
  }

  @Test("a user that needs a number gets it, and no other user's place")
  func numberedUser() async throws {
    let sandbox = try await Sandbox()
    func user(_ number: Int?) -> [Resource] {
      [.user(SystemUser(name: "etcd", uid: number, reason: "etcd"))]
    }
    try await sandbox.converge(user(2379))
    #expect(sandbox.text(of: "/etc/passwd")?.contains(":2379:2379:") == true)
    #expect(try await sandbox.changes(for: user(2379)).isEmpty)
    #expect(try await sandbox.changes(for: user(nil)).isEmpty)
    let change = try #require(try await sandbox.changes(for: user(2380)).first)
    #expect(change.summary == "number 2379 -> 2380")
    await #expect(throws: Unexpected.self) { try await sandbox.converge(user(2380)) }
    #expect(try await sandbox.reset().exitCode == 0)
    #expect(sandbox.text(of: "/etc/group")?.contains("etcd") == false)
  }

  @Test("a package is not put over another vendor's program")
  func satisfiedPackage() async throws {
    let sandbox = try await Sandbox()
    try sandbox.write("#!/bin/sh\nexit 1\n", to: "/stub/dpkg-query", mode: 0o755)
    let package: [Resource] = [
      .package(Package(name: "containerd", manager: "apt", program: "demo-runtime", reason: "x"))
    ]
    #expect(try await sandbox.changes(for: package).count == 1)
    try sandbox.write("#!/bin/sh\n", to: "/stub/demo-runtime", mode: 0o755)
    #expect(try await sandbox.changes(for: package).isEmpty)
  }

  /// A host with SELinux: what came by a rename or a link has the label of where it was.
  @Test("what is put in place gets its place's label", arguments: Userland.allCases)
  func labels(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    try sandbox.write("#!/bin/sh\n", to: "/stub/selinuxenabled", mode: 0o755)
    try sandbox.write(
      "#!/bin/sh\necho \"$*\" >>/stub/labelled\nexit 1\n",
      to: "/stub/restorecon",
      mode: 0o755
    )
    let placed: [Resource] = [
      .directory(Directory(path: "/opt/demo", reason: "x")),
      .file(File(path: "/opt/demo/a b", text: "x", reason: "x")),
      .link(Link(path: "/opt/demo/link", target: "a b", reason: "x")),
      .binary(Samples.binary),
    ]
    try await sandbox.converge(placed)
    let paths = placed.map { String($0.id.name) + "\n" }.joined()
    #expect(sandbox.text(of: "/stub/labelled") == paths)
    // The seal is of the file as it is now.
    #expect(try await sandbox.changes(for: placed).isEmpty)
  }

  @Test("a unit that reads nothing of ours is not restarted for who started it")
  func foreignUnit() async throws {
    let sandbox = try await Sandbox()
    let unit: [Resource] = [.unit(Unit(name: "chronyd.service", reason: "clock"))]
    try sandbox.write("[Service]\n", to: "/etc/systemd/system/chronyd.service")
    try sandbox.write("", to: "/stub/active/chronyd.service")
    try sandbox.write("", to: "/stub/enabled/chronyd.service")
    #expect(try await sandbox.changes(for: unit).isEmpty)
  }

  @Test("Docker's images come and go, and of its containers only the kubelet's")
  func docker() async throws {
    let sandbox = try await Sandbox()
    try sandbox.write(
      """
      #!/bin/sh
      echo "$*" >>/stub/docker-log
      case $1 in
        images) cat /stub/images 2>/dev/null ;;
        load) echo demo/pause:1 >>/stub/images ;;
        rmi) rm /stub/images ;;
        ps) [ "$4" = label=io.kubernetes.pod.uid ] && printf 'c1\\nc2\\n' ;;
      esac
      exit 0

      """,
      to: "/stub/docker",
      mode: 0o755
    )
    let unit = File(path: "/etc/systemd/system/docker.service", text: "[Service]\n", reason: "")
    let desired: [Resource] = [
      .binary(Samples.binary), .file(unit),
      .footprint(Footprint(name: "pods", dockerContainers: true, reason: "pods")),
      .unit(Samples.unit("docker.service", on: [unit.id])),
      .image(
        ContainerImage(
          reference: "demo/pause:1",
          archive: Samples.binary.path,
          engine: "docker",
          reason: "pause"
        )
      ),
    ]
    try await sandbox.converge(desired)
    #expect(sandbox.text(of: "/stub/images") == "demo/pause:1\n")
    #expect(try await sandbox.changes(for: desired).isEmpty)
    let reset = try await sandbox.reset()
    #expect(reset.exitCode == 0, "\(Unexpected(reset))")
    let asked = (sandbox.text(of: "/stub/docker-log") ?? "").split(separator: "\n")
    let removed = asked.filter { $0.hasPrefix("rm") }
    #expect(removed == ["rm -f -v c1 c2", "rmi -f demo/pause:1"])
    // It was stopped with its unit, asked once more for each, and rests again.
    #expect(!sandbox.exists("/stub/images") && !sandbox.exists("/stub/active/docker.service"))
  }

  @Test("swap is turned off for good, and back by reset", arguments: Userland.wrappable)
  func swap(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    for name in ["swapoff", "swapon"] {
      try sandbox.write(
        "#!/bin/sh\necho \"\(name) $*\" >>/stub/log\n",
        to: "/stub/\(name)",
        mode: 0o755
      )
    }
    let table =
      "# disks\n/dev/a / ext4 defaults 0 1\n  UUID=b\tnone swap sw 0 0\n#/dev/c none swap sw 0 0\n/dev/* x ext4"
    try sandbox.write(table, to: "/etc/fstab", mode: 0o640)
    let swap: [Resource] = [.swap(SwapOff(reason: "kubelet"))]
    try await sandbox.converge(swap)
    #expect(
      sandbox.text(of: "/etc/fstab")
        == "# disks\n/dev/a / ext4 defaults 0 1\n#kubewright-swap#   UUID=b\tnone swap sw 0 0\n#/dev/c none swap sw 0 0\n/dev/* x ext4\n"
    )
    #expect(sandbox.unitCalls() == ["swapoff -a", "mask swap.target"])
    #expect(try await sandbox.changes(for: swap).isEmpty)
    #expect(try await sandbox.reset().exitCode == 0)
    #expect(sandbox.text(of: "/etc/fstab") == table + "\n")
    #expect(
      !sandbox.exists("/etc/systemd/system/swap.target")
        && sandbox.unitCalls().contains("swapon -a")
    )
  }

  @Test(
    "missing packages are installed in one go, waiting for the lock",
    arguments: Userland.allCases
  )
  func packages(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    try sandbox.write(
      """
      #!/bin/sh
      for name; do :; done
      [ -e "/stub/installed-$name" ] && printf 'install ok installed '

      """,
      to: "/stub/dpkg-query",
      mode: 0o755
    )
    try sandbox.write(
      """
      #!/bin/sh
      echo "$*" >>/stub/apt
      [ ! -e /stub/locked ] || { rm /stub/locked; echo 'E: Could not get lock /var/lib/dpkg/lock' >&2; exit 100; }
      action=''
      for word; do
        case $word in
          install | purge) action=$word ;;
          *) case $action in install) : >"/stub/installed-$word" ;; purge) rm "/stub/installed-$word" ;; esac ;;
        esac
      done

      """,
      to: "/stub/apt-get",
      mode: 0o755
    )
    try sandbox.write("", to: "/stub/installed-curl")
    try sandbox.write("", to: "/stub/locked")
    let packages = ["conntrack", "curl", "socat"].map {
      Resource.package(Package(name: $0, manager: "apt", reason: "tool"))
    }
    #expect(try await sandbox.converge(packages).map(\.id.name) == ["conntrack", "socat"])
    let calls = (sandbox.text(of: "/stub/apt") ?? "").split(separator: "\n")
    #expect(calls.count == 2 && calls[1].hasSuffix("install conntrack socat"))
    #expect(try await sandbox.changes(for: packages).isEmpty)
    #expect(try await sandbox.reset().exitCode == 0)
    #expect(sandbox.exists("/stub/installed-curl") && !sandbox.exists("/stub/installed-socat"))
  }

  @Test("what pods leave is taken away, and nothing else", arguments: Userland.allCases)
  func footprint(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    let entry = ManifestEntry(
      id: ResourceID(kind: "footprint", name: "pods"),
      fields: [
        "containers=pods", "mounts=/var/lib/kubelet", "namespaces=cni-", "interface=cni0",
        "interface=kw-*", "chains=KUBE-",
      ]
    )
    let data = ManifestEntry(
      id: ResourceID(kind: "directory", name: "/var/lib/kubelet"),
      fields: ["contents=ours", "@prior=N", "@made=0"]
    )
    try sandbox.write(Program.reset(cluster: "demo", manifest: [entry, data]), to: "/reset.sh")
    // Debian's names lead through /etc/alternatives, which the sandbox lacks.
    for tool in ["iptables", "ip6tables"].flatMap({ [$0, "\($0)-save", "\($0)-restore"] }) {
      let program = try await Command.run("readlink", "-f", try Command.path(of: tool)).output
      try await Command.run("ln", "-s", String(program.dropLast()), sandbox.root + "/stub/" + tool)
    }
    let result = try await sandbox.run(
      """
      PATH=$PATH:/usr/sbin:/usr/bin
      set -e
      mkdir -p '/var/lib/kubelet/pods/a b' /run/netns /elsewhere
      echo precious >/elsewhere/data
      mount --bind /elsewhere '/var/lib/kubelet/pods/a b'
      mkdir '/var/lib/kubelet/pods/a b/inner'
      mount -t tmpfs tmpfs '/var/lib/kubelet/pods/a b/inner'
      touch /run/netns/cni-1 /run/netns/other
      mount --bind /proc/self/ns/net /run/netns/cni-1
      ip link add cni0 type bridge
      ip link add veth1 type veth peer name eth9
      ip link set veth1 master cni0
      ip link add kw-x type bridge
      ip link add theirs type bridge
      for tool in iptables ip6tables; do
        $tool -t nat -N KUBE-SERVICES
        $tool -t nat -A KUBE-SERVICES -m comment --comment 'KUBE- "it" -j' -j RETURN
        $tool -t nat -A OUTPUT -m comment --comment 'kubernetes service portals' -j KUBE-SERVICES
        $tool -t nat -A OUTPUT -m comment --comment 'about KUBE-' -j ACCEPT
      done
      # A shim, by what it calls itself.
      sh -c 'exec sh -c "sleep 300; :" /usr/bin/containerd-shim-runc-v2 -namespace k8s.io -id a' &
      sh -c 'exec sh -c "sleep 300; :" /usr/bin/containerd-shim-runc-v2 -namespace moby -id a' &
      sleep 0.2
      sh /reset.sh >/log 2>&1 || { cat /log; exit 1; }
      set +e
      for name in /sys/class/net/*; do echo "link ${name##*/}"; done
      iptables-save -t nat | grep -e KUBE -e ACCEPT
      ls /run/netns /elsewhere
      for process in /proc/[0-9]*; do
        case $(tr '\\000' ' ' <"$process/cmdline" 2>/dev/null) in
          *sleep*' -namespace '*) tr '\\000' ' ' <"$process/cmdline" ;;
        esac
      done

      """,
      path: ""
    )
    let output = result.output
    #expect(result.exitCode == 0 && output.contains("link theirs"), "\(output) \(result.error)")
    #expect(!output.contains("cni0") && !output.contains("veth1") && !output.contains("kw-x"))
    #expect(!output.contains("KUBE-SERVICES") && output.contains("about KUBE-"))
    #expect(!output.contains("cni-1") && output.contains("other") && output.contains("data"))
    #expect(!output.contains("k8s.io") && output.contains("moby"))
    #expect(!sandbox.exists("/var/lib/kubelet"))
  }

  @Test("reset goes on after a failure, tells it, and keeps what it still needs")
  func resetFailure() async throws {
    let sandbox = try await Sandbox()
    try await sandbox.converge([Samples.files[2], Samples.files[5]])
    _ = try await Command.run("rm", sandbox.root + "/etc/demo/file5")
    try sandbox.write("x", to: "/etc/demo/file5/inner")
    let first = try await sandbox.reset()
    #expect(first.exitCode == 1 && first.error.contains("1 things could not be removed"))
    #expect(!sandbox.exists("/etc/demo/file2") && sandbox.exists("/etc/demo/file5/inner"))
    #expect(try sandbox.manifest().entries.count == 2)
    _ = try await Command.run("rm", "-r", sandbox.root + "/etc/demo/file5")
    #expect(try await sandbox.reset().exitCode == 0)
    #expect(!sandbox.exists("/etc/demo") && !sandbox.exists("/var/lib/kubewright"))
  }

  @Test("a host may fetch a program itself, and checks it", arguments: [true, false])
  func fetch(_ right: Bool) async throws {
    let sandbox = try await Sandbox()
    var binary = Samples.binary
    binary.url = "https://example.test/tool"
    let body = right ? binary.source : "#!/bin/sh\\necho evil\\n"
    try sandbox.write(
      """
      #!/bin/sh
      while [ "$1" != -o ]; do shift; done
      printf '%s' '\(body)' >"$2"

      """,
      to: "/stub/curl",
      mode: 0o755
    )
    let program = Program.apply(
      ApplyRequest(
        cluster: "demo",
        host: "one",
        stage: "all",
        desired: [.binary(binary)],
        changes: Program.changes(desired: [.binary(binary)], observed: [:], manifest: []),
        manifest: []
      )
    )
    let result = try await sandbox.run(program)
    #expect(result.exitCode == (right ? 0 : 1))
    #expect(sandbox.exists(binary.path) == right)
    if !right {
      let event = result.output.split(separator: "\n").compactMap {
        Program.parse(resultLine: String($0))
      }.last
      #expect(event?.message.contains("has sha256") == true)
    }
  }

  @Test("blocks leave the rest of a file alone", arguments: Userland.allCases)
  func block(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    let before = "127.0.0.1 localhost\n\\x \"y\" 'z' \r\n# END kubewright other\n\n"
    try sandbox.write(before, to: "/etc/hosts", mode: 0o640)
    _ = try await Command.run("chown", "7:8", sandbox.root + "/etc/hosts")
    func blocks(_ lines: [String]) -> [Resource] {
      [.block(ManagedBlock(path: "/etc/hosts", label: "hosts", lines: lines, reason: "names"))]
    }
    try await sandbox.converge(blocks(["10.0.0.1 a"]))
    let change = try #require(try await sandbox.changes(for: blocks(["10.0.0.1 b"])).first)
    #expect(change.diff?.contains("-10.0.0.1 a\n+10.0.0.1 b\n") == true)
    try await sandbox.converge(blocks(["10.0.0.1 b"]))
    #expect(
      sandbox.text(of: "/etc/hosts") == before
        + "# BEGIN kubewright hosts\n10.0.0.1 b\n# END kubewright hosts\n"
    )
    #expect(try await sandbox.reset().exitCode == 0)
    #expect(sandbox.text(of: "/etc/hosts") == before)
    let stat = try await Command.run("stat", "-c", "%a %u:%g", sandbox.root + "/etc/hosts")
    #expect(stat.output == "640 7:8\n")
  }
}
