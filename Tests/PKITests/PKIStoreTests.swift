// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import PKI
import Spec
import TestSupport
import Testing
import Values

struct PKIStoreTests {
  let folder: Scratch
  let store: PKIStore

  init() throws {
    folder = try Scratch()
    store = PKIStore(directory: folder.store, issuance: .at(newYear))
  }

  @Test func `a second run changes nothing`() async throws {
    let first = try await store.ensure(cluster: .sample(), dryRun: false)
    // Three authorities, the service account's key, an encryption key, 13 leaves.
    #expect(first.changes.count == 18)
    let files = try folder.storedFiles()
    let second = try await store.ensure(cluster: .sample(), dryRun: false)
    #expect(second.changes == [])
    #expect(second.bundle == first.bundle)
    #expect(try folder.storedFiles() == files)
  }

  @Test func `load returns just what ensure made`() async throws {
    let made = try await store.ensure(cluster: .sample(), dryRun: false)
    let files = try folder.storedFiles()
    let loaded = try await store.load(cluster: .sample())
    #expect(loaded.bundle == made.bundle)
    #expect(loaded.changes == [])
    #expect(try folder.storedFiles() == files)
  }

  @Test func `load makes nothing`() async throws {
    let failure = try await failure { _ = try await store.load(cluster: .sample()) }
    #expect(failure.kind == .state)
    #expect(failure.remedy?.contains("kubewright up") == true)
    #expect(!folder.exists("pki"))

    _ = try await store.ensure(cluster: .sample(), dryRun: false)
    try folder.remove("pki/keys/admin.key")
    try folder.remove("pki/certs/admin.crt")
    let loaded = try await store.load(cluster: .sample())
    #expect(loaded.bundle.leaves[.admin] == nil)
    #expect(!folder.exists("pki/keys/admin.key"))
  }

