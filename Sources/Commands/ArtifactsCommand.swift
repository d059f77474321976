// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Artifacts
import Catalog
import Engine
import Spec
import Values

struct ArtifactsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "artifacts",
    abstract: "The programs that clusters are made of: list, fetch, build.",
    subcommands: [
      ArtifactsListCommand.self, ArtifactsFetchCommand.self, ArtifactsBuildCommand.self,
      ArtifactsNewestCommand.self,
    ]
  )
}

/// Which programs.
struct ArtifactOptions: ParsableArguments {
  @Option(name: .customLong("kubernetes"), help: "The Kubernetes version: v1.20.2.")
  var version: String

  @Option(help: ArgumentHelp("amd64, 386, arm64 or arm.", valueName: "arch"))
  var arch: String = "amd64"

  @Flag(help: "kubectl and kubeadm too.")
  var clients = false

  func request() throws -> ArtifactRequest {
    guard let version = KubernetesVersion(version),
      Catalog.standard.supported.contains(version.minor)
    else {
      throw ValidationError(
        "'\(version)' is no version from \(Catalog.standard.supported.lowerBound) to "
          + "\(Catalog.standard.supported.upperBound): write v1.20.2"
      )
    }
    guard let architecture = Architecture(rawValue: arch) else {
      throw ValidationError(
        "'\(arch)' is none of \(Architecture.allCases.map(\.rawValue).joined(separator: ", "))"
      )
    }
    let cluster = ClusterSpec(
      name: "artifacts",
      kubernetes: KubernetesSpec(version: version),
      controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: "127.0.0.1")),
      hosts: []
    )
    var request = cluster.artifactRequest(for: architecture)
    if clients { request.needed += [.kubectl, .kubeadm] }
    return request
  }
}

private func store() -> ArtifactStore {
  ArtifactStore(cache: cacheFolder() + "/artifacts")
}

struct ArtifactsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "What the cache holds, with digests."
  )

  @Option(name: .shortAndLong, help: "text or json.")
  var output: OutputFormat = .text

  func run() async throws {
    let output = output
    try await execute { console in
      let stored = store().list()
      switch output {
      case .json: await console.out(try jsonText(stored))
      case .text:
        await console.out(
          table(
            [["NAME", "VERSION", "ARCH", "MIB", "SHA256", "FROM"]]
              + stored.map {
                [
                  $0.name.rawValue, $0.version, $0.architecture.rawValue,
                  String($0.size / 1_048_576), $0.digest.short, $0.source,
                ]
              }
          )
        )
      }
    }
  }
}

struct ArtifactsFetchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Fetch programs, checked against their published digests."
  )

  @OptionGroup var options: ArtifactOptions

  @Option(help: ArgumentHelp("A mirror with the published layout.", valueName: "url"))
  var mirror: String?

  @Option(help: ArgumentHelp("A folder of ready programs.", valueName: "dir"))
  var folder: String?

  func run() async throws {
    let request = try options.request()
    let sources: [ArtifactSource] =
      folder.map { [.folder($0)] } ?? mirror.map { [.mirror($0)] } ?? [.published]
    try await execute { console in
      let progress = Progress(console: console)
      let stored = try await store().ensure(
        request,
        sources: sources,
        progress: { await progress.show($0) }
      )
      try await store().confirm(
        stored,
        request,
        sources: sources,
        progress: { await progress.show($0) }
      )
      await console.out(listing(stored))
    }
  }
}

struct ArtifactsBuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Build programs from Debian's source package, or from a source tree."
  )

  @OptionGroup var options: ArtifactOptions

  @Option(help: ArgumentHelp("A Kubernetes source tree instead.", valueName: "dir"))
  var source: String?

  @Flag(help: "Only the one program that is all others; Kubernetes up to 1.16 has it.")
  var hyperkube = false

  @Flag(name: .shortAndLong, help: "Install the Debian packages that building needs.")
  var yes = false

  func run() async throws {
    var request = try options.request()
    if hyperkube { request.needed = [.hyperkube] }
    let wanted = request
    let (source, install) = (source, yes)
    try await execute { console in
      let progress = Progress(console: console)
      let stored = try await store().build(
        wanted,
        tree: source,
        installPrerequisites: install,
        progress: { await progress.show($0) }
      )
      await console.out(listing(stored))
    }
  }
}

struct ArtifactsNewestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "newest",
    abstract: "Print the newest Kubernetes whose programs can be had from here."
  )

  func run() async throws {
    try await execute { console in
      let progress = Progress(console: console)
      let version = try await store().newestAvailable(
        candidates: [Catalog.standard.newest],
        sources: [.published, .build],
        progress: { await progress.show($0) }
      )
      await console.out(version.description)
    }
  }
}

private func listing(_ stored: [ArtifactName: StoredArtifact]) -> String {
  table(
    stored.values.sorted { $0.path < $1.path }.map {
      [$0.name.rawValue, $0.version, $0.digest.hex, $0.path]
    }
  )
}
