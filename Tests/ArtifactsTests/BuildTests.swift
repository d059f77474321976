// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Artifacts

@Suite struct BuildTests {
  @Test(arguments: [
    ("3.4.23-4+b4", "3.4.23"), ("1:1.35.0-4+deb12u1+b1", "1.35.0"), ("1.1.1+ds1-3+b5", "1.1.1"),
    ("1.20.5+really1.20.2-1.1+deb12u1", "1.20.2"), ("1.32.3~rc1-1", "1.32.3"), ("2.0", "2.0"),
  ])
  func readsDebianVersions(version: String, upstream: String) {
    #expect(DebianArchive.upstream(version) == upstream)
  }

  @Test(arguments: [
    ("debian/changelog", "kubernetes (1.20.5+really1.20.2-1) unstable; urgency=medium\n\n  * x\n"),
    ("CHANGELOG/CHANGELOG-1.20.md", "<!-- toc -->\n- [v1.20.1]\n# v1.20.2\n# v1.20.1\n"),
  ])
  func aTreeSaysWhatItIs(file: String, text: String) async throws {
    try await withScratchFolder { folder in
      let tree = try makeTree(in: folder, [file: text, "CHANGELOG/CHANGELOG-1.9.md": "# v1.9.9\n"])
      #expect(await tree.version() == KubernetesVersion(1, 20, 2))
    }
  }

