// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Spec
import Values
import X509

extension PKIRun {
  /// The three authorities: those that are there, the user's, and new ones for the rest.
  mutating func completeAuthorities() async throws -> [AuthorityName: Authority] {
    let user = try cluster.pki.userAuthorities.map {
      try UserAuthorities(folder: $0).read()
    }
    var authorities: [AuthorityName: Authority] = [:]
    var keys: [AuthorityName: SigningKey] = [:]
    for name in AuthorityName.allCases {
      let present = try reading.certificate(PKIPath.certificate(name))
      if let entry = user?[name] {
        authorities[name] = try adopt(entry, name, present: present)
      } else if let present {
        authorities[name] = try Authority(
          name: name,
          certificate: present,
          key: reading.key(PKIPath.key(name))
        )
      } else {
        keys[name] = try reading.key(PKIPath.key(name))
      }
    }
    for name in AuthorityName.allCases {
      guard let authority = authorities[name] else { continue }
      try check(authority, path: user?[name]?.certificatePath)
    }

    let missing = AuthorityName.allCases.filter { authorities[$0] == nil }
    let algorithm = cluster.pki.algorithm
    let old = keys
    let made = try await missing.filter { old[$0] == nil }.concurrentMap {
      ($0, try SigningKey.generate(algorithm))
    }
    try commit(made.map { .secret(PKIPath.key($0.0), $0.1.pem) })
    for (name, key) in made { keys[name] = key }
    var certificates: [NewFile] = []
    for name in missing {
      guard let key = keys[name] else { continue }
      let certificate = try Authority.certify(
        name,
        key: key,
        hours: cluster.pki.authorityHours,
        issuance: issuance
      )
      certificates.append(.open(PKIPath.certificate(name), certificate.pem))
      authorities[name] = Authority(name: name, certificate: certificate, key: key)
      changes.append(
        old[name] == nil ? .newAuthority(name, algorithm) : .certifiedAuthority(name)
      )
    }
    try commit(certificates)
    return authorities
  }

  /// Keeps a copy of the certificate: it is what the cluster's hosts will trust from now on.
  private mutating func adopt(
    _ entry: UserAuthorities.Entry,
    _ name: AuthorityName,
    present: ParsedCertificate?
  ) throws -> Authority {
    if let present {
      guard present.certificate == entry.certificate.certificate else {
        throw Failure(
          .state,
          "\(entry.certificatePath) is not the authority that this cluster has",
          why: "the cluster was made with \(files.absolute(PKIPath.certificate(name)))",
          remedy: "put the old one back: hosts and clients trust that one"
        )
      }
      return Authority(name: name, certificate: present, key: entry.key)
    }
    let authority = Authority(name: name, certificate: entry.certificate, key: entry.key)
    try check(authority, path: entry.certificatePath)
    try commit([.open(PKIPath.certificate(name), entry.certificate.pem)])
    changes.append(.adoptedAuthority(name, path: entry.certificatePath))
    return authority
  }

  /// - Throws: `Failure` (`state`) when it cannot be an authority, its key is another's, or it expired.
  private func check(_ authority: Authority, path: String?) throws {
    let path = path ?? files.absolute(PKIPath.certificate(authority.name))
    let certificate = authority.certificate.certificate
    func fail(_ why: String, _ remedy: String) -> Failure {
      Failure(
        .state,
        "\(path) cannot be the \(authority.name.rawValue) authority",
        why: why,
        remedy: remedy
      )
    }
    guard try PKIReading.facts(of: authority.certificate, path: path).isAuthority else {
      throw fail("it may not sign certificates", "use a certificate with CA:TRUE")
    }
    // The TLS libraries in play do not all take an intermediate for an anchor of trust.
    guard authority.certificate.isSigned(by: certificate) else {
      throw fail("it is not self-signed", "use the root, or a root made for this cluster")
    }
    if let key = authority.key, key.publicKey != certificate.publicKey {
      throw fail("its key is another's", "put the key that belongs to it beside it")
    }
    guard certificate.notValidAfter > issuance.now() else {
      throw fail(
        "it expired on \(certificate.notValidAfter.ISO8601Format())",
        "restore a valid one from a backup"
      )
    }
  }
}
