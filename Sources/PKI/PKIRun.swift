// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Spec
import SwiftASN1
import Values
import X509

/// One run of `PKIStore.ensure`.
struct PKIRun {
  let cluster: ClusterSpec
  let files: PKIFiles
  let issuance: Issuance
  let writes: Bool
  var changes: [PKIChange] = []

  init(cluster: ClusterSpec, files: PKIFiles, issuance: Issuance, writes: Bool) {
    self.cluster = cluster
    self.files = files
    self.issuance = issuance
    self.writes = writes
  }

  var reading: PKIReading { PKIReading(files: files) }

  mutating func complete() async throws -> PKIOutcome {
    let authorities = try await completeAuthorities()
    let serviceAccount = try completeServiceAccount()
    let encryption = try completeEncryptionKeys()
    let leaves = try await completeLeaves(authorities)
    return PKIOutcome(
      bundle: PKIBundle(
        authorities: authorities.mapValues(\.credential),
        leaves: leaves,
        serviceAccountPublicKey: try serviceAccount.publicKeyPEM,
        serviceAccountKey: serviceAccount.pem,
        encryptionKeys: encryption
      ),
      changes: changes
    )
  }

  func commit(_ files: [NewFile]) throws {
    if writes { try self.files.commit(files) }
  }

  private mutating func completeServiceAccount() throws -> SigningKey {
    if let key = try reading.key(PKIPath.serviceAccountKey) { return key }
    let key = try SigningKey.generate(cluster.pki.algorithm)
    try commit([.secret(PKIPath.serviceAccountKey, key.pem)])
    changes.append(.newServiceAccountKey(cluster.pki.algorithm))
    return key
  }

  /// A provider that encrypts needs one key; keys that are there stay, whatever the provider: secrets
  /// in etcd may still be encrypted with them.
  private mutating func completeEncryptionKeys() throws -> [EncryptionKey] {
    let present = try reading.encryptionKeys()
    guard present.isEmpty, cluster.secretsEncryption.provider != .identity else { return present }
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let key = EncryptionKey(name: "key1", secret: Sensitive(Data(bytes).base64EncodedString()))
    try commit([
      .secret(
        "\(PKIPath.encryption)/\(key.name).key",
        Sensitive(key.secret.reveal() + [10])
      )
    ])
    changes.append(.newEncryptionKey(key.name))
    return [key]
  }
}

extension SigningKey {
  /// SubjectPublicKeyInfo PEM, ended by a line feed.
  var publicKeyPEM: String {
    get throws { try publicKey.serializeAsPEM().pemString + "\n" }
  }
}
