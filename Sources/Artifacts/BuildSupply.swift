// SPDX-License-Identifier: Apache-2.0

import Values

/// Builds programs on this computer, or unpacks them where Debian has them ready.
struct BuildSupply: Sendable {
  let cache: String
  let shelf: Shelf
  /// A source tree of the user's instead of Debian's.
  let tree: String?
  let installing: Bool
  let progress: ArtifactEventSink

  /// Debian links these to the C library, other than their projects do.
  ///
  /// Source: `objdump -T` of Debian 12's etcd 3.4.23 and CNI plugins 1.1.1.
  private static let libraryNote =
    "etcd and CNI plugins are Debian's: hosts need glibc 2.34 or newer for them"

  private var work: String { "\(cache)/work" }
  private var go: GoToolchain { GoToolchain(buildCache: "\(cache)/go-build") }
  var debian: DebianArchive { DebianArchive(folder: "\(cache)/apt", progress: progress) }

  /// Builds `names`; what cannot be built is left out, with the reason.
  /// - Throws: `CancellationError`, and failures of this computer's disk.
  func supply(_ names: [ArtifactName], _ request: ArtifactRequest) async throws -> Supply {
    var supply = Supply()
    // What is quick first: a missing package is known before a build of minutes.
    let parts: [([ArtifactName], ([ArtifactName]) async throws -> [ArtifactName: StoredArtifact])] =
      [
        (names.filter { $0.family == .etcd }, { try await etcd($0, request) }),
        (names.filter { $0.family == .networkPlugins }, { try await networkPlugins($0, request) }),
        (names.filter { $0 == .busybox }, { _ in try await busybox(request) }),
        (names.filter { $0 == .pause }, { _ in try await pause(request) }),
        (names.filter { $0.family == .kubernetes }, { try await kubernetes($0, request) }),
      ]
    if names.contains(where: { $0.family == .etcd || $0.family == .networkPlugins }) {
      await progress(.note(Self.libraryNote))
    }
    for (part, build) in parts where !part.isEmpty {
      do {
        supply.stored.merge(try await build(part)) { first, _ in first }
      } catch let failure as Failure where failure.kind == .artifact {
        supply.reasons.append(failure.description)
      }
    }
    return supply
  }

  /// The release of Kubernetes that a build without a tree gives.
  func version() async throws -> KubernetesVersion {
    if let kept = keptTrees().max() { return kept }
    try await check([.apt, .keyring], "asking for Debian's source package")
    return try await debian.kubernetesVersion()
  }

  private func kubernetes(
    _ names: [ArtifactName],
    _ request: ArtifactRequest
  ) async throws -> [ArtifactName: StoredArtifact] {
    if names.contains(.hyperkube) { try Hyperkube.check(request.version) }
    let tree = try await sourceTree(for: request.version)
    if names.contains(.hyperkube) { try Hyperkube.check(tree) }
    let build = KubernetesBuild(
      tree: tree,
      version: request.version,
      architecture: request.architecture,
      names: names,
      work: work,
      debian: debian,
      go: go,
      progress: progress
    )
    try await check([.go] + (build.usesC ? compiler(for: request) : []), "building Kubernetes")
    let folder = try await build.run()
    var stored: [ArtifactName: StoredArtifact] = [:]
    for name in names {
      stored[name] = try shelf.put(
        "\(folder)/\(name.rawValue)",
        as: name,
        request,
        from: .build,
        version: request.version.description
      )
    }
    try LocalFile.remove(folder)
    return stored
  }

  private func compiler(for request: ArtifactRequest) throws -> [Prerequisite] {
    guard let compiler = Prerequisite.compiler(for: request.architecture) else {
      throw Failure(
        .artifact,
        "kubelets of \(request.version) need C, which is compiled here for amd64 and 386 only"
      )
    }
    return compiler
  }

  private func keptTrees() -> [KubernetesVersion] {
    LocalFile.names(in: "\(cache)/source").compactMap { name in
      name.hasPrefix("kubernetes-")
        ? KubernetesVersion(String(name.dropFirst("kubernetes-".count))) : nil
    }
  }

  private func sourceTree(for version: KubernetesVersion) async throws -> SourceTree {
    if let tree {
      let tree = try SourceTree(at: tree, work: work)
      switch await tree.version() {
      case .some(let found) where found != version:
        throw Failure(.artifact, "the tree \(tree.folder) is \(found), not \(version)")
      case .none:
        await progress(.note("the tree does not say what it is; taken as \(version)"))
      default: break
      }
      return tree
    }
    let kept = "\(cache)/source/kubernetes-\(version)"
    if LocalFile.exists(kept) { return SourceTree(inGoPath: kept) }
    try await check(Prerequisite.packages + [.dpkgSource, .go], "building Kubernetes")
    let offered = try await debian.kubernetesVersion()
    guard offered == version else {
      throw Failure(
        .artifact,
        "Debian's source package holds Kubernetes \(offered), not \(version)",
        remedy: "set spec.kubernetes.version to \(offered), or build from a tree of \(version): "
          + "kubewright artifacts build --kubernetes \(version) --source DIR"
      )
    }
    await progress(.note("fetching the source of Kubernetes \(version) from Debian"))
    let temporary = "\(cache)/source/unpacking"
    try LocalFile.remove(temporary)
    try await debian.unpackKubernetes(into: SourceTree(inGoPath: temporary).folder)
    try LocalFile.move(temporary, to: kept)
    return SourceTree(inGoPath: kept)
  }