  @Test func `a dry run says the same and writes nothing`() async throws {
    let dry = try await store.ensure(cluster: .sample(), dryRun: true)
    #expect(!folder.exists("pki"))
    let wet = try await store.ensure(cluster: .sample(), dryRun: false)
    #expect(dry.changes == wet.changes)
    #expect(Set(dry.bundle.leaves.keys) == Set(wet.bundle.leaves.keys))
    #expect(dry.bundle.leaves.values.allSatisfy { $0.key != nil && !$0.certificate.isEmpty })

    let files = try folder.storedFiles()
    let grown = ClusterSpec.sample([
      ("one", [.etcd, .controlPlane, .worker]), ("two", [.worker]),
    ])
    let more = try await store.ensure(cluster: grown, dryRun: true)
    #expect(
      more.changes == [
        .newLeaf(.kubeletServer(host: "two"), .cluster),
        .newLeaf(.kubeletClient(host: "two"), .cluster),
      ]
    )
    #expect(more.bundle.leaves[.admin] == wet.bundle.leaves[.admin])
    #expect(try folder.storedFiles() == files)
  }

  @Test func `folders are the owner's alone and so are keys`() async throws {
    let mask = umask(0)
    defer { umask(mask) }
    _ = try await store.ensure(cluster: .sample(), dryRun: false)
    for name in ["", "/authorities", "/keys", "/certs", "/csr", "/encryption"] {
      #expect(try folder.mode("pki\(name)") == 0o700, "\(name)")
    }
    for name in try folder.storedFiles().keys {
      #expect(try folder.mode("pki/\(name)") == (name.hasSuffix(".key") ? 0o600 : 0o644), "\(name)")
    }
    // As a copy without modes leaves it.
    chmod("\(folder.store)/keys/admin.key", 0o644)
    chmod(folder.store, 0o755)
    #expect(try await store.ensure(cluster: .sample(), dryRun: false).changes == [])
    #expect(try folder.mode("pki/keys/admin.key") == 0o600)
    #expect(try folder.mode("pki") == 0o700)
  }

  @Test func `a changed name reissues just that leaf, with its key`() async throws {
    let before = try await store.ensure(cluster: .sample(), dryRun: false).bundle
    let changed = ClusterSpec.sample(extraSANs: ["new.example.org"])
    let outcome = try await store.ensure(cluster: changed, dryRun: false)
    let leaf = LeafName.apiServer(host: "one")
    #expect(
      outcome.changes == [.reissuedLeaf(leaf, faults: ["its names change: +new.example.org"])]
    )
    #expect(outcome.bundle.leaves[leaf]?.key == before.leaves[leaf]?.key)
    #expect(outcome.bundle.leaves[leaf]?.certificate != before.leaves[leaf]?.certificate)
    var expected = before
    expected.leaves[leaf] = outcome.bundle.leaves[leaf]
    #expect(outcome.bundle == expected)

    let back = try await store.ensure(cluster: .sample(), dryRun: false)
    #expect(back.changes == [.reissuedLeaf(leaf, faults: ["its names change: -new.example.org"])])
  }

  @Test func `an expired leaf is reissued with its key, but no sooner`() async throws {
    let before = try await store.ensure(cluster: .sample(), dryRun: false).bundle
    func outcome(hours: Double) async throws -> PKIOutcome {
      let later = newYear.addingTimeInterval(hours * 3600)
      return try await PKIStore(directory: folder.store, issuance: .at(later))
        .ensure(cluster: .sample(), dryRun: false)
    }
    #expect(try await outcome(hours: 8759).changes == [])
    let after = try await outcome(hours: 8760)
    #expect(after.changes.count == 13)
    #expect(
      after.changes.last
        == .reissuedLeaf(.admin, faults: ["it expired on 2027-01-01T00:00:00Z"])
    )
    #expect(after.bundle.leaves.mapValues(\.key) == before.leaves.mapValues(\.key))
    #expect(after.bundle.authorities == before.authorities)
  }

  @Test func `an expired authority ends the run`() async throws {
    _ = try await store.ensure(cluster: .sample(), dryRun: false)
    let files = try folder.storedFiles()
    let later = PKIStore(
      directory: folder.store,
      issuance: .at(newYear.addingTimeInterval(87600 * 3600))
    )
    let failure = try await failure {
      _ = try await later.ensure(cluster: .sample(), dryRun: false)
    }
    #expect(failure.kind == .state)
    #expect(failure.description.contains("it expired on 2035-12-30T00:00:00Z"))
    #expect(try folder.storedFiles() == files)
  }

  @Test func `another algorithm is for new keys only`() async throws {
    _ = try await store.ensure(cluster: .sample(), dryRun: false)
    let changed = ClusterSpec.sample(pki: PKISpec(algorithm: .ecdsaP384))
    #expect(try await store.ensure(cluster: changed, dryRun: false).changes == [])
  }

  @Test func `encryption keys are 32 bytes, kept, the newest first`() async throws {
    let bundle = try await store.ensure(cluster: .sample(), dryRun: false).bundle
    let first = try #require(bundle.encryptionKeys.first)
    #expect(bundle.encryptionKeys.map(\.name) == ["key1"])
    #expect(Data(base64Encoded: first.secret.revealText())?.count == 32)

    let newer = Data(repeating: 7, count: 32).base64EncodedString()
    for number in [2, 10] { try folder.write("\(newer)\n", to: "pki/encryption/key\(number).key") }
    var plain = ClusterSpec.sample()
    plain.secretsEncryption = SecretsEncryptionSpec(provider: .identity)
    let kept = try await store.ensure(cluster: plain, dryRun: false).bundle.encryptionKeys
    #expect(kept.map(\.name) == ["key10", "key2", "key1"])
    #expect(kept.last == first)
  }

  @Test func `no encryption, no key`() async throws {
    var cluster = ClusterSpec.sample()
    cluster.secretsEncryption = SecretsEncryptionSpec(provider: .identity)
    let bundle = try await store.ensure(cluster: cluster, dryRun: false).bundle
    #expect(bundle.encryptionKeys == [])
  }

  @Test func `a name that no certificate can hold is named`() async throws {
    let cluster = ClusterSpec.sample(extraSANs: ["b\u{FC}cher.example"])
    let failure = try await failure { _ = try await store.ensure(cluster: cluster, dryRun: true) }
    #expect(failure.what == "cannot make the certificate apiserver@one")
  }

  @Test func `a folder that cannot be made is a failure of the state`() async throws {
    try folder.write("a file", to: "pki")
    let failure = try await failure {
      _ = try await store.ensure(cluster: .sample(), dryRun: false)
    }
    #expect(failure.kind == .state)
  }
}
