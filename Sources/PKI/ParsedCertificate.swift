// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
import X509

/// A certificate as parsed, with the one form of its PEM that goes everywhere.
struct ParsedCertificate: Sendable {
  let certificate: Certificate
  /// One block, ended by a line feed; text before or after the block is left out.
  let pem: String

  init(_ certificate: Certificate) throws {
    self.certificate = certificate
    pem = try certificate.serializeAsPEM().pemString + "\n"
  }

  /// Reads exactly one PEM block.
  /// - Throws: the parser's error, or `ASN1Error` when there are more blocks than one.
  init(pem text: [UInt8]) throws {
    let document = try PEMDocument(pemString: String(decoding: text, as: UTF8.self))
    certificate = try Certificate(pemDocument: document)
    pem = document.pemString + "\n"
  }

  /// Whether `issuer` signed it: by name and by signature.
  func isSigned(by issuer: Certificate) -> Bool {
    certificate.issuer == issuer.subject
      && issuer.publicKey.isValidSignature(certificate.signature, for: certificate)
  }
}
