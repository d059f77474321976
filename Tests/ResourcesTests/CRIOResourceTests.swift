// SPDX-License-Identifier: Apache-2.0

import Resources
import TestSupport
import Testing
import Values

/// What CRI-O brings to a host and leaves there.
struct CRIOResourceTests {
  static let image = ContainerImage(
    reference: "registry.k8s.io/pause:3.2",
    archive: "/var/lib/kubewright/images/pause.tar",
    engine: "crio",
    storageDriver: "overlay",
    reason: "pods"
  )

  private static let example: [Resource] = [
    .absence(Absence(path: "/etc/cni/net.d/100-crio-bridge.conf", reason: "example"))
  ]

  @Test("what must not be there goes, and is put back by reset", arguments: Userland.allCases)
  func absence(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    try sandbox.write("theirs", to: "/etc/cni/net.d/100-crio-bridge.conf", mode: 0o640)
    let before = try await sandbox.snapshot()
    try await sandbox.converge(Self.example)
    #expect(!sandbox.exists("/etc/cni/net.d/100-crio-bridge.conf"))
    #expect(try await sandbox.changes(for: Self.example).isEmpty)
    #expect(try await sandbox.reset().exitCode == 0)
    #expect(try await sandbox.snapshot() == before)
  }

  @Test("what a package brings later goes too", arguments: Userland.allCases)
  func absenceOfWhatComesLater(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    #expect(try await sandbox.converge(Self.example).count == 1)
    #expect(try await sandbox.changes(for: Self.example).isEmpty)
    try sandbox.write("a package's", to: "/etc/cni/net.d/100-crio-bridge.conf")
    try await sandbox.converge(Self.example)
    #expect(!sandbox.exists("/etc/cni/net.d/100-crio-bridge.conf"))
    #expect(try await sandbox.reset().exitCode == 0)
    #expect(!sandbox.exists("/etc/cni/net.d/100-crio-bridge.conf"))
  }

  /// A stand-in for skopeo, which keeps the names of images where the real one does.
  private static let skopeo = """
    #!/bin/sh
    echo "$*" >>/stub/skopeo.log
    index=/var/lib/containers/storage/overlay-images/images.json
    mkdir -p "${index%/*}"
    for last; do :; done
    case $2 in
      copy) printf '[{"id":"x","names":["%s"]}]' "${last##*]}" >"$index" ;;
      delete) [ ! -e /stub/in-use ] || exit 1; printf '[]' >"$index" ;;
    esac

    """

  @Test("images are loaded once, and taken away", arguments: Userland.allCases, [true, false])
  func image(_ userland: Userland, isInUse: Bool) async throws {
    let sandbox = try await Sandbox(userland)
    try sandbox.write(Self.skopeo, to: "/stub/skopeo", mode: 0o755)
    let images: [Resource] = [.image(Self.image)]
    try await sandbox.converge(images)
    #expect(try await sandbox.changes(for: images).isEmpty)
    if isInUse { try sandbox.write("", to: "/stub/in-use") }
    #expect(try await sandbox.reset().exitCode == 0)
    let store = "containers-storage:[overlay@/var/lib/containers/storage+/run/containers/storage]"
    #expect(
      sandbox.text(of: "/stub/skopeo.log") == """
        --insecure-policy copy -q docker-archive:\(Self.image.archive) \(store)\(Self.image.reference)
        --insecure-policy delete \(store)\(Self.image.reference)

        """
    )
  }

  @Test("monitors and pinned namespaces go, and nobody else's", arguments: Userland.allCases)
  func footprint(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    let entry = ManifestEntry(
      id: ResourceID(kind: "footprint", name: "pods"),
      fields: ["containers=pods", "pinned=crio"]
    )
    try sandbox.write(Program.reset(cluster: "demo", manifest: [entry]), to: "/reset.sh")
    let result = try await sandbox.run(
      """
      PATH=$PATH:/usr/sbin:/usr/bin
      set -e
      pin=706c56de-216e-44d5-af28-26472847edab
      mkdir -p /run/netns /run/ipcns /run/crio/exits
      touch /run/netns/$pin /run/netns/706c56de-mine /run/ipcns/$pin
      mount --bind /proc/self/ns/net /run/netns/$pin
      mount --bind /proc/self/ns/ipc /run/ipcns/$pin
      # By what they call themselves.
      sh -c 'exec sh -c "sleep 300; :" conmon -c a --exit-dir /var/run/crio/exits -l b' &
      sh -c 'exec sh -c "sleep 300; :" conmon -c podmans --exit-dir /run/libpod/exits -l b' &
      sleep 0.2
      sh /reset.sh >/log 2>&1 || { cat /log; exit 1; }
      ls /run /run/netns
      for process in /proc/[0-9]*; do
        case $(tr '\\000' ' ' <"$process/cmdline" 2>/dev/null) in
          *sleep*' --exit-dir '*) tr '\\000' ' ' <"$process/cmdline" ;;
        esac
      done

      """
    )
    let output = result.output
    #expect(result.exitCode == 0, "\(output) \(result.error)")
    #expect(output.contains("706c56de-mine") && !output.contains("706c56de-216e"))
    #expect(output.contains("netns") && !output.contains("ipcns") && !output.contains("crio"))
    #expect(output.contains("podmans") && !output.contains("conmon -c a "))
  }
}
