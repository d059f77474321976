// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Spec
import SwiftASN1
import X509

/// An authority at work: its certificate, and its key where that is here.
struct Authority: Sendable {
  let name: AuthorityName
  let certificate: ParsedCertificate
  /// nil: someone else signs.
  let key: SigningKey?

  var credential: Credential {
    Credential(certificate: certificate.pem, key: key?.pem)
  }

  /// A self-signed certificate for `key`.
  static func certify(
    _ name: AuthorityName,
    key: SigningKey,
    hours: Int,
    issuance: Issuance
  ) throws -> ParsedCertificate {
    let now = issuance.now()
    let subject = try DistinguishedName { CommonName(name.commonName) }
    let certificate = try Certificate(
      version: .v3,
      serialNumber: Certificate.SerialNumber(bytes: issuance.serial()),
      publicKey: key.publicKey,
      notValidBefore: now.addingTimeInterval(-Issuance.backdating),
      notValidAfter: min(now.addingTimeInterval(Double(hours) * 3600), Issuance.endOfTime),
      issuer: subject,
      subject: subject,
      extensions: try Certificate.Extensions {
        // It signs leaves only, so a leaf that got hold of keyCertSign would still be worth nothing.
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
        Critical(KeyUsage(digitalSignature: true, keyCertSign: true, cRLSign: true))
        SubjectKeyIdentifier(hash: key.publicKey)
      },
      issuerPrivateKey: key.key
    )
    return try ParsedCertificate(certificate)
  }

  /// Signs a leaf; nil where the authority's key is not here.
  func sign(
    _ request: LeafRequest,
    publicKey: Certificate.PublicKey,
    hours: Int,
    issuance: Issuance
  ) throws -> ParsedCertificate? {
    guard let key else { return nil }
    let issuer = certificate.certificate
    return try Self.issue(
      request,
      publicKey: publicKey,
      hours: hours,
      issuance: issuance,
      signer: key,
      issuer: (issuer.subject, issuer.notValidAfter, try issuer.keyIdentifier)
    )
  }

  /// A certificate that the leaf's own key signs: it stands for one that does not exist yet in what
  /// a dry run renders.
  static func standIn(
    for request: LeafRequest,
    key: SigningKey,
    issuance: Issuance
  ) throws -> ParsedCertificate {
    try issue(
      request,
      publicKey: key.publicKey,
      hours: 1,
      issuance: issuance,
      signer: key,
      issuer: (
        request.subject.distinguishedName, Issuance.endOfTime,
        SubjectKeyIdentifier(hash: key.publicKey).keyIdentifier
      )
    )
  }

  private static func issue(
    _ request: LeafRequest,
    publicKey: Certificate.PublicKey,
    hours: Int,
    issuance: Issuance,
    signer: SigningKey,
    issuer: (name: DistinguishedName, end: Date, identifier: ArraySlice<UInt8>)
  ) throws -> ParsedCertificate {
    let now = issuance.now()
    let certificate = try Certificate(
      version: .v3,
      serialNumber: Certificate.SerialNumber(bytes: issuance.serial()),
      publicKey: publicKey,
      notValidBefore: now.addingTimeInterval(-Issuance.backdating),
      notValidAfter: min(now.addingTimeInterval(Double(hours) * 3600), issuer.end),
      issuer: issuer.name,
      subject: request.subject.distinguishedName,
      extensions: try Certificate.Extensions(
        [.init(BasicConstraints.notCertificateAuthority, critical: true)]
          + request.extensions(for: publicKey) + [
            .init(SubjectKeyIdentifier(hash: publicKey), critical: false),
            .init(AuthorityKeyIdentifier(keyIdentifier: issuer.identifier), critical: false),
          ]
      ),
      issuerPrivateKey: signer.key
    )
    return try ParsedCertificate(certificate)
  }
}

extension AuthorityName {
  /// As kubeadm names them.
  var commonName: String {
    switch self {
    case .cluster: "kubernetes"
    case .etcd: "etcd-ca"
    case .frontProxy: "front-proxy-ca"
    }
  }
}

extension Certificate {
  /// What a leaf's authority key identifier has to repeat (RFC 5280 4.2.1.1).
  fileprivate var keyIdentifier: ArraySlice<UInt8> {
    get throws {
      try extensions.subjectKeyIdentifier?.keyIdentifier
        ?? SubjectKeyIdentifier(hash: publicKey).keyIdentifier
    }
  }
}
