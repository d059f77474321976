// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import PKI
import Spec
import TestSupport
import Testing
import Values

/// What a run leaves behind that was stopped at any byte: files that are whole, files that are missing,
/// temporary files cut short; and what only a damaged disk leaves.
struct InterruptionTests {
  let folder: Scratch
  let store: PKIStore
  let cluster = ClusterSpec.sample([
    ("one", [.etcd, .controlPlane, .worker]), ("two", [.etcd, .worker]),
  ])

  init() throws {
    folder = try Scratch()
    store = PKIStore(directory: folder.store, issuance: .at(newYear))
  }

  /// The keys of a leaf or authority come before its certificate, so any set of files may be missing
  /// that holds, with a key, its certificate too.
  @Test(arguments: 0..<10) func `the next run goes on from what is there`(_ seed: Int) async throws
  {
    _ = try await store.ensure(cluster: cluster, dryRun: false)
    let whole = try folder.storedFiles()
    var chance = SeededGenerator(seed: UInt64(seed))
    var lost: Set<String> = []
    for name in whole.keys.sorted() where Int.random(in: 0..<3, using: &chance) == 0 {
      // A lost authority key with its leaves still there is a loss, not an interruption.
      if name.hasPrefix("authorities/"), name.hasSuffix(".key") { continue }
      lost.insert(name)
      if name.hasPrefix("keys/") {
        lost.insert("certs/" + name.dropFirst(5).dropLast(4) + ".crt")
      }
    }
    for name in lost { try folder.remove("pki/\(name)") }
    let outcome = try await store.ensure(cluster: cluster, dryRun: false)
    let after = try folder.storedFiles()
    #expect(Set(after.keys) == Set(whole.keys))
    // An authority certified again has the old key and name: its leaves stay as they are.
    for (name, content) in whole where !lost.contains(name) {
      #expect(after[name] == content, "\(name)")
    }
    #expect(!outcome.changes.isEmpty)
    let report = try CertificateReport(
      outcome.bundle,
      requests: PKIProfile.leaves(for: cluster),
      now: newYear
    )
    #expect(report.rows.allSatisfy { $0.isSignedByItsAuthority == true })
    #expect(try await store.ensure(cluster: cluster, dryRun: false).changes == [])
  }

  @Test func `interrupted between an authority's key and certificate`() async throws {
    _ = try await store.ensure(cluster: cluster, dryRun: false)
    let key = try folder.text(of: "pki/authorities/cluster.key")
    try folder.remove("pki/authorities/cluster.crt")
    let outcome = try await store.ensure(cluster: cluster, dryRun: false)
    #expect(outcome.changes == [.certifiedAuthority(.cluster)])
    #expect(try folder.text(of: "pki/authorities/cluster.key") == key)
  }

  @Test func `half-written temporary files are no keys and are removed`() async throws {
    _ = try await store.ensure(cluster: cluster, dryRun: false)
    let whole = try folder.storedFiles()
    for name in ["authorities/.cluster.key.tmp", "keys/.admin.key.tmp", "certs/.x.crt.tmp"] {
      try folder.write("-----BEGIN PRIV", to: "pki/\(name)")
    }
    try folder.remove("pki/keys/admin.key")
    try folder.remove("pki/certs/admin.crt")
    let outcome = try await store.ensure(cluster: cluster, dryRun: false)
    #expect(outcome.changes == [.newLeaf(.admin, .cluster)])
    #expect(try Set(folder.storedFiles().keys) == Set(whole.keys))
  }

  @Test(
    arguments: [
      "authorities/etcd.key", "authorities/etcd.crt", "keys/apiserver@one.key",
      "certs/apiserver@one.crt", "service-account.key", "encryption/key1.key",
    ],
    [0, 1, 60, 100]
  )
  func `a truncated file is never replaced, and its failure tells no secret`(
    _ name: String,
    _ length: Int
  ) async throws {
    _ = try await store.ensure(cluster: cluster, dryRun: false)
    let content = try folder.text(of: "pki/\(name)")
    let cut = String(content.prefix(min(length, content.count / 2)))
    try folder.write(cut, to: "pki/\(name)")
    let before = try folder.storedFiles()
    let store = store
    let cluster = cluster
    let attempts: [() async throws -> Void] = [
      { _ = try await store.ensure(cluster: cluster, dryRun: false) },
      { _ = try await store.ensure(cluster: cluster, dryRun: true) },
      { _ = try await store.load(cluster: cluster) },
    ]
    for attempt in attempts {
      let failure = try await failure(attempt)
      #expect(failure.kind == .state)
      #expect(failure.what == "\(folder.store)/\(name) is damaged")
      for line in content.split(separator: "\n") where line.count > 30 {
        #expect(!failure.description.contains(line.prefix(20)))
      }
    }
    #expect(try folder.storedFiles() == before)
  }

  @Test func `a lost key of an authority is not made again`() async throws {
    _ = try await store.ensure(cluster: cluster, dryRun: false)
    try folder.remove("pki/authorities/cluster.key")
    let files = try folder.storedFiles()
    #expect(try await store.ensure(cluster: cluster, dryRun: false).changes == [])
    #expect(try folder.storedFiles() == files)
  }

  @Test func `a leaf whose key is lost gets both anew, and it is said`() async throws {
    _ = try await store.ensure(cluster: cluster, dryRun: false)
    try folder.remove("pki/keys/admin.key")
    let changes = try await store.ensure(cluster: cluster, dryRun: false).changes
    #expect(
      changes.map(\.description) == [
        "admin: certificate issued again: its key was missing, so that is new too"
      ]
    )
  }

  @Test func `a key that belongs to another leaf is a fault that is mended`() async throws {
    let before = try await store.ensure(cluster: cluster, dryRun: false).bundle
    try folder.write(
      try folder.text(of: "pki/keys/kube-proxy.key"),
      to: "pki/keys/admin.key"
    )
    let failure = try await failure { _ = try await store.load(cluster: cluster) }
    #expect(failure.what.hasSuffix("admin.crt belongs to another key"))
    let outcome = try await store.ensure(cluster: cluster, dryRun: false)
    #expect(outcome.changes == [.reissuedLeaf(.admin, faults: ["it belongs to another key"])])
    #expect(outcome.bundle.leaves[.admin]?.key == before.leaves[.kubeProxy]?.key)
  }

  @Test func `neither a pipe nor a huge file stops the run`() async throws {
    _ = try await store.ensure(cluster: cluster, dryRun: false)
    try folder.remove("pki/keys/admin.key")
    try await tool("mkfifo", "\(folder.store)/keys/admin.key")
    let pipe = try await failure { _ = try await store.load(cluster: cluster) }
    #expect(pipe.why == "it is not a regular file")
    try folder.remove("pki/keys/admin.key")
    try folder.write(String(repeating: "x", count: 70_000), to: "pki/keys/admin.key")
    let huge = try await failure { _ = try await store.load(cluster: cluster) }
    #expect(huge.why == "it is larger than 65536 bytes")
  }
}
