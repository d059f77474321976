// SPDX-License-Identifier: Apache-2.0

import Values

/// What a source gave, and why it did not give the rest.
struct Supply: Sendable {
  var stored: [ArtifactName: StoredArtifact] = [:]
  var reasons: [String] = []

  mutating func merge(_ other: Supply) {
    stored.merge(other.stored) { first, _ in first }
    reasons += other.reasons
  }
}

/// Fetches programs from a published place, each checked before it is put on the shelf.
struct PublishedSupply: Sendable {
  let place: PublishedPlace
  let source: ArtifactSource
  let shelf: Shelf
  let download: Download
  let work: String
  let progress: ArtifactEventSink

  /// Fetches at once.
  private static let width = 4

  /// Fetches `names`; what the place lacks or cannot give is left out, with the reason.
  /// - Throws: `Failure(.artifact)` for a file that is not what its published digest says.
  func supply(_ names: [ArtifactName], _ request: ArtifactRequest) async throws -> Supply {
    var supply = Supply()
    var unreachable: Set<Substring> = []
    let releases = place.releases(of: names, request)
    let stage = "fetch \(request.version) for \(request.architecture.rawValue) (\(source.label))"
    var done = 0
    // One file of each host first: whether it can be reached is found out once.
    var rest: [PublishedPlace.Release] = []
    var asked: Set<Substring> = []
    let clock = ContinuousClock()
    let start = clock.now
    for release in releases {
      let host = release.url.urlHost
      guard asked.insert(host).inserted else {
        rest.append(release)
        continue
      }
      let result = try await fetch(release, request)
      if case .unreachable(let why) = result.outcome {
        unreachable.insert(host)
        supply.reasons.append("\(host) cannot be reached: \(why)")
        await progress(.note("\(host) cannot be reached"))
        continue
      }
      done += 1
      await progress(.progress(stage: stage, done: done, total: releases.count))
      supply.merge(result.supply)
    }
    rest.removeAll { unreachable.contains($0.url.urlHost) }
    try await withThrowingTaskGroup(of: (Download.Outcome, Supply).self) { group in
      var waiting = rest[...]
      for release in waiting.prefix(Self.width) {
        group.addTask { try await fetch(release, request) }
      }
      waiting = waiting.dropFirst(Self.width)
      while let (_, part) = try await group.next() {
        if let release = waiting.popFirst() {
          group.addTask { try await fetch(release, request) }
        }
        done += 1
        await progress(.progress(stage: stage, done: done, total: releases.count))
        supply.merge(part)
      }
    }
    if !supply.stored.isEmpty {
      await progress(.finished(stage: stage, seconds: (clock.now - start).seconds))
    }
    return supply
  }

  /// The newest patch of a minor that the place names; nil where it cannot be reached or names none.
  func newestPatch(of minor: Minor) async throws -> KubernetesVersion? {
    let (outcome, text) = try await download.text(place.newestPatch(of: minor))
    guard outcome == .done else { return nil }
    let version = KubernetesVersion(String(text.prefix { !$0.isWhitespace }))
    return version?.minor == minor ? version : nil
  }

  /// Whether the place has Kubernetes of `version`; nil where it cannot be reached.
  func has(_ version: KubernetesVersion, architecture: Architecture) async throws -> Bool? {
    let url = place.program(.kubelet, version: version, architecture: architecture)
    switch try await download.text(url + ".sha256").0 {
    case .done: return true
    case .absent, .broken: return false
    case .unreachable: return nil
    }
  }

  private func fetch(
    _ release: PublishedPlace.Release,
    _ request: ArtifactRequest
  ) async throws -> (outcome: Download.Outcome, supply: Supply) {
    let (asked, expected) = try await publishedDigest(of: release)
    switch asked {
    case .done, .absent: break
    case .unreachable: return (asked, Supply())
    case .broken(let why): return (asked, Supply(reasons: [why]))
    }
    guard let expected else {
      return (.absent, Supply(reasons: ["no SHA-256 digest is published for \(release.url)"]))
    }
    let (outcome, path) = try await download.file(release.url)
    switch outcome {
    case .done: break
    case .absent: return (outcome, Supply(reasons: ["\(release.url) is not there"]))
    case .unreachable: return (outcome, Supply())
    case .broken(let why): return (outcome, Supply(reasons: ["\(release.url): \(why)"]))
    }
    let found = Digest(of: try LocalFile.read(path))
    guard found == expected else {
      try LocalFile.remove(path)
      throw Failure(
        .artifact,
        "\(release.url) is not what its published digest says; it was thrown away",
        why: "published: \(expected)\nfetched:   \(found)",
        remedy: "run it again; if it stays so, do not trust that place"
      )
    }
    return (.done, Supply(stored: try await shelve(release, path, request, published: expected)))
  }

  /// The digest that the place publishes for a file now; nil where it names none, and why.
  func publishedDigest(
    of release: PublishedPlace.Release
  ) async throws -> (outcome: Download.Outcome, digest: Digest?) {
    var digest: Digest?
    let file = release.url.split(separator: "/").last ?? ""
    for checksum in release.checksums {
      let (outcome, text) = try await download.text(checksum)
      switch outcome {
      case .done: digest = Digest(published: text, file: file)
      case .absent: break
      case .unreachable: return (outcome, nil)
      case .broken(let why): return (.broken("\(checksum): \(why)"), nil)
      }
    }
    return (digest == nil ? .absent : .done, digest)
  }

  private func shelve(
    _ release: PublishedPlace.Release,
    _ path: String,
    _ request: ArtifactRequest,
    published: Digest
  ) async throws -> [ArtifactName: StoredArtifact] {
    var stored: [ArtifactName: StoredArtifact] = [:]
    guard !release.members.isEmpty else {
      for name in release.names {
        stored[name] = try shelf.put(
          path,
          as: name,
          request,
          from: source,
          version: request.version(of: name),
          url: release.url,
          published: published
        )
      }
      return stored
    }
    let folder = "\(work)/\(Digest(of: release.url).short)"
    try LocalFile.remove(folder)
    try LocalFile.makeFolder(folder)
    _ = try await Tool.output(
      "tar",
      ["--extract", "--gzip", "--file", path, "--directory", folder, "--no-same-owner"]
        + release.names.compactMap { release.members[$0] },
      purpose: "unpacking \(release.url)"
    )
    for name in release.names {
      guard let member = release.members[name] else { continue }
      stored[name] = try shelf.put(
        "\(folder)/\(member)",
        as: name,
        request,
        from: source,
        version: request.version(of: name),
        url: "\(release.url)#\(member)",
        published: published
      )
    }
    try LocalFile.remove(folder)
    try LocalFile.remove(path)
    return stored
  }
}

extension String {
  /// `dl.k8s.io` of `https://dl.k8s.io/…`, with the port.
  var urlHost: Substring {
    let parts = split(separator: "/", maxSplits: 2)
    return parts.count > 1 ? parts[1] : self[...]
  }
}

extension Duration {
  /// As a number of seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
