// SPDX-License-Identifier: Apache-2.0

package import Spec
import Values
import X509

/// The cluster's key material in a folder: made once, kept, never silently made again.
///
/// A key is on the disk before the certificate for it is signed. So a run that was interrupted at any
/// byte is finished by the next one, which takes up every key and certificate that is there.
package struct PKIStore: Sendable {
  private let files: PKIFiles
  private let issuance: Issuance

  /// - Parameters:
  ///   - directory: the folder, `SPEC-FOLDER/.kubewright/NAME/pki`; `ensure` makes it, its parent has
  ///     to exist.
  ///   - issuance: the time and chance.
  package init(directory: String, issuance: Issuance = .system) {
    files = PKIFiles(root: directory)
    self.issuance = issuance
  }

  /// Makes what is missing, and issues certificates again that expired or no longer match.
  ///
  /// Keys stay. The algorithm and the lifetimes of the spec are for what is made new.
  /// - Parameters:
  ///   - cluster: what the certificates have to match.
  ///   - dryRun: nothing is written. What is missing is made for the returned bundle only, so that a
  ///     plan can be rendered; certificates that another has to sign are stand-ins.
  /// - Returns: everything, and what was made of it now.
  /// - Throws: `Failure` (`state`) when a file is damaged or cannot be written, an authority does not
  ///   do, or certificates wait for another's signature; their requests have been written then.
  package func ensure(cluster: ClusterSpec, dryRun: Bool) async throws -> PKIOutcome {
    if !dryRun { try files.prepare() }
    var run = PKIRun(cluster: cluster, files: files, issuance: issuance, writes: !dryRun)
    return try await run.complete()
  }

  /// What the folder holds of what `cluster` needs.
  ///
  /// It makes nothing, and checks no more than that keys and certificates belong together. Leaves that
  /// are missing are missing in the bundle, and so is the key of the user's own authority.
  /// - Throws: `Failure` (`state`) when nothing was ever made, or a file is damaged.
  package func load(cluster: ClusterSpec) async throws -> PKIOutcome {
    let reading = PKIReading(files: files)
    var authorities: [AuthorityName: Credential] = [:]
    for name in AuthorityName.allCases {
      guard let certificate = try reading.certificate(PKIPath.certificate(name)) else { continue }
      authorities[name] = Credential(
        certificate: certificate.pem,
        key: try reading.key(PKIPath.key(name))?.pem
      )
    }
    let serviceAccount = try reading.key(PKIPath.serviceAccountKey)
    guard serviceAccount != nil || !authorities.isEmpty else {
      throw Failure(
        .state,
        "there are no credentials in \(files.root)",
        remedy: "run `kubewright up` first, from where the cluster's state folder is"
      )
    }
    let leaves = try await PKIProfile.leaves(for: cluster).map(\.name).concurrentMap {
      name -> (LeafName, Credential)? in
      guard let certificate = try reading.certificate(PKIPath.certificate(name)) else {
        return nil
      }
      let key = try reading.key(PKIPath.key(name))
      if let key, key.publicKey != certificate.certificate.publicKey {
        throw Failure(
          .state,
          "\(files.absolute(PKIPath.certificate(name))) belongs to another key",
          remedy: "run `kubewright up`, which issues it again"
        )
      }
      return (name, Credential(certificate: certificate.pem, key: key?.pem))
    }
    return PKIOutcome(
      bundle: PKIBundle(
        authorities: authorities,
        leaves: Dictionary(uniqueKeysWithValues: leaves.compactMap(\.self)),
        serviceAccountPublicKey: try serviceAccount?.publicKeyPEM ?? "",
        serviceAccountKey: serviceAccount?.pem ?? Sensitive(""),
        encryptionKeys: try reading.encryptionKeys()
      ),
      changes: []
    )
  }
}
