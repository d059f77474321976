// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
import X509
import _CryptoExtras

extension LeafSubject {
  var distinguishedName: DistinguishedName {
    DistinguishedName(
      organizations.map {
        RelativeDistinguishedName(
          .init(type: .RDNAttributeType.organizationName, utf8String: $0)
        )
      } + [
        RelativeDistinguishedName(
          .init(type: .RDNAttributeType.commonName, utf8String: commonName)
        )
      ]
    )
  }
}

extension LeafRequest {
  /// The extensions that depend on what is asked for: usages and names.
  func extensions(for publicKey: Certificate.PublicKey) throws -> [Certificate.Extension] {
    // Only RSA key exchange enciphers with the certificate's key.
    let isRSA = _RSA.Signing.PublicKey(publicKey) != nil
    let extended = try ExtendedKeyUsage(
      LeafUsage.allCases.filter(usages.contains).map {
        switch $0 {
        case .server: ExtendedKeyUsage.Usage.serverAuth
        case .client: .clientAuth
        }
      }
    )
    var extensions: [Certificate.Extension] = [
      try .init(KeyUsage(digitalSignature: true, keyEncipherment: isRSA), critical: true),
      try .init(extended, critical: false),
    ]
    if !names.isEmpty {
      extensions.append(
        try .init(SubjectAlternativeNames(names.map(\.generalName)), critical: false)
      )
    }
    return extensions
  }

  /// What an authority elsewhere is asked to sign.
  func signingRequest(key: SigningKey) throws -> CertificateSigningRequest {
    let extensions = try Certificate.Extensions(extensions(for: key.publicKey))
    return try CertificateSigningRequest(
      version: .v1,
      subject: subject.distinguishedName,
      privateKey: key.key,
      attributes: .init([.init(ExtensionRequest(extensions: extensions))])
    )
  }
}
