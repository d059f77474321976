// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SwiftASN1
import Values
import X509

/// Reads what the store's files mean; what cannot be understood is an error and stays as it is.
struct PKIReading: Sendable {
  let files: PKIFiles

  private static let damagedRemedy =
    "restore it from a backup; keys are never made again by themselves"

  func key(_ path: String) throws -> SigningKey? {
    guard let bytes = try files.read(path) else { return nil }
    return try Self.key(bytes, path: files.absolute(path))
  }

  /// - Throws: `Failure` (`state`) that says nothing of the contents.
  static func key(_ bytes: [UInt8], path: String) throws -> SigningKey {
    guard let key = SigningKey(pem: bytes) else {
      throw Failure(
        .state,
        "\(path) is damaged",
        why: "it is not one unencrypted private key in PEM",
        remedy: damagedRemedy
      )
    }
    return key
  }

  func certificate(_ path: String) throws -> ParsedCertificate? {
    guard let bytes = try files.read(path) else { return nil }
    return try Self.certificate(bytes, path: files.absolute(path))
  }

  static func certificate(_ bytes: [UInt8], path: String) throws -> ParsedCertificate {
    do {
      return try ParsedCertificate(pem: bytes)
    } catch {
      throw Failure(
        .state,
        "\(path) is damaged",
        why: "it is not one certificate in PEM",
        remedy: damagedRemedy
      )
    }
  }

  /// - Throws: `Failure` (`state`) when an extension cannot be read.
  static func facts(of certificate: ParsedCertificate, path: String) throws -> CertificateFacts {
    do {
      return try CertificateFacts(certificate.certificate)
    } catch {
      throw Failure(
        .state,
        "\(path) is damaged",
        why: "an extension of the certificate cannot be read",
        remedy: damagedRemedy
      )
    }
  }

  /// The keys of the secrets encryption configuration, the newest first: `key2`, `key1`.
  func encryptionKeys() throws -> [EncryptionKey] {
    let numbers = files.names(in: PKIPath.encryption).compactMap { name -> Int? in
      guard name.hasPrefix("key"), name.hasSuffix(".key") else { return nil }
      return Int(name.dropFirst(3).dropLast(4))
    }
    return try numbers.sorted(by: >).map { number in
      let path = "\(PKIPath.encryption)/key\(number).key"
      let text = String(decoding: try files.read(path) ?? [], as: UTF8.self)
      let base64 = text.hasSuffix("\n") ? String(text.dropLast()) : text
      guard Data(base64Encoded: base64)?.count == 32 else {
        throw Failure(
          .state,
          "\(files.absolute(path)) is damaged",
          why: "it is not 32 bytes in base64",
          remedy: Self.damagedRemedy
        )
      }
      return EncryptionKey(name: "key\(number)", secret: Sensitive(base64))
    }
  }
}
