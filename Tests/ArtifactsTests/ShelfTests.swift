// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Artifacts

@Suite struct ShelfTests {
  @Test func aFolderIsUsedWhereItLies() async throws {
    try await withScratchFolder { folder in
      try LocalFile.makeFolder("\(folder)/amd64")
      try LocalFile.write(program("general"), to: "\(folder)/kubelet")
      try LocalFile.write(program("for amd64"), to: "\(folder)/amd64/kubelet")
      try LocalFile.write(program("scheduler"), to: "\(folder)/kube-scheduler")
      try LocalFile.write(Array("an archive".utf8), to: "\(folder)/pause.tar")
      try await withScratchFolder { cache in
        let store = ArtifactStore(cache: cache)
        let found = try await store.ensure(
          request(.kubelet, .scheduler, .pause, .busybox),
          sources: [.folder(folder)],
          progress: EventLog().sink
        )
        #expect(found[.kubelet]?.path == "\(folder)/amd64/kubelet")
        #expect(found[.kubelet]?.source == "folder \(folder)")
        #expect(found[.scheduler]?.path == "\(folder)/kube-scheduler")
        #expect(found[.pause]?.digest == Digest(of: "an archive"))
        #expect(found[.busybox] == nil)

        try LocalFile.write(program("a newer one"), to: "\(folder)/amd64/kubelet")
        let again = try await store.ensure(
          request(.kubelet),
          sources: [.folder(folder)],
          progress: EventLog().sink
        )
        #expect(again[.kubelet]?.digest == Digest(of: program("a newer one")))
      }
    }
  }

  @Test func aFolderWithAnotherArchitectureGivesNothing() async throws {
    try await withScratchFolder { folder in
      try LocalFile.write(program("kubelet"), to: "\(folder)/kubelet")
      let failure = await #expect(throws: Failure.self) {
        try await ArtifactStore(cache: "\(folder)/cache").ensure(
          request(.kubelet, architecture: .arm64),
          sources: [.folder(folder)],
          progress: EventLog().sink
        )
      }
      #expect(failure?.kind == .artifact)
      #expect(failure?.description.contains("no source has kubelet of v1.20.2 for arm64") == true)
    }
  }

  @Test func theFirstSourceThatHasAProgramGivesIt() async throws {
    try await FakeUpstream.with { upstream in
      try upstream.put(program("kubelet of the mirror"), as: "kubelet")
      try upstream.put(program("kubectl of the mirror"), as: "kubectl")
      try await withScratchFolder { folder in
        try LocalFile.write(program("kubelet of the folder"), to: "\(folder)/kubelet")
        let found = try await ArtifactStore(cache: "\(folder)/cache").ensure(
          request(.kubelet, .kubectl),
          sources: [.folder(folder), .mirror(upstream.base)],
          progress: EventLog().sink
        )
        #expect(found[.kubelet]?.source == "folder \(folder)")
        #expect(found[.kubectl]?.source == "mirror \(upstream.base)")
      }
    }
  }

  /// What may happen to a cached program, and whether it is fetched again after it.
  enum Mishap: CaseIterable {
    case touched, recordDamaged, recordCut, recordGone, changed, truncated, gone

    var costsAFetch: Bool { self != .touched }
  }

  @Test(arguments: Mishap.allCases)
  func whatIsDamagedIsFetchedAgain(mishap: Mishap) async throws {
    try await FakeUpstream.with { upstream in
      let kubelet = program("kubelet")
      try upstream.put(kubelet, as: "kubelet")
      try await withScratchFolder { cache in
        let store = ArtifactStore(cache: cache)
        let sources = [ArtifactSource.mirror(upstream.base)]
        let first = try await store.ensure(
          request(.kubelet),
          sources: sources,
          progress: EventLog().sink
        )
        let path = try #require(first[.kubelet]).path
        switch mishap {
        case .touched: try LocalFile.write(kubelet, to: path)
        case .recordDamaged: try LocalFile.write([0xff, 0x00, 0x7b], to: "\(path).json")
        case .recordCut:
          try LocalFile.write(
            Array(try LocalFile.read("\(path).json").prefix(40)),
            to: "\(path).json"
          )
        case .recordGone: try LocalFile.remove("\(path).json")
        case .changed: try LocalFile.write(program("KUBELET"), to: path)
        case .truncated: try LocalFile.write(Array(kubelet.prefix(30)), to: path)
        case .gone: try LocalFile.remove(path)
        }
        let asked = upstream.requests.count
        let second = try await store.ensure(
          request(.kubelet),
          sources: sources,
          progress: EventLog().sink
        )
        #expect(second == first)
        #expect(try LocalFile.read(path) == kubelet)
        #expect((upstream.requests.count > asked) == mishap.costsAFetch)
        #expect(store.list() == [try #require(first[.kubelet])])
      }
    }
  }

  @Test(arguments: Architecture.allCases)
  func readsTheArchitectureOfAProgram(architecture: Architecture) {
    #expect(ELFHeader(program("", for: architecture))?.architecture == architecture)
  }

  @Test(arguments: Architecture.allCases, [true, false])
  func tellsWhetherAProgramNeedsLibraries(architecture: Architecture, isDynamic: Bool) {
    let bytes = program("", for: architecture, isDynamic: isDynamic)
    #expect(ELFHeader(bytes)?.isStatic == !isDynamic)
  }

  @Test(arguments: [
    // No room for the program headers: cut, far away, at a negative place, of no size.
    Array(program("", isDynamic: true).prefix(63)),
    Array(program("", isDynamic: true).prefix(150)),
    program("", isDynamic: true).enumerated().map { $0 == 36 ? 1 : $1 },
    program("", isDynamic: true).enumerated().map { $0 == 39 ? 0xff : $1 },
    program("", isDynamic: true).enumerated().map { $0 == 54 ? 0 : $1 },
  ])
  func doesNotTakeForStaticWhatItCannotSee(bytes: [UInt8]) throws {
    #expect(try #require(ELFHeader(bytes)).isStatic == false)
  }

  @Test(arguments: [("/bin/sh", false), ("/bin/busybox", true)])
  func readsTheseSystemsPrograms(path: String, isStatic: Bool) throws {
    #expect(try #require(ELFHeader(try LocalFile.read(path))).isStatic == isStatic)
  }

  @Test(arguments: [
    [], Array("#!/bin/sh\nexec true # a script".utf8), Array(program("").prefix(19)),
    program("").enumerated().map { $0 == 5 ? 2 : $1 },
    program("").enumerated().map { $0 == 18 ? 8 : $1 },
    program("").enumerated().map { $0 == 4 ? 1 : $1 },
  ])
  func takesNothingElseForAProgram(bytes: [UInt8]) {
    #expect(ELFHeader(bytes) == nil)
  }
}
