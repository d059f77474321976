// SPDX-License-Identifier: Apache-2.0

import Values

extension PublishedSupply {
  /// A file of which the place publishes something else now than when it was fetched.
  struct Change: Sendable, Equatable {
    let url: String
    let fetched: Digest
    let published: Digest
    /// What came out of it, here.
    let paths: [String]
  }

  /// Those of `stored` that the place has changed since under the same version.
  ///
  /// Only digests are asked for. A place that cannot be reached, or that names no digest any more, is noted:
  /// what was fetched is good, and who fetches it anew checks it.
  func changes(
    of stored: [ArtifactName: StoredArtifact],
    _ request: ArtifactRequest
  ) async throws -> [Change] {
    let own = stored.filter { $0.value.source == source.label && $0.value.url != nil }
    var changes: [Change] = []
    var silent: Set<Substring> = []
    for release in place.releases(of: own.keys.sorted { $0.rawValue < $1.rawValue }, request)
    where !silent.contains(release.url.urlHost) {
      let artifacts = release.names.compactMap { own[$0] }
      // What was fetched by an earlier version of this program has no digest of its archive.
      guard
        let fetched = artifacts.lazy.compactMap({
          $0.published ?? (release.members.isEmpty ? $0.digest : nil)
        }).first
      else { continue }
      let (outcome, digest) = try await publishedDigest(of: release)
      switch (outcome, digest) {
      case (.done, let published?) where published != fetched:
        changes.append(
          Change(
            url: release.url,
            fetched: fetched,
            published: published,
            paths: artifacts.map(\.path)
          )
        )
      case (.unreachable, _):
        let host = release.url.urlHost
        silent.insert(host)
        await progress(.note("\(host) cannot be reached: what it publishes now was not compared"))
      case (.done, _): break
      case (.absent, _), (.broken, _):
        await progress(.note("no digest is published any more for \(release.url)"))
      }
    }
    return changes
  }
}

extension ArtifactStore {
  /// Makes sure that whoever fetches `stored` from where it was fetched gets the same bytes.
  ///
  /// A published release does not change; where one did, nothing here is replaced.
  /// - Throws: `Failure(.artifact)` with both digests and what to do, where a place publishes something else.
  package func confirm(
    _ stored: [ArtifactName: StoredArtifact],
    _ request: ArtifactRequest,
    sources: [ArtifactSource],
    progress: @escaping ArtifactEventSink
  ) async throws {
    for source in sources {
      guard let supply = try published(source, progress: progress) else { continue }
      let changes = try await supply.changes(of: stored, request)
      guard changes.isEmpty else { throw Self.changed(changes, source) }
    }
  }

  private static func changed(
    _ changes: [PublishedSupply.Change],
    _ source: ArtifactSource
  ) -> Failure {
    let files = changes.count == 1 ? "a file" : "\(changes.count) files"
    return Failure(
      .artifact,
      "\(source.label) has changed \(files) under a version that was fetched before: hosts that"
        + " fetch there would refuse it",
      why: changes.map {
        "\($0.url)\npublished now: \($0.published)\nfetched:       \($0.fetched)"
      }.joined(separator: "\n"),
      remedy:
        "a published version does not change: find out who changed it, and why. To keep what was"
        + " fetched, have the former file put back there. To take the new one, run this again after: rm "
        + changes.flatMap(\.paths).map(Shell.quote).joined(separator: " ")
    )
  }
}