  private func etcd(
    _ names: [ArtifactName],
    _ request: ArtifactRequest
  ) async throws -> [ArtifactName: StoredArtifact] {
    var stored: [ArtifactName: StoredArtifact] = [:]
    for name in names {
      let package = name == .etcd ? "etcd-server" : "etcd-client"
      let part = try await unpacked(package, ["usr/bin/\(name.rawValue)": name], request) {
        // A patch release later is the same etcd; another minor is the user's to choose.
        guard let found = KubernetesVersion($0),
          let asked = KubernetesVersion(request.version(of: name)),
          found.minor == asked.minor, found.patch >= asked.patch
        else {
          throw Failure(
            .artifact,
            "Debian has etcd v\($0), where \(request.version(of: name)) is asked for",
            remedy: "set spec.etcd.version to \($0)"
          )
        }
      }
      stored.merge(part) { first, _ in first }
    }
    return stored
  }

  private func networkPlugins(
    _ names: [ArtifactName],
    _ request: ArtifactRequest
  ) async throws -> [ArtifactName: StoredArtifact] {
    let members = Dictionary(uniqueKeysWithValues: names.map { ("usr/lib/cni/\($0.rawValue)", $0) })
    return try await unpacked("containernetworking-plugins", members, request) {
      // Later plugins read the configurations of earlier ones.
      guard let found = KubernetesVersion($0),
        let asked = KubernetesVersion(request.version(of: .bridge)), found >= asked
      else {
        throw Failure(
          .artifact,
          "Debian has CNI plugins v\($0), where \(request.version(of: .bridge)) is asked for"
        )
      }
    }
  }

  private func busybox(_ request: ArtifactRequest) async throws -> [ArtifactName: StoredArtifact] {
    try await withPackage("busybox-static", request) { folder, _ in
      let program = "\(folder)/bin/busybox"
      try ELFHeader.check(program, is: request.architecture, name: .busybox)
      let archive = try BusyboxImage.archive(
        program: LocalFile.read(program),
        architecture: request.architecture
      )
      return [.busybox: try shelve(archive, as: .busybox, request)]
    }
  }

  private func pause(_ request: ArtifactRequest) async throws -> [ArtifactName: StoredArtifact] {
    try await check([.go], "building the pause image")
    let folder = "\(work)/pause-\(request.architecture.rawValue)"
    try LocalFile.makeFolder(folder)
    try LocalFile.write(Array(PauseImage.program.utf8), to: "\(folder)/pause.go")
    _ = try await Tool.output(
      "go",
      ["build", "-trimpath", "-ldflags", "-s -w -buildid=", "-o", "pause", "pause.go"],
      environment: go.environment(for: request.architecture),
      folder: folder,
      purpose: "building pause"
    )
    try ELFHeader.check("\(folder)/pause", is: request.architecture, name: .pause)
    let archive = try PauseImage.archive(
      program: LocalFile.read("\(folder)/pause"),
      reference: request.pauseReference,
      architecture: request.architecture
    )
    try LocalFile.remove(folder)
    return [.pause: try shelve(archive, as: .pause, request)]
  }

  private func shelve(
    _ archive: [UInt8],
    as name: ArtifactName,
    _ request: ArtifactRequest
  ) throws -> StoredArtifact {
    try LocalFile.makeFolder(work)
    let temporary = "\(work)/\(name.rawValue)"
    try LocalFile.write(archive, to: temporary)
    return try shelf.put(
      temporary,
      as: name,
      request,
      from: .build,
      version: request.version(of: name)
    )
  }

  /// Puts `members` of Debian's `package` on the shelf after `accept` has seen its release.
  private func unpacked(
    _ package: String,
    _ members: [String: ArtifactName],
    _ request: ArtifactRequest,
    accept: (String) throws -> Void
  ) async throws -> [ArtifactName: StoredArtifact] {
    try await withPackage(package, request) { folder, release in
      try accept(release)
      var stored: [ArtifactName: StoredArtifact] = [:]
      for (member, name) in members {
        stored[name] = try shelf.put(
          "\(folder)/\(member)",
          as: name,
          request,
          from: .build,
          version: "v\(release)"
        )
      }
      return stored
    }
  }

  private func withPackage<Result>(
    _ package: String,
    _ request: ArtifactRequest,
    _ body: (String, String) throws -> Result
  ) async throws -> Result {
    try await check(Prerequisite.packages, "fetching Debian's packages")
    let folder = "\(work)/\(package)-\(request.architecture.rawValue)"
    try LocalFile.remove(folder)
    try LocalFile.makeFolder(folder)
    let release = try await debian.unpack(package, request.architecture, into: folder)
    let result = try body(folder, release)
    try LocalFile.remove(folder)
    return result
  }

  private func check(_ wanted: [Prerequisite], _ purpose: String) async throws {
    try await Prerequisite.check(
      wanted,
      for: purpose,
      installing: installing,
      progress: progress
    )
  }
}
