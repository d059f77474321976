// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Artifacts

/// Which kubewright goes to hosts.
@Suite struct OwnProgramTests {
  private func ensure(
    _ names: [ArtifactName] = [.kubewright],
    for architecture: Architecture = .amd64,
    in folder: String,
    own: String? = nil,
    sources: [ArtifactSource]? = nil
  ) async throws -> [ArtifactName: StoredArtifact] {
    var wanted = request(architecture: architecture)
    wanted.needed = names
    return try await ArtifactStore(cache: "\(folder)/cache", own: own).ensure(
      wanted,
      sources: sources ?? [.folder("\(folder)/programs")],
      progress: EventLog().sink
    )
  }

  @Test func aProgramThatNeedsLibrariesIsRefused() async throws {
    try await withScratchFolder { folder in
      let path = "\(folder)/programs/amd64/kubewright"
      try LocalFile.makeFolder(path.parentFolder)
      try LocalFile.write(program("", isDynamic: true), to: path)
      let failure = await #expect(throws: Failure.self) { try await ensure(in: folder) }
      #expect(failure?.kind == .artifact)
      #expect(
        failure?.why
          == "\(path) needs Swift's libraries, which hosts do not have: "
          + "scripts/static builds one that needs no library"
      )
      #expect(failure?.remedy?.contains("amd64/kubewright into a folder") == true)

      try LocalFile.write(program("a static one"), to: path)
      #expect(try await ensure(in: folder)[.kubewright]?.path == path)

      // What was remembered of the path says nothing of what is there now.
      try LocalFile.write(program("", isDynamic: true), to: path)
      await #expect(throws: Failure.self) { try await ensure(in: folder) }
    }
  }

  @Test func otherProgramsMayNeedLibraries() async throws {
    try await withScratchFolder { folder in
      try LocalFile.makeFolder("\(folder)/programs")
      try LocalFile.write(program("", isDynamic: true), to: "\(folder)/programs/kubelet")
      #expect(try await ensure([.kubelet], in: folder)[.kubelet] != nil)
    }
  }

  @Test func theOneThatRunsGoesToHostsWhereNoFolderHasOne() async throws {
    try await withScratchFolder { folder in
      let own = "\(folder)/renamed"
      try LocalFile.write(program("this"), to: own)
      let found = try await ensure(in: folder, own: own)
      #expect(found[.kubewright]?.path == own)
      #expect(found[.kubewright]?.source == "this program")
      #expect(try await ensure(in: folder, own: own, sources: [.published]) == found)

      try LocalFile.makeFolder("\(folder)/programs")
      try LocalFile.write(program("the user's"), to: "\(folder)/programs/kubewright")
      let other = try await ensure(in: folder, own: own)
      #expect(other[.kubewright]?.path == "\(folder)/programs/kubewright")
    }
  }

  @Test func theOneThatRunsGoesOnlyToHostsThatRunIt() async throws {
    try await withScratchFolder { folder in
      let own = "\(folder)/kubewright"
      try LocalFile.write(program("", isDynamic: true), to: own)
      let dynamic = await #expect(throws: Failure.self) { try await ensure(in: folder, own: own) }
      #expect(dynamic?.why?.contains("\(own) needs Swift's libraries") == true)

      try LocalFile.write(program(""), to: own)
      let foreign = await #expect(throws: Failure.self) {
        try await ensure(for: .arm64, in: folder, own: own)
      }
      #expect(
        foreign?.why?.contains("\(own) is a program for amd64, where arm64 is needed") == true
      )
      await #expect(throws: Failure.self) { try await ensure([.kubelet], in: folder, own: own) }
    }
  }
}
