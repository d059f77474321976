// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import PKI
import Spec
import TestSupport
import Testing
import Values

/// Authorities that the user brings, made by OpenSSL.
struct UserAuthorityTests {
  let folder: Scratch
  let store: PKIStore
  let cluster: ClusterSpec

  init() throws {
    folder = try Scratch()
    store = PKIStore(directory: folder.store)
    cluster = .sample(pki: PKISpec(userAuthorities: folder.path + "/own"))
    try FileManager.default.createDirectory(
      atPath: folder.path + "/own/etcd",
      withIntermediateDirectories: true
    )
  }

  private func makeAuthority(_ base: String, key: [String] = ["ec:", "P-256"]) async throws {
    let path = "\(folder.path)/own/\(base)"
    let option = key[0] == "ec:" ? "ec_paramgen_curve:\(key[1])" : "rsa_keygen_bits:\(key[1])"
    try await tool(
      "openssl",
      "req",
      "-x509",
      "-newkey",
      key[0] == "ec:" ? "ec" : "rsa",
      "-pkeyopt",
      option,
      "-nodes",
      "-keyout",
      "\(path).key",
      "-out",
      "\(path).crt",
      "-days",
      "30",
      "-subj",
      "/O=Example Org/CN=Example Root",
      "-addext",
      "keyUsage=critical,keyCertSign"
    )
  }

