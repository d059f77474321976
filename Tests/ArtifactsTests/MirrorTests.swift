// SPDX-License-Identifier: Apache-2.0

import Artifacts
import Testing
import Values

@testable import Artifacts

@Suite struct MirrorTests {
  @Test func fetchesWhatIsPublishedAndAsksNoMoreOnceItIsHere() async throws {
    try await FakeUpstream.with { upstream in
      let kubelet = program("kubelet")
      try upstream.put(kubelet, as: "kubelet")
      try upstream.put(program("kubectl"), as: "kubectl")
      try await putArchives(upstream)
      try await withScratchFolder { cache in
        let store = ArtifactStore(cache: cache)
        let wanted = request(.kubelet, .kubectl, .etcd, .etcdctl, .bridge, .loopback, .pause)
        let sources = [ArtifactSource.mirror(upstream.base)]
        let first = try await store.ensure(wanted, sources: sources, progress: EventLog().sink)

        #expect(
          Set(first.keys) == [.kubelet, .kubectl, .etcd, .etcdctl, .bridge, .loopback]
        )
        let stored = try #require(first[.kubelet])
        #expect(stored.digest == Digest(of: kubelet))
        #expect(stored.size == kubelet.count)
        #expect(stored.version == "v1.20.2")
        #expect(stored.url == "\(upstream.base)/v1.20.2/bin/linux/amd64/kubelet")
        #expect(try LocalFile.read(stored.path) == kubelet)
        #expect(first[.etcd]?.version == "v3.4.13")
        // A host that fetches by itself takes it out of the archive.
        #expect(
          first[.etcd]?.url?.hasSuffix("linux-amd64.tar.gz#etcd-v3.4.13-linux-amd64/etcd") == true
        )
        #expect(try LocalFile.read(try #require(first[.bridge]).path) == program("bridge"))
        #expect(LocalFile.names(in: "\(cache)/partial").isEmpty)

        let asked = upstream.requests.count
        let second = try await store.ensure(wanted, sources: sources, progress: EventLog().sink)
        #expect(second == first)
        #expect(upstream.requests.count == asked)
        #expect(store.list() == first.values.sorted { $0.path < $1.path })
      }
    }
  }

  @Test func whatAPlaceChangesUnderOneVersionIsToldAndReplacesNothing() async throws {
    try await FakeUpstream.with { upstream in
      let kubelet = program("kubelet")
      try upstream.put(kubelet, as: "kubelet")
      try upstream.put(program("kubectl"), as: "kubectl")
      try await putArchives(upstream)
      try await withScratchFolder { cache in
        let store = ArtifactStore(cache: cache)
        let wanted = request(.kubelet, .kubectl, .bridge, .loopback)
        let sources = [ArtifactSource.mirror(upstream.base)]
        let stored = try await store.ensure(wanted, sources: sources, progress: EventLog().sink)
        let confirm = {
          try await store.confirm(stored, wanted, sources: sources, progress: EventLog().sink)
        }
        try await confirm()
        // Only digests are asked for.
        #expect(upstream.requests.filter { $0.hasSuffix("/kubelet") }.count == 1)

        let other = program("another kubelet")
        try upstream.put(other, as: "kubelet")
        try await putArchives(upstream, "again")
        let failure = try #require(await #expect(throws: Failure.self) { try await confirm() })
        #expect(failure.kind == .artifact)
        #expect(failure.what.hasPrefix("mirror \(upstream.base) has changed 2 files"))
        let why = try #require(failure.why)
        #expect(
          why.contains(
            "/kubelet\npublished now: \(Digest(of: other))\nfetched:       \(Digest(of: kubelet))"
          )
        )
        #expect(why.contains("cni-plugins-linux-amd64-v0.8.7.tgz\n") && !why.contains("kubectl"))
        let paths = try [ArtifactName.kubelet, .bridge, .loopback].map {
          try #require(stored[$0]).path
        }
        for path in paths { #expect(failure.remedy?.contains(path) == true) }

        // What hosts have stays what they get, until somebody does what the failure says.
        #expect(
          try await store.ensure(wanted, sources: sources, progress: EventLog().sink) == stored
        )
        for path in paths { try LocalFile.remove(path) }
        let renewed = try await store.ensure(wanted, sources: sources, progress: EventLog().sink)
        #expect(renewed[.kubelet]?.digest == Digest(of: other))
        try await store.confirm(renewed, wanted, sources: sources, progress: EventLog().sink)
      }
    }
  }

  @Test func aPlaceThatIsSilentIsNotedAndOtherSourcesAreNotAsked() async throws {
    try await FakeUpstream.with { upstream in
      try upstream.put(program("kubelet"), as: "kubelet")
      try await withScratchFolder { cache in
        let store = ArtifactStore(cache: cache)
        let sources = [ArtifactSource.mirror(upstream.base)]
        var stored = try await store.ensure(
          request(.kubelet),
          sources: sources,
          progress: EventLog().sink
        )
        try LocalFile.remove("\(upstream.root)/v1.20.2/bin/linux/amd64/kubelet.sha256")
        let log = EventLog()
        try await store.confirm(stored, request(.kubelet), sources: sources, progress: log.sink)
        #expect(log.notes == ["no digest is published any more for \(stored[.kubelet]?.url ?? "")"])

        let asked = upstream.requests.count
        stored[.kubelet]?.source = "mirror http://127.0.0.1:1"
        let dead = EventLog()
        try await store.confirm(
          stored,
          request(.kubelet),
          sources: sources + [.mirror("http://127.0.0.1:1"), .folder("/nowhere"), .build],
          progress: dead.sink
        )
        #expect(
          dead.notes == ["127.0.0.1:1 cannot be reached: what it publishes now was not compared"]
        )
        #expect(upstream.requests.count == asked)
      }
    }
  }

  @Test func twoRunsAtOnceFetchOnce() async throws {
    try await FakeUpstream.with { upstream in
      try upstream.put(program("kubelet"), as: "kubelet")
      try await withScratchFolder { cache in
        let store = ArtifactStore(cache: cache)
        let sources = [ArtifactSource.mirror(upstream.base)]
        async let one = store.ensure(
          request(.kubelet),
          sources: sources,
          progress: EventLog().sink
        )
        async let other = store.ensure(
          request(.kubelet),
          sources: sources,
          progress: EventLog().sink
        )
        let (first, second) = try await (one, other)
        #expect(first == second)
        #expect(upstream.requests.filter { $0.hasSuffix("/kubelet") }.count == 1)
      }
    }
  }

  @Test func refusesWhatIsNotWhatItsDigestSays() async throws {
    try await FakeUpstream.with { upstream in
      try upstream.put(program("kubelet"), as: "kubelet")
      try upstream.put(program("tampered"), at: "v1.20.2/bin/linux/amd64/kubelet")
      try await expectNothingKept(upstream, says: "not what its published digest says")
    }
  }

  @Test func refusesAnotherArchitecturesProgram() async throws {
    try await FakeUpstream.with { upstream in
      try upstream.put(program("kubelet", for: .x86), as: "kubelet")
      try await expectNothingKept(upstream, says: "program for 386, where amd64 is needed")
    }
  }

  @Test func refusesWhatIsNoProgram() async throws {
    try await FakeUpstream.with { upstream in
      try upstream.put(Array("<html>not found</html>".utf8), as: "kubelet")
      try await expectNothingKept(upstream, says: "not a Linux program")
    }
  }

  @Test func wantsAChecksum() async throws {
    try await FakeUpstream.with { upstream in
      try upstream.put(program("kubelet"), at: "v1.20.2/bin/linux/amd64/kubelet")
      try await expectNothingKept(upstream, says: "no SHA-256 digest is published")
      #expect(!upstream.requests.contains { $0.hasSuffix("/kubelet") })
    }
  }

  @Test func namesWhatIsNotThere() async throws {
    try await FakeUpstream.with { upstream in
      try upstream.put(
        Array(Digest(of: "").hex.utf8),
        at: "v1.20.2/bin/linux/amd64/kubelet.sha256"
      )
      try await expectNothingKept(upstream, says: "kubelet is not there")
    }
  }

  @Test func aCutFetchKeepsNoProgram() async throws {
    try await FakeUpstream.with { upstream in
      try upstream.put(program(String(repeating: "x", count: 100_000)), as: "kubelet")
      try upstream.mark("v1.20.2/bin/linux/amd64/kubelet", "cut")
      try await expectNothingKept(upstream, says: "kubelet:")
    }
  }

  @Test(arguments: [["cut-once"], ["cut-once", "no-range"]])
  func aCutFetchIsFinished(faults: [String]) async throws {
    try await FakeUpstream.with { upstream in
      let kubelet = program(String(repeating: "x", count: 100_000) + "end")
      try upstream.put(kubelet, as: "kubelet")
      for fault in faults { try upstream.mark("v1.20.2/bin/linux/amd64/kubelet", fault) }
      try await withScratchFolder { cache in
        let found = try await ArtifactStore(cache: cache).ensure(
          request(.kubelet),
          sources: [.mirror(upstream.base)],
          progress: EventLog().sink
        )
        #expect(found[.kubelet]?.digest == Digest(of: kubelet))
      }
    }
  }

  @Test func aDeadPlaceGivesWayToTheNext() async throws {
    try await FakeUpstream.with { upstream in
      try upstream.put(program("kubelet"), as: "kubelet")
      try await withScratchFolder { cache in
        let log = EventLog()
        let found = try await ArtifactStore(cache: cache).ensure(
          request(.kubelet),
          sources: [.mirror("http://127.0.0.1:1"), .mirror(upstream.base)],
          progress: log.sink
        )
        #expect(found[.kubelet]?.source == "mirror \(upstream.base)")
        #expect(log.notes == ["127.0.0.1:1 cannot be reached"])
      }
    }
  }

  @Test(arguments: [
    "http://mirror.example/k8s", "ftp://127.0.0.1/", "file:///etc", "http://127.0.0.1.example/",
    "http://127.0.0.1@example/", "https://mirror.example/a b",
  ])
  func refusesMirrorsInTheClear(base: String) async throws {
    let failure = await #expect(throws: Failure.self) {
      try await ArtifactStore(cache: "/nonexistent/cache").newestAvailable(
        candidates: [KubernetesVersion(1, 36, 2)],
        sources: [.mirror(base)],
        progress: EventLog().sink
      )
    }
    #expect(failure?.kind == .invalidInput)
  }

  /// A place's word for its newest patch counts for that minor only.
  @Test(arguments: [("v1.20.15\n", true), ("v1.21.1\n", false), ("<html>", false)])
  func theNewestPatchIsThePlaces(word: String, isOne: Bool) async throws {
    try await FakeUpstream.with { upstream in
      try upstream.put(Array(word.utf8), at: "release/stable-1.20.txt")
      try await withScratchFolder { cache in
        let store = ArtifactStore(cache: cache)
        let found = try? await store.newestPatch(
          of: Minor(1, 20),
          sources: [.mirror(upstream.base)],
          progress: EventLog().sink
        )
        #expect(found == (isOne ? KubernetesVersion(1, 20, 15) : nil))
      }
    }
  }

  private func expectNothingKept(_ upstream: FakeUpstream, says text: String) async throws {
    try await withScratchFolder { cache in
      let failure = await #expect(throws: Failure.self) {
        try await ArtifactStore(cache: cache).ensure(
          request(.kubelet),
          sources: [.mirror(upstream.base)],
          progress: EventLog().sink
        )
      }
      #expect(failure?.kind == .artifact)
      #expect(failure?.description.contains(text) == true, "\(failure?.description ?? "")")
      #expect(ArtifactStore(cache: cache).list().isEmpty)
    }
  }

  /// Archives of etcd and of CNI plugins as their projects make them.
  private func putArchives(_ upstream: FakeUpstream, _ mark: String = "") async throws {
    try await withScratchFolder { folder in
      let stem = "etcd-v3.4.13-linux-amd64"
      try LocalFile.makeFolder("\(folder)/\(stem)")
      for name in ["\(stem)/etcd", "\(stem)/etcdctl", "bridge", "loopback"] {
        try LocalFile.write(
          program(String(name.split(separator: "/").last ?? "") + mark),
          to: "\(folder)/\(name)"
        )
      }
      for (archive, members) in [("etcd", [stem]), ("cni", ["./bridge", "./loopback"])] {
        _ = try await Tool.output(
          "tar",
          ["-czf", "\(archive).tgz"] + members,
          folder: folder,
          purpose: "packing"
        )
      }
      let etcd = try LocalFile.read("\(folder)/etcd.tgz")
      let etcdPlace = "etcd-io/etcd/releases/download/v3.4.13"
      try upstream.put(etcd, at: "\(etcdPlace)/\(stem).tar.gz")
      try upstream.put(
        Array(
          "\(Digest(of: "other"))  \(stem).tar.gz.asc\n\(Digest(of: etcd))  \(stem).tar.gz\n".utf8
        ),
        at: "\(etcdPlace)/SHA256SUMS"
      )
      let plugins = try LocalFile.read("\(folder)/cni.tgz")
      let file = "cni-plugins-linux-amd64-v0.8.7.tgz"
      let place = "containernetworking/plugins/releases/download/v0.8.7"
      try upstream.put(plugins, at: "\(place)/\(file)")
      try upstream.put(
        Array("\(Digest(of: plugins))  \(file)\n".utf8),
        at: "\(place)/\(file).sha256"
      )
    }
  }
}
