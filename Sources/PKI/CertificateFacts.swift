// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
import SwiftASN1
import Values
import X509
import _CryptoExtras

/// What a certificate says of itself.
package struct CertificateFacts: Sendable, Equatable {
  package var commonName: String
  package var organizations: [String]
  /// Subject alternative names, bare: `localhost`, `10.0.0.1`; other kinds with their kind before them.
  package var names: [String]
  /// Extended key usages that this project knows.
  package var usages: Set<LeafUsage>
  /// Whether it may sign certificates.
  package var isAuthority: Bool
  package var notBefore: Date
  package var notAfter: Date
  /// Hexadecimal digits.
  package var serial: String
  /// `ECDSA P-256`, `RSA 2048`.
  package var algorithm: String

  /// `O=system:nodes, CN=system:node:worker-1`.
  package var subject: String {
    LeafSubject(commonName, organizations: organizations).description
  }

  init(_ certificate: Certificate) throws {
    let attributes = certificate.subject.flatMap { $0 }
    func values(_ type: ASN1ObjectIdentifier) -> [String] {
      attributes.filter { $0.type == type }.map { String($0.value) ?? "\($0.value)" }
    }
    commonName = values(.RDNAttributeType.commonName).joined(separator: "+")
    organizations = values(.RDNAttributeType.organizationName)
    names = try certificate.extensions.subjectAlternativeNames?.map(Self.text) ?? []
    let extended = try certificate.extensions.extendedKeyUsage
    usages = []
    if extended?.contains(.serverAuth) == true { usages.insert(.server) }
    if extended?.contains(.clientAuth) == true { usages.insert(.client) }
    let maySign = try certificate.extensions.keyUsage?.keyCertSign ?? true
    isAuthority =
      switch try certificate.extensions.basicConstraints {
      case .isCertificateAuthority: maySign
      case .notCertificateAuthority, nil: false
      }
    notBefore = certificate.notValidBefore
    notAfter = certificate.notValidAfter
    serial = certificate.serialNumber.bytes.map { Self.hex($0) }.joined()
    algorithm = Self.algorithm(of: certificate.publicKey)
  }

  private static func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }

  private static func text(_ name: GeneralName) -> String {
    switch name {
    case .dnsName(let name): name
    case .ipAddress(let octets) where octets.bytes.count == 4:
      IPv4Address(raw: octets.bytes.reduce(0) { $0 << 8 | UInt32($1) }).description
    default: name.description
    }
  }

  private static func algorithm(of key: Certificate.PublicKey) -> String {
    if let rsa = _RSA.Signing.PublicKey(key) { return "RSA \(rsa.keySizeInBits)" }
    // The library names them `P256.PublicKey`, `Ed25519.PublicKey`.
    let name = key.description.prefix { $0 != "." }
    return name.hasPrefix("P") ? "ECDSA P-\(name.dropFirst())" : String(name)
  }
}
