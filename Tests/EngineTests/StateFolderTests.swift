// SPDX-License-Identifier: Apache-2.0

import Engine
import Facts
import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Values

@Suite struct StateFolderTests {
  private func with(_ body: (StateFolder, String) async throws -> Void) async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try await body(
      StateFolder(besideSpec: "\(scratch.path)/cluster.yaml", cluster: "c1"),
      scratch.path
    )
  }

  private func mode(_ path: String) -> UInt32 {
    var info = stat()
    return lstat(path, &info) == 0 ? info.st_mode & 0o7777 : 0
  }

  @Test func itLiesBesideTheSpecForItsOwnerAlone() async throws {
    try await with { state, folder in
      #expect(!state.exists)
      try state.create()
      #expect(state.exists)
      #expect(state.path == "\(folder)/.kubewright/c1")
      #expect(mode(state.path) == 0o700)
      try state.write([1, 2, 3], to: "file")
      #expect(mode("\(state.path)/file") == 0o600)
    }
  }

  @Test func recordsComeBackAsTheyWere() async throws {
    try await with { state, _ in
      try state.create()
      let facts = HostFacts(hostname: "a", addresses: [IPv4Address(raw: 1)], swaps: ["/dev/sda2"])
      try state.record(facts, of: "a")
      #expect(try state.facts() == ["a": facts])
      let subnets = ["a": CIDR(base: IPv4Address(raw: 0x0A10_0000), prefix: 24)]
      try state.record(podSubnets: subnets)
      #expect(try state.podSubnets() == subnets)
    }
  }

  @Test func aFreshFolderHasNoRecords() async throws {
    try await with { state, _ in
      let facts = try state.facts()
      let subnets = try state.podSubnets()
      #expect(facts.isEmpty)
      #expect(subnets.isEmpty)
    }
  }

  @Test(arguments: ["", "{", "[]", "{\"a\": \"10.0.0.1/8\"}", "\u{0}\u{1}"])
  func damageIsToldAndNothingReplaced(text: String) async throws {
    try await with { state, _ in
      try state.create()
      try state.write(Array(text.utf8), to: "pod-subnets.json")
      let failure = try #require(throws: Failure.self) { try state.podSubnets() }
      #expect(failure.kind == .state)
      #expect(failure.what.contains("is damaged"))
      let file = URL(filePath: "\(state.path)/pod-subnets.json")
      #expect(try Data(contentsOf: file) == Data(text.utf8))
    }
  }

  @Test func aLinkInTheWayIsNotFollowed() async throws {
    try await with { state, folder in
      try state.create()
      let elsewhere = "\(folder)/elsewhere"
      symlink(elsewhere, "\(state.path)/file")
      try state.write([1], to: "file")
      #expect(access(elsewhere, F_OK) != 0)
    }
  }

  @Test func onlyOneRunHoldsTheLock() async throws {
    try await with { state, _ in
      try await state.locked {
        let failure = try await #require(throws: Failure.self) { try await state.locked {} }
        #expect(failure.kind == .locked)
      }
      // The lock ends with its holder.
      try await state.locked {}
    }
  }

  @Test func aFolderThatCannotBeMadeIsToldWithTheReason() async throws {
    try await with { _, folder in
      let blocked = StateFolder(besideSpec: "\(folder)/file/cluster.yaml", cluster: "c1")
      #expect(FileManager.default.createFile(atPath: "\(folder)/file", contents: nil))
      let failure = try #require(throws: Failure.self) { try blocked.create() }
      #expect(failure.kind == .state)
      #expect(failure.why == "Not a directory")
    }
  }
}