  @Test func aTreeOfAnotherVersionIsNotBuilt() async throws {
    try await withScratchFolder { folder in
      let tree = try makeTree(in: folder, ["CHANGELOG/CHANGELOG-1.20.md": "# v1.20.2\n"])
      let failure = await #expect(throws: Failure.self) {
        try await ArtifactStore(cache: "\(folder)/cache").build(
          request(.kubelet, version: KubernetesVersion(1, 20, 3)),
          tree: tree.folder,
          installPrerequisites: false,
          progress: EventLog().sink
        )
      }
      #expect(failure?.kind == .artifact)
      #expect(failure?.description.contains("is v1.20.2, not v1.20.3") == true)
    }
  }

  @Test(arguments: [
    (KubernetesVersion(1, 15, 3), "the tree "), (KubernetesVersion(1, 17, 0), "Kubernetes v1.17.0"),
    (KubernetesVersion(1, 20, 2), "Kubernetes v1.20.2"),
  ])
  func hyperkubeIsOfferedWhereTheSourceHasIt(
    version: KubernetesVersion,
    what: String
  ) async throws {
    try await withScratchFolder { folder in
      let tree = try makeTree(in: folder, [:])
      let failure = await #expect(throws: Failure.self) {
        try await ArtifactStore(cache: "\(folder)/cache").build(
          request(.kubelet, .hyperkube, version: version),
          tree: tree.folder,
          installPrerequisites: false,
          progress: EventLog().sink
        )
      }
      #expect(failure?.kind == .invalidInput)
      #expect(failure?.what.hasPrefix(what) == true)
      #expect(failure?.what.hasSuffix(" has no hyperkube") == true)
      #expect(failure?.why?.hasPrefix("1.16 is the last release that has it") == true)
    }
  }

  /// Go alone, and with a library that C is compiled for, where this computer can.
  private static let builds: [(Architecture, Bool)] = [Architecture.amd64, .x86].flatMap {
    let hasC = Prerequisite.compiler(for: $0)?.allSatisfy(\.isThere) == true
    return [($0, false)] + (hasC ? [($0, true)] : [])
  }

  private static func hyperkube(withC: Bool) -> [String: String] {
    let graphics = "vendor/github.com/mindprince/gonvml/bindings.go"
    return [
      "CHANGELOG/CHANGELOG-1.16.md": "# v1.16.15\n",
      "pkg/version/version.go": "package version\n\nvar gitVersion = \"none\"\n\n"
        + "func Get() string { return gitVersion }\n",
      "cmd/hyperkube/main.go": "package main\n\nimport (\n\"k8s.io/kubernetes/pkg/version\"\n"
        + "\"os\"\n\(withC ? "_ \"github.com/mindprince/gonvml\"\n" : ""))\n\n"
        + "func main() { os.Stdout.WriteString(version.Get()) }\n",
    ].merging(
      withC ? [graphics: "package gonvml\n\nimport \"C\"\n\nvar Count C.int\n"] : [:]
    ) { $1 }
  }

  /// A tree of one package: what Go is told, and what becomes of the program, are as with the real one.
  @Test(.enabled(if: LocalFile.exists("/usr/bin/go")), arguments: builds)
  func hyperkubeIsBuiltListedAndChecked(
    architecture: Architecture,
    withC: Bool
  ) async throws {
    try await withScratchFolder { folder in
      let tree = try makeTree(in: folder, Self.hyperkube(withC: withC))
      let store = ArtifactStore(cache: "\(folder)/cache")
      let wanted = request(
        .hyperkube,
        version: KubernetesVersion(1, 16, 15),
        architecture: architecture
      )
      let built = try await store.build(
        wanted,
        tree: tree.folder,
        installPrerequisites: false,
        progress: EventLog().sink
      )
      let hyperkube = try #require(built[.hyperkube])
      #expect(store.list() == [hyperkube])
      #expect(hyperkube.version == "v1.16.15")
      #expect(hyperkube.architecture == architecture)
      let bytes = try LocalFile.read(hyperkube.path)
      #expect(hyperkube.digest == Digest(of: bytes))
      try ELFHeader.check(hyperkube.path, is: architecture, name: .hyperkube)
      // It runs without libraries: 32-bit programs, too, on a 64-bit kernel.
      let outcome = try await Tool.run(hyperkube.path, [])
      #expect(outcome.output == "v1.16.15")
      if withC {
        let headers = try await Tool.run("readelf", ["-lW", hyperkube.path])
        #expect(headers.output.contains("LOAD") && !headers.output.contains("INTERP"))
      }
    }
  }

  private static let generator = "vendor/k8s.io/kube-openapi/cmd/openapi-gen/main.go"

  @Test(arguments: [
    ([:], SourceTree.Mode.goPath), (["go.mod": "module k8s.io/kubernetes\n\ngo 1.15\n"], .goPath),
    (["go.mod": "go 1.18\n"], .vendored), (["go.mod": "go 1.22.3\n"], .vendored),
    (["go.mod": "go 1.18\n", generator: ""], .goPath),
    (["go.mod": "go 1.19\n", generator: "", OpenAPIGenerator.path: ""], .vendored),
    (["go.mod": "go 1.23.0\n", "go.work": "go 1.23.0\n"], .workspace),
  ])
  func goIsToldHowTheTreeIsMade(files: [String: String], mode: SourceTree.Mode) async throws {
    try await withScratchFolder { folder in
      let tree = try makeTree(in: folder, files)
      #expect(tree.mode == mode)
      #expect(LocalFile.exists("\(tree.folderInGoPath)/cmd/kube-apiserver"))
    }
  }

  @Test func aFolderWithoutKubernetesIsNoTree() {
    #expect(throws: Failure.self) { try SourceTree(at: "/etc", work: "/nonexistent") }
  }

  @Test func missingPackagesAreNamed() async throws {
    let missing = Prerequisite(path: "/nonexistent/compiler", package: "golang-nonexistent")
    let failure = await #expect(throws: Failure.self) {
      try await Prerequisite.check(
        [.dpkg, missing],
        for: "building",
        installing: false,
        progress: EventLog().sink
      )
    }
    #expect(failure?.kind == .artifact)
    #expect(failure?.remedy == "apt-get install golang-nonexistent")
  }

  @Test(arguments: [("v1.36.2", "v1.36.2"), ("v1.35.0", "v1.35.0"), ("v1.34.0", "v1.20.2")])
  func theNewestIsWhatThePlaceHasOrElseTheBuild(
    published: String,
    newest: String
  ) async throws {
    try await FakeUpstream.with { upstream in
      try upstream.put(program("kubelet"), as: "kubelet", version: published)
      try await withScratchFolder { cache in
        // A source tree that was unpacked earlier: known without asking Debian.
        try LocalFile.makeFolder("\(cache)/source/kubernetes-v1.20.2")
        let found = try await ArtifactStore(cache: cache).newestAvailable(
          candidates: [KubernetesVersion(1, 35, 0), KubernetesVersion(1, 36, 2)],
          sources: [.mirror(upstream.base), .build],
          progress: EventLog().sink
        )
        #expect(found.description == newest)
      }
    }
  }

  @Test func aDeadPlaceLeavesTheBuildOrNothing() async throws {
    try await withScratchFolder { cache in
      try LocalFile.makeFolder("\(cache)/source/kubernetes-v1.20.2")
      let store = ArtifactStore(cache: cache)
      let dead = ArtifactSource.mirror("http://127.0.0.1:1")
      let candidates = [KubernetesVersion(1, 36, 2)]
      let log = EventLog()
      let found = try await store.newestAvailable(
        candidates: candidates,
        sources: [dead, .build],
        progress: log.sink
      )
      #expect(found == KubernetesVersion(1, 20, 2))
      #expect(log.notes == ["mirror http://127.0.0.1:1: cannot be reached"])
      let failure = await #expect(throws: Failure.self) {
        try await store.newestAvailable(
          candidates: candidates,
          sources: [dead],
          progress: EventLog().sink
        )
      }
      #expect(failure?.kind == .artifact)
    }
  }

  private func makeTree(in folder: String, _ files: [String: String]) throws -> SourceTree {
    let root = "\(folder)/tree"
    try LocalFile.makeFolder("\(root)/cmd/kube-apiserver")
    try LocalFile.makeFolder("\(root)/vendor")
    for (path, text) in files {
      try LocalFile.makeFolder("\(root)/\(path)".parentFolder)
      try LocalFile.write(Array(text.utf8), to: "\(root)/\(path)")
    }
    return try SourceTree(at: root, work: "\(folder)/work")
  }
}
