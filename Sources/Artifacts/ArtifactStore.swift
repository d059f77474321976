// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Values

/// The programs that clusters are made of, on this computer: fetched or built once, kept by content.
package struct ArtifactStore: Sendable {
  /// The folder that holds programs, sources, and Go's cache; made when it is first needed.
  package let cache: String

  /// The program that hosts get where they are to have this one and no source has it.
  private let own: String?

  /// A store in the folder `cache`; `own` is the path of the program that runs, where hosts may get it.
  package init(cache: String, own: String? = nil) {
    self.cache = cache.absolutePath
    self.own = own
  }

  private var shelf: Shelf { Shelf(folder: "\(cache)/programs") }

  /// All that the cache holds, by path.
  package func list() -> [StoredArtifact] {
    shelf.list()
  }

  /// Sees to it that all of `request` is here, each program from the first of `sources` that has it.
  ///
  /// What is here already from one of them costs no network and is not read.
  ///
  /// Image archives are a convenience for hosts that reach no registry: where no source has them they are
  /// left out.
  /// - Throws: `Failure(.artifact)` naming what cannot be had, and why from each source.
  package func ensure(
    _ request: ArtifactRequest,
    sources: [ArtifactSource],
    progress: @escaping ArtifactEventSink
  ) async throws -> [ArtifactName: StoredArtifact] {
    let sources = sources.map(\.resolved) + (own.map { [.own($0)] } ?? [])
    let found = ready(request, sources)
    let absent = missing(request, found, sources)
    // A mirror that had no images when it was first asked is not asked at every run.
    let isPatient = !found.isEmpty && !sources.contains(.build)
    if absent.allSatisfy({ isPatient && $0.family == .image }) { return found }
    return try await CacheLock.hold(cache, progress: progress) {
      var supply = Supply(stored: ready(request, sources))
      for source in sources {
        let wanted = missing(request, supply.stored, [source])
        if wanted.isEmpty { continue }
        supply.merge(
          try await self.supply(wanted, request, from: source, progress: progress)
        )
      }
      return try await checked(supply, request, progress: progress)
    }
  }

  /// Builds `request` on this computer.
  ///
  /// Kubernetes comes from the source tree `tree`, or from Debian's source package; etcd, CNI plugins and
  /// images from Debian's packages. A tree is always built anew, which Go's cache makes quick.
  /// - Throws: `Failure(.artifact)` naming what cannot be built, and why.
  package func build(
    _ request: ArtifactRequest,
    tree: String?,
    installPrerequisites: Bool,
    progress: @escaping ArtifactEventSink
  ) async throws -> [ArtifactName: StoredArtifact] {
    try await CacheLock.hold(cache, progress: progress) {
      var supply = Supply(stored: ready(request, [.build]))
      if tree != nil { supply.stored = supply.stored.filter { $0.key.family != .kubernetes } }
      let build = BuildSupply(
        cache: cache,
        shelf: shelf,
        tree: tree?.absolutePath,
        installing: installPrerequisites,
        progress: progress
      )
      supply.merge(
        try await build.supply(missing(request, supply.stored, [.build]), request)
      )
      return try await checked(supply, request, progress: progress)
    }
  }

  /// The newest patch of a minor that one of `sources` names or can build.
  /// - Throws: `Failure(.artifact)` where none does.
  package func newestPatch(
    of minor: Minor,
    sources: [ArtifactSource],
    progress: @escaping ArtifactEventSink
  ) async throws -> KubernetesVersion {
    for source in sources {
      if let published = try published(source, progress: progress) {
        if let version = try await published.newestPatch(of: minor) { return version }
      } else if source == .build {
        let version = try await BuildSupply(
          cache: cache,
          shelf: shelf,
          tree: nil,
          installing: false,
          progress: progress
        ).version()
        if version.minor == minor { return version }
      }
    }
    throw Failure(
      .artifact,
      "no source of programs names a release of Kubernetes \(minor)",
      remedy: "name one under spec.kubernetes.version"
    )
  }

  /// The newest Kubernetes of which this computer can have the programs: the newest of `candidates` that a
  /// place of `sources` has, or else what building gives.
  /// - Throws: `Failure(.artifact)` where there is none.
  package func newestAvailable(
    candidates: [KubernetesVersion],
    sources: [ArtifactSource],
    progress: @escaping ArtifactEventSink
  ) async throws -> KubernetesVersion {
    var reasons: [String] = []
    for source in sources {
      guard let published = try published(source, progress: progress) else { continue }
      search: for candidate in candidates.sorted(by: >) {
        switch try await published.has(candidate, architecture: .amd64) {
        case true: return candidate
        case false: reasons.append("\(source.label) has no \(candidate)")
        case nil:
          reasons.append("\(source.label): cannot be reached")
          break search
        }
      }
    }
    guard sources.contains(.build) else {
      throw Failure(
        .artifact,
        "no Kubernetes can be had from here",
        why: reasons.joined(separator: "\n")
      )
    }
    for reason in reasons { await progress(.note(reason)) }
    return try await BuildSupply(
      cache: cache,
      shelf: shelf,
      tree: nil,
      installing: false,
      progress: progress
    ).version()
  }

  /// What is here from `sources`, the first of them that has it.
  private func ready(
    _ request: ArtifactRequest,
    _ sources: [ArtifactSource]
  ) -> [ArtifactName: StoredArtifact] {
    var found: [ArtifactName: StoredArtifact] = [:]
    for name in request.needed {
      found[name] =
        sources.lazy.compactMap { shelf.find(name, request, from: $0) }.first
    }
    return found
  }

  private func missing(
    _ request: ArtifactRequest,
    _ found: [ArtifactName: StoredArtifact],
    _ sources: [ArtifactSource]
  ) -> [ArtifactName] {
    request.needed.filter { name in
      found[name] == nil && sources.contains { $0.offers(name) }
    }
  }

  private func supply(
    _ names: [ArtifactName],
    _ request: ArtifactRequest,
    from source: ArtifactSource,
    progress: @escaping ArtifactEventSink
  ) async throws -> Supply {
    switch source {
    case .published, .mirror:
      return try await published(source, progress: progress)?.supply(names, request) ?? Supply()
    case .folder, .own:
      // What can be used there was found already.
      let faults = names.map { shelf.faults(of: $0, request, in: source) }
      let absent = zip(names, faults).filter(\.1.isEmpty).map(\.0.rawValue)
      return Supply(
        reasons: faults.joined().map { $0.what + ($0.remedy.map { ": \($0)" } ?? "") }
          + (absent.isEmpty ? [] : ["\(source.label) has no \(absent.joined(separator: ", "))"])
      )
    case .build:
      return try await BuildSupply(
        cache: cache,
        shelf: shelf,
        tree: nil,
        installing: false,
        progress: progress
      ).supply(names, request)
    }
  }

  /// The place of a source; nil for those that are none.
  func published(
    _ source: ArtifactSource,
    progress: @escaping ArtifactEventSink
  ) throws -> PublishedSupply? {
    let place: PublishedPlace
    switch source {
    case .published: place = .official
    case .mirror(let base): place = try PublishedPlace(mirror: base)
    case .folder, .own, .build: return nil
    }
    return PublishedSupply(
      place: place,
      source: source,
      shelf: shelf,
      download: Download(folder: "\(cache)/partial"),
      work: "\(cache)/work",
      progress: progress
    )
  }

  private func checked(
    _ supply: Supply,
    _ request: ArtifactRequest,
    progress: ArtifactEventSink
  ) async throws -> [ArtifactName: StoredArtifact] {
    let missing = request.needed.filter { supply.stored[$0] == nil }
    guard missing.allSatisfy({ $0.family == .image }) else {
      let names = missing.filter { $0.family != .image }.map(\.rawValue)
      let supplied = missing.filter { $0.family == .supplied }.map {
        "\(request.architecture.rawValue)/\($0.rawValue)"
      }
      throw Failure(
        .artifact,
        "no source has \(names.joined(separator: ", ")) of \(request.version) for "
          + request.architecture.rawValue,
        why: supply.reasons.joined(separator: "\n"),
        remedy: supplied.isEmpty
          ? "set spec.artifacts.sources to a place that has them"
          : "put \(supplied.joined(separator: " and ")) into a folder and add {folder: PATH} to "
            + "spec.artifacts.sources: no published place has them"
            + (missing.contains(.kubewright)
              ? "; or run the kubewright that scripts/static builds: it brings itself" : "")
      )
    }
    if !missing.isEmpty, !supply.reasons.isEmpty {
      await progress(
        .note("without \(missing.map(\.rawValue).joined(separator: ", ")): nodes pull their images")
      )
    }
    return supply.stored
  }
}

extension ArtifactSource {
  /// With the folder's absolute path.
  fileprivate var resolved: Self {
    if case .folder(let path) = self { .folder(path.absolutePath) } else { self }
  }
}

extension String {
  fileprivate var absolutePath: String {
    hasPrefix("/") ? self : "\(FileManager.default.currentDirectoryPath)/\(self)"
  }
}