  @Test(arguments: [["ec:", "P-256"], ["ec:", "P-384"], ["ec:", "P-521"], ["rsa:", "2048"]])
  func `with its key it signs here`(_ key: [String]) async throws {
    try await makeAuthority("ca", key: key)
    try await makeAuthority("etcd/ca", key: key)
    let outcome = try await store.ensure(cluster: cluster, dryRun: false)
    #expect(
      outcome.changes.prefix(3) == [
        .adoptedAuthority(.cluster, path: "\(folder.path)/own/ca.crt"),
        .adoptedAuthority(.etcd, path: "\(folder.path)/own/etcd/ca.crt"),
        .newAuthority(.frontProxy, .ecdsaP256),
      ]
    )
    #expect(!folder.exists("pki/authorities/cluster.key"))
    #expect(!folder.exists("pki/authorities/etcd.key"))
    try folder.unpack(outcome.bundle)
    for (leaf, authority) in [("apiserver@one", "ca"), ("etcd-peer@one", "etcd/ca")] {
      try await tool(
        "openssl",
        "verify",
        "-purpose",
        "sslserver",
        "-CAfile",
        "\(folder.path)/own/\(authority).crt",
        "\(folder.path)/\(leaf).crt"
      )
    }
    let report = try CertificateReport(
      outcome.bundle,
      requests: PKIProfile.leaves(for: cluster),
      now: Date()
    )
    // Not beyond the authority's 30 days.
    #expect(report.rows.first { $0.name == "admin" }?.daysLeft == 29)
    #expect(report.rows.allSatisfy { $0.isSignedByItsAuthority == true })
    #expect(try await store.ensure(cluster: cluster, dryRun: false).changes == [])
    #expect(try await store.load(cluster: cluster).bundle.leaves == outcome.bundle.leaves)
  }

  @Test func `traditional key formats are read, and kept as PKCS 8`() async throws {
    try await makeAuthority("ca")
    let key = folder.path + "/own/ca.key"
    let sec1 = try await tool("openssl", "ec", "-in", key)
    try folder.write(
      "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + sec1,
      to: "own/ca.key"
    )
    let bundle = try await store.ensure(cluster: cluster, dryRun: false).bundle
    let kept = try #require(bundle.authorities[.cluster]?.key)
    #expect(kept.revealText().hasPrefix("-----BEGIN PRIVATE KEY-----"))
  }

  @Test func `without its key it asks for signatures, and takes them`() async throws {
    try await makeAuthority("ca")
    let hidden = folder.path + "/hidden.key"
    try FileManager.default.moveItem(atPath: folder.path + "/own/ca.key", toPath: hidden)
    let dry = try await store.ensure(cluster: cluster, dryRun: true)
    #expect(dry.changes.contains(.awaitsSignature(.admin, .cluster)))
    #expect(dry.bundle.leaves[.admin]?.certificate.isEmpty == false)
    #expect(!folder.exists("pki"))

    let asked = try await failure { _ = try await store.ensure(cluster: cluster, dryRun: false) }
    #expect(asked.kind == .state)
    #expect(asked.what.hasPrefix("8 certificates have to be signed"))
    #expect(asked.why?.contains("admin by the cluster authority") == true)
    #expect(asked.remedy?.contains("\(folder.store)/certs/NAME.crt") == true)
    let before = try folder.storedFiles()
    _ = try await failure { _ = try await store.ensure(cluster: cluster, dryRun: false) }
    #expect(try folder.storedFiles() == before)

    for request in PKIProfile.leaves(for: cluster) where request.authority == .cluster {
      try await sign(request.name, authorityKey: hidden)
    }
    let outcome = try await store.ensure(cluster: cluster, dryRun: false)
    #expect(outcome.changes == [])
    #expect(outcome.bundle.authorities[.cluster]?.key == nil)
    for (name, content) in before where name.hasPrefix("keys/") {
      #expect(try folder.text(of: "pki/\(name)") == content)
    }
    let report = try CertificateReport(
      outcome.bundle,
      requests: PKIProfile.leaves(for: cluster),
      now: Date()
    )
    #expect(report.rows.allSatisfy { $0.isSignedByItsAuthority == true })
  }

  private func sign(
    _ request: LeafName,
    as name: LeafName? = nil,
    authorityKey: String,
    copy: String = "copyall"
  ) async throws {
    try await tool(
      "openssl",
      "x509",
      "-req",
      "-in",
      "\(folder.store)/csr/\(request).csr",
      "-CA",
      "\(folder.path)/own/ca.crt",
      "-CAkey",
      authorityKey,
      "-days",
      "20",
      "-copy_extensions",
      copy,
      "-out",
      "\(folder.store)/certs/\(name ?? request).crt"
    )
  }

  @Test func `a signature that does not do is refused with its reason`() async throws {
    try await makeAuthority("ca")
    let hidden = folder.path + "/hidden.key"
    try FileManager.default.moveItem(atPath: folder.path + "/own/ca.key", toPath: hidden)
    _ = try await failure { _ = try await store.ensure(cluster: cluster, dryRun: false) }
    func reason() async throws -> String? {
      try await failure { _ = try await store.ensure(cluster: cluster, dryRun: false) }.why?
        .split(separator: "\n").first { $0.hasPrefix("apiserver@one ") }.map(String.init)
    }
    let leaf = LeafName.apiServer(host: "one")
    try await sign(.admin, as: leaf, authorityKey: hidden)
    #expect(
      try await reason()?.contains("it belongs to another key; its subject is O=system") == true
    )
    try await sign(leaf, authorityKey: hidden, copy: "none")
    #expect(try await reason()?.contains("its names change: +10.0.0.1") == true)
    #expect(try await reason()?.contains("its usages change") == true)
    try await makeAuthority("other")
    try await tool(
      "openssl",
      "x509",
      "-req",
      "-in",
      "\(folder.store)/csr/\(leaf).csr",
      "-CA",
      "\(folder.path)/own/other.crt",
      "-CAkey",
      "\(folder.path)/own/other.key",
      "-copy_extensions",
      "copyall",
      "-out",
      "\(folder.store)/certs/\(leaf).crt"
    )
    #expect(try await reason()?.hasSuffix("the cluster authority did not sign it") == true)
    try await sign(leaf, authorityKey: hidden)
    #expect(try await reason() == nil)
  }

  @Test func `an authority is not exchanged under a cluster`() async throws {
    try await makeAuthority("ca")
    _ = try await store.ensure(cluster: cluster, dryRun: false)
    try await makeAuthority("ca")
    let failure = try await failure { _ = try await store.ensure(cluster: cluster, dryRun: false) }
    #expect(failure.what.hasSuffix("own/ca.crt is not the authority that this cluster has"))
  }

  @Test func `folders, keys and certificates that do not do`() async throws {
    func refusal() async throws -> String {
      try await failure { _ = try await store.ensure(cluster: cluster, dryRun: true) }.description
    }
    #expect(try await refusal().contains("own holds no authority"))
    try await makeAuthority("ca")
    try await makeAuthority("etcd-ca")
    let key = try folder.text(of: "own/ca.key")
    try folder.write(try folder.text(of: "own/etcd-ca.key"), to: "own/ca.key")
    #expect(try await refusal().contains("its key is another's"))
    let encrypted = try await tool(
      "openssl",
      "pkcs8",
      "-topk8",
      "-passout",
      "pass:secret",
      "-in",
      "\(folder.path)/own/etcd-ca.key"
    )
    try folder.write(encrypted, to: "own/ca.key")
    #expect(try await refusal().contains("it is not one unencrypted private key in PEM"))
    try folder.write(key, to: "own/ca.key")
    let path = "\(folder.path)/own/leaf"
    try await tool(
      "openssl",
      "req",
      "-x509",
      "-key",
      "\(folder.path)/own/ca.key",
      "-out",
      "\(path).crt",
      "-subj",
      "/CN=leaf",
      "-addext",
      "basicConstraints=critical,CA:FALSE"
    )
    try folder.write(try folder.text(of: "own/leaf.crt"), to: "own/ca.crt")
    #expect(try await refusal().contains("it may not sign certificates"))
    try folder.remove("own/ca.crt")
    #expect(try await refusal().contains("own/ca.crt is missing: its key"))
  }
}
