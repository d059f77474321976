// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import PKI
import Spec
import TestSupport
import Testing
import Values

/// Other programs' opinion on the certificates, for every algorithm.
struct AlgorithmTests {
  @Test(arguments: KeyAlgorithm.allCases)
  func `OpenSSL and cfssl agree with what is asked for`(_ algorithm: KeyAlgorithm) async throws {
    let folder = try Scratch()
    let cluster = ClusterSpec.sample(
      pki: PKISpec(algorithm: algorithm),
      extraSANs: ["203.0.113.7"]
    )
    let bundle = try await PKIStore(directory: folder.store).ensure(
      cluster: cluster,
      dryRun: false
    ).bundle
    try folder.unpack(bundle)
    for request in PKIProfile.leaves(for: cluster) {
      try await verify(request, folder)
      let text = try await x509Text("\(request.name)", folder)
      check(text, request, algorithm)
      try await cfssl(request, folder)
      try await keyBelongs(request, folder)
    }
    for name in AuthorityName.allCases {
      let text = try await x509Text("\(name.rawValue)-authority", folder)
      #expect(text.contains("Basic Constraints: critical\nCA:TRUE, pathlen:0\n"))
      #expect(
        text.contains("Key Usage: critical\nDigital Signature, Certificate Sign, CRL Sign\n")
      )
      #expect(text.contains("X509v3 Subject Key Identifier:"))
      #expect(text.contains(algorithm.openSSLName))
    }
    try await serviceAccount(bundle, folder)
  }

  private func verify(_ request: LeafRequest, _ folder: Scratch) async throws {
    for purpose in request.usages.map({ "ssl\($0.rawValue)" }) {
      try await tool(
        "openssl",
        "verify",
        "-x509_strict",
        "-purpose",
        purpose,
        "-CAfile",
        "\(folder.path)/\(request.authority.rawValue)-authority.crt",
        "\(folder.path)/\(request.name).crt"
      )
    }
    for name in request.names {
      let option = if case .address = name { "-verify_ip" } else { "-verify_hostname" }
      try await tool(
        "openssl",
        "verify",
        option,
        name.description,
        "-CAfile",
        "\(folder.path)/\(request.authority.rawValue)-authority.crt",
        "\(folder.path)/\(request.name).crt"
      )
    }
  }

  /// The text form without its indentation.
  private func x509Text(_ name: String, _ folder: Scratch) async throws -> String {
    try await tool("openssl", "x509", "-noout", "-text", "-in", "\(folder.path)/\(name).crt")
      .split(separator: "\n")
      .map { line in
        String(line.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      .joined(separator: "\n").replacing("X509v3 Key", with: "Key")
      .replacing("X509v3 Basic", with: "Basic")
  }

  private func check(_ text: String, _ request: LeafRequest, _ algorithm: KeyAlgorithm) {
    let usage = algorithm.isRSA ? "Digital Signature, Key Encipherment" : "Digital Signature"
    #expect(text.contains("Key Usage: critical\n\(usage)\n"))
    #expect(text.contains("Basic Constraints: critical\nCA:FALSE\n"))
    let extended = [
      request.usages.contains(.server) ? "TLS Web Server Authentication" : nil,
      request.usages.contains(.client) ? "TLS Web Client Authentication" : nil,
    ].compactMap(\.self).joined(separator: ", ")
    #expect(text.contains("Extended Key Usage:\n\(extended)\n"))
    #expect(text.contains("X509v3 Authority Key Identifier:"))
    #expect(text.contains(algorithm.openSSLName))
    #expect(text.contains("Version: 3 (0x2)"))
    let names = request.names.map {
      if case .address = $0 { "IP Address:\($0)" } else { "DNS:\($0)" }
    }.joined(separator: ", ")
    #expect(text.contains("Alternative Name") != names.isEmpty)
    #expect(text.contains(names))
  }

  private func cfssl(_ request: LeafRequest, _ folder: Scratch) async throws {
    let path = "\(folder.path)/\(request.name).crt"
    let json = try await tool("cfssl", "certinfo", "-cert", path)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let info = try decoder.decode(CertInfo.self, from: Data(json.utf8))
    #expect(info.subject.commonName == request.subject.commonName)
    #expect(info.subject.organization ?? "" == request.subject.organizations.joined())
    #expect(Set(info.sans ?? []) == Set(request.names.map(\.description)))
    #expect(!info.authorityKeyId.isEmpty)
  }

  private func keyBelongs(_ request: LeafRequest, _ folder: Scratch) async throws {
    let path = "\(folder.path)/\(request.name)"
    #expect(try folder.text(of: "\(request.name).key").hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
    let key = try await tool("openssl", "pkey", "-in", "\(path).key", "-pubout")
    let certificate = try await tool("openssl", "x509", "-in", "\(path).crt", "-noout", "-pubkey")
    #expect(key == certificate)
  }

  private func serviceAccount(_ bundle: PKIBundle, _ folder: Scratch) async throws {
    try folder.write(bundle.serviceAccountKey.revealText(), to: "sa.key")
    let key = try await tool("openssl", "pkey", "-in", "\(folder.path)/sa.key", "-pubout")
    #expect(key == bundle.serviceAccountPublicKey)
  }
}

private struct CertInfo: Decodable {
  struct Subject: Decodable {
    var commonName: String
    var organization: String?
  }
  var subject: Subject
  var sans: [String]?
  var authorityKeyId: String
}

extension KeyAlgorithm {
  fileprivate var isRSA: Bool { rawValue.hasPrefix("rsa") }

  /// How `openssl x509 -text` calls it.
  fileprivate var openSSLName: String {
    switch self {
    case .rsa2048: "Public-Key: (2048 bit)"
    case .rsa3072: "Public-Key: (3072 bit)"
    case .rsa4096: "Public-Key: (4096 bit)"
    case .ecdsaP256: "NIST CURVE: P-256"
    case .ecdsaP384: "NIST CURVE: P-384"
    }
  }
}
