// SPDX-License-Identifier: Apache-2.0

import Crypto
import Spec
import SwiftASN1
import Values
import X509
import _CryptoExtras

/// A private key, read or made.
struct SigningKey: Sendable {
  let key: Certificate.PrivateKey
  /// Derived once: for an elliptic curve it costs as much as a signature.
  let publicKey: Certificate.PublicKey
  /// PKCS#8 PEM, ended by a line feed.
  let pem: Sensitive

  private init(_ key: Certificate.PrivateKey, pkcs8: String) {
    self.key = key
    publicKey = key.publicKey
    pem = Sensitive(pkcs8.hasSuffix("\n") ? pkcs8 : pkcs8 + "\n")
  }

  private init(_ key: P256.Signing.PrivateKey) {
    self.init(Certificate.PrivateKey(key), pkcs8: key.pemRepresentation)
  }

  private init(_ key: P384.Signing.PrivateKey) {
    self.init(Certificate.PrivateKey(key), pkcs8: key.pemRepresentation)
  }

  private init(_ key: P521.Signing.PrivateKey) {
    self.init(Certificate.PrivateKey(key), pkcs8: key.pemRepresentation)
  }

  private init(_ key: _RSA.Signing.PrivateKey) {
    self.init(Certificate.PrivateKey(key), pkcs8: key.pkcs8PEMRepresentation)
  }

  /// A new key from the system's generator; RSA takes from tenths of a second to seconds.
  static func generate(_ algorithm: KeyAlgorithm) throws -> Self {
    switch algorithm {
    case .ecdsaP256: Self(P256.Signing.PrivateKey())
    case .ecdsaP384: Self(P384.Signing.PrivateKey())
    case .rsa2048: Self(try _RSA.Signing.PrivateKey(keySize: .bits2048))
    case .rsa3072: Self(try _RSA.Signing.PrivateKey(keySize: .bits3072))
    case .rsa4096: Self(try _RSA.Signing.PrivateKey(keySize: .bits4096))
    }
  }

  /// Reads PKCS#8, PKCS#1 or SEC 1 PEM.
  ///
  /// What OpenSSL writes beside the key (curve parameters, attributes) is passed over. Returns nil for
  /// anything else, encrypted keys included: a parser's own message could quote what it read.
  init?(pem text: [UInt8]) {
    guard
      let documents = try? PEMDocument.parseMultiple(
        pemString: String(decoding: text, as: UTF8.self)
      )
    else { return nil }
    let keys = documents.filter { $0.discriminator.hasSuffix("PRIVATE KEY") }
    guard keys.count == 1, let document = keys.first,
      let key = try? Certificate.PrivateKey(pemDocument: document)
    else { return nil }
    if document.discriminator == "PRIVATE KEY" {
      self.init(key, pkcs8: document.pemString)
    } else if let rsa = try? _RSA.Signing.PrivateKey(derRepresentation: document.derBytes) {
      self.init(rsa)
    } else if let p256 = try? P256.Signing.PrivateKey(derRepresentation: document.derBytes) {
      self.init(p256)
    } else if let p384 = try? P384.Signing.PrivateKey(derRepresentation: document.derBytes) {
      self.init(p384)
    } else if let p521 = try? P521.Signing.PrivateKey(derRepresentation: document.derBytes) {
      self.init(p521)
    } else {
      return nil
    }
  }
}
