// SPDX-License-Identifier: Apache-2.0

import Resources
import TestSupport
import Testing
import Values

/// Programs in whose place somebody else may put their own.
struct ReplaceableTests {
  private static func plugin(_ text: String = "ours\n") -> Binary {
    Binary(
      path: "/opt/cni/bin/loopback",
      digest: Digest(of: text),
      size: text.utf8.count,
      source: text,
      url: "file:///mirror/loopback",
      mayBeReplaced: true,
      reason: "a plugin"
    )
  }

  private static func exclusive(_ binary: Binary) -> Binary {
    var binary = binary
    binary.mayBeReplaced = false
    return binary
  }

  private static func program(_ binary: Binary) throws -> String {
    try Program.converge(
      ConvergeRequest(cluster: "demo", host: "one", desired: [.binary(binary)], settling: 0)
    )
  }

  @Test("theirs stays, and only where it is allowed to", arguments: Userland.allCases)
  func replaced(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    let plugin = Self.plugin()
    try await sandbox.converge([.binary(plugin)])
    try sandbox.write("theirs\n", to: plugin.path, mode: 0o755)
    #expect(try await sandbox.changes(for: [.binary(plugin)]).isEmpty)
    let change = try #require(
      try await sandbox.changes(for: [.binary(Self.exclusive(plugin))]).first
    )
    #expect(change.action == .update && change.summary.contains("content"))
  }

  @Test(
    "what is missing, or ours and of another version, is put there",
    arguments: Userland.allCases
  )
  func missing(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    try sandbox.write("there before us\n", to: Self.plugin().path, mode: 0o755)
    try await sandbox.converge([.binary(Self.plugin())])
    #expect(sandbox.text(of: Self.plugin().path) == "ours\n")
    let newer = Self.plugin("ours, newer\n")
    #expect(try await sandbox.converge([.binary(newer)]).map(\.action) == [.update])
    #expect(sandbox.text(of: newer.path) == "ours, newer\n")
    _ = try await Command.run("rm", sandbox.root + newer.path)
    #expect(try await sandbox.converge([.binary(newer)]).map(\.action) == [.create])
  }

  @Test("a program that a host runs alone does the same", arguments: Userland.allCases)
  func alone(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    let plugin = Self.plugin()
    func run(_ binary: Binary) async throws -> String {
      try sandbox.write(binary.source, to: "/mirror/loopback")
      let result = try await sandbox.run(Self.program(binary))
      guard result.exitCode == 0 else { throw Unexpected(result) }
      return result.output
    }
    let quiet = "kubewright: everything is as it should be\n"
    #expect(try await run(plugin).contains("made binary:"))
    #expect(try await run(plugin) == quiet)
    try sandbox.write("theirs\n", to: plugin.path, mode: 0o755)
    #expect(try await run(plugin) == quiet)
    #expect(sandbox.text(of: plugin.path) == "theirs\n")
    #expect(try await run(Self.exclusive(plugin)).contains("made binary:"))
    let newer = Self.plugin("ours, newer\n")
    #expect(try await run(newer).contains("made binary:"))
    #expect(sandbox.text(of: plugin.path) == "ours, newer\n")
    #expect(try await ShellText.complaints(about: Self.program(plugin)) == [])
  }
}
