// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
import Values
import X509

/// Every certificate of a cluster, authorities first, with what a person wants to know of it.
package struct CertificateReport: Sendable, Equatable {
  package struct Row: Sendable, Equatable {
    /// The leaf's name, or `cluster-authority`.
    package var name: String
    /// Who signs it; an authority signs itself.
    package var authority: AuthorityName
    /// Whole days until it ends; negative once it has ended.
    package var daysLeft: Int
    /// By name and by signature; nil where the authority's certificate is not in the bundle.
    package var isSignedByItsAuthority: Bool?
    package var facts: CertificateFacts
  }

  package let rows: [Row]

  /// Reads and verifies every certificate of `bundle`.
  /// - Parameters:
  ///   - bundle: what the store holds.
  ///   - requests: the leaves that there should be.
  ///   - now: from when on days are counted.
  /// - Throws: `Failure` (`state`) when a leaf is missing or a certificate cannot be read.
  package init(_ bundle: PKIBundle, requests: [LeafRequest], now: Date) throws {
    var authorities: [AuthorityName: ParsedCertificate] = [:]
    var rows: [Row] = []
    for name in AuthorityName.allCases {
      guard let credential = bundle.authorities[name] else { continue }
      let label = "\(name.rawValue)-authority"
      let certificate = try Self.parse(credential, label)
      authorities[name] = certificate
      rows.append(
        try Self.row(label, name, certificate, signer: certificate, now: now)
      )
    }
    let missing = requests.filter { bundle.leaves[$0.name] == nil }.map(\.name.description)
    guard missing.isEmpty else {
      throw Failure(
        .state,
        "certificates are missing in the state folder",
        why: missing.joined(separator: ", "),
        remedy: "run `kubewright up`"
      )
    }
    for request in requests {
      guard let credential = bundle.leaves[request.name] else { continue }
      let label = request.name.description
      rows.append(
        try Self.row(
          label,
          request.authority,
          try Self.parse(credential, label),
          signer: authorities[request.authority],
          now: now
        )
      )
    }
    self.rows = rows
  }

  private static func row(
    _ name: String,
    _ authority: AuthorityName,
    _ certificate: ParsedCertificate,
    signer: ParsedCertificate?,
    now: Date
  ) throws -> Row {
    let facts = try PKIReading.facts(of: certificate, path: "the certificate \(name)")
    return Row(
      name: name,
      authority: authority,
      daysLeft: Int((facts.notAfter.timeIntervalSince(now) / 86_400).rounded(.down)),
      isSignedByItsAuthority: signer.map { certificate.isSigned(by: $0.certificate) },
      facts: facts
    )
  }

  private static func parse(_ credential: Credential, _ name: String) throws -> ParsedCertificate {
    try PKIReading.certificate(
      Array(credential.certificate.utf8),
      path: "the certificate \(name)"
    )
  }
}
