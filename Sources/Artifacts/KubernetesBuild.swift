// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Values

/// Builds Kubernetes' programs with Go.
struct KubernetesBuild: Sendable {
  let tree: SourceTree
  let version: KubernetesVersion
  let architecture: Architecture
  let names: [ArtifactName]
  /// `work` in the cache.
  let work: String
  let debian: DebianArchive
  let go: GoToolchain
  let progress: ArtifactEventSink

  /// What a build from nothing writes: objects of one architecture and the programs.
  private static let neededBytes = 6 << 30
  /// What it writes when Go's cache holds most of it.
  private static let neededBytesWarm = 2 << 30

  private static let targetPrefix = "programs-"

  /// Builds, and returns the folder that holds the programs under their names.
  func run() async throws -> String {
    try checkDisk()
    let clock = ContinuousClock()
    let start = clock.now
    let stage = "build Kubernetes \(version) for \(architecture.rawValue)"
    await progress(.started(stage: "\(stage): \(names.map(\.rawValue).joined(separator: ", "))"))
    let overlay = try await overlay()
    // What a killed run's Go may still be writing is not ours: each run has a folder of its own.
    for name in LocalFile.names(in: work) where name.hasPrefix(Self.targetPrefix) {
      try LocalFile.remove("\(work)/\(name)")
    }
    let target = "\(work)/\(Self.targetPrefix)\(getpid())"
    try LocalFile.makeFolder(target)
    let mode = tree.mode
    let environment = go.environment(for: architecture, tree: tree, mode: mode, usesC: usesC)
    let folder = mode == .goPath ? tree.folderInGoPath : tree.folder
    // Hosts have another C library than this computer: names and users are looked up without it.
    let tags = "providerless" + (usesC ? " netgo osusergo" : "")
    let flags = ["-trimpath", "-tags", tags] + overlay
    let packages = names.map { "k8s.io/kubernetes/cmd/\($0.rawValue)" }
    let total = try await Tool.output(
      "go",
      ["list", "-deps"] + flags + packages,
      environment: environment,
      folder: folder,
      purpose: "listing Kubernetes' packages"
    ).split(whereSeparator: \.isNewline).count
    var done = 0
    _ = try await Tool.output(
      "go",
      ["build", "-v"] + flags + ["-ldflags", linkerFlags(), "-o", "\(target)/"] + packages,
      environment: environment,
      folder: folder,
      purpose: stage,
      takes: { line in
        // With -v Go names each package that it compiles; all else is about errors.
        guard !line.contains(" "), !line.contains(":"), line.contains("/") || done < total / 4
        else { return false }
        done += 1
        await progress(.progress(stage: stage, done: min(done, total), total: total))
        return true
      }
    )
    try LocalFile.write([], to: warmMark)
    await progress(.finished(stage: stage, seconds: (clock.now - start).seconds))
    return target
  }

  /// Whether C is compiled, too.
  var usesC: Bool {
    tree.kubeletNeedsC && (names.contains(.kubelet) || names.contains(.hyperkube))
  }

  /// Go's flag for files that it reads in place of the tree's (`go help build`, -overlay).
  private func overlay() async throws -> [String] {
    let mark = Digest(of: tree.folder).short
    var replacements = try await ReflectionRepair(
      tree: tree,
      debian: debian,
      output: "\(work)/reflect2"
    ).replacements()
    if names.contains(.apiServer) || names.contains(.hyperkube), tree.lacksOpenAPI {
      await progress(.note("generating the OpenAPI definitions"))
      replacements.merge(
        try await OpenAPIGenerator(tree: tree, go: go, output: "\(work)/openapi-\(mark)")
          .replacements()
      ) { $1 }
    }
    guard !replacements.isEmpty else { return [] }
    let file = "\(work)/overlay-\(mark).json"
    try LocalFile.write(
      Array(try JSONEncoder().encode(["Replace": replacements])),
      to: file
    )
    return ["-overlay", file]
  }

  /// What `kubelet --version` and the API's /version say.
  ///
  /// Source: hack/lib/version.sh, `kube::version::ldflags`.
  private func linkerFlags() -> String {
    let values = [
      "gitVersion=\(version)", "gitMajor=\(version.minor.major)",
      "gitMinor=\(version.minor.minor)", "gitTreeState=archive",
    ]
    // Up to 1.16 the programs' own; where there is no such package, nothing is stamped.
    let packages =
      ["k8s.io/kubernetes/pkg/version"]
      + ["component-base/version", "client-go/pkg/version"].flatMap {
        ["k8s.io/kubernetes/vendor/k8s.io/\($0)", "k8s.io/\($0)"]
      }
    return
      (["-s", "-w"] + (usesC ? ["-linkmode external", "-extldflags -static"] : [])
      + packages.flatMap { package in values.map { "-X \(package).\($0)" } }).joined(separator: " ")
  }

  /// Beside Go's cache once it holds a whole build for this architecture.
  private var warmMark: String { "\(go.buildCache)/built-\(architecture.rawValue)" }

  private func checkDisk() throws {
    try LocalFile.makeFolder(work)
    let needed = LocalFile.exists(warmMark) ? Self.neededBytesWarm : Self.neededBytes
    guard let free = LocalFile.freeBytes(at: work), free < needed else { return }
    throw Failure(
      .artifact,
      "building Kubernetes needs \(needed >> 30) GiB of free disk at \(work)",
      why: "\(free >> 20) MiB are free",
      remedy: "free some, or set XDG_CACHE_HOME elsewhere"
    )
  }
}
