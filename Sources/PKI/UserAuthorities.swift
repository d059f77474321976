// SPDX-License-Identifier: Apache-2.0

import Values

/// A folder of the user's own authorities, under our names or under kubeadm's.
///
/// It is only read; the keys in it stay there.
struct UserAuthorities: Sendable {
  let folder: String

  struct Entry: Sendable {
    var certificate: ParsedCertificate
    var certificatePath: String
    var key: SigningKey?
  }

  /// The authorities in the folder; one that is not among them is ours to make.
  /// - Throws: `Failure` (`state`) when there is none at all, a file is damaged, a key has no certificate
  ///   or another's.
  func read() throws -> [AuthorityName: Entry] {
    var found: [AuthorityName: Entry] = [:]
    for name in AuthorityName.allCases {
      for base in Self.bases(of: name) where found[name] == nil {
        found[name] = try entry("\(folder)/\(base)")
      }
    }
    guard !found.isEmpty else {
      throw Failure(
        .state,
        "\(folder) holds no authority",
        remedy: "put ca.crt there (etcd-ca.crt, front-proxy-ca.crt), with ca.key beside it if "
          + "certificates are to be signed here; or remove pki.userAuthorities from the spec"
      )
    }
    return found
  }

  private static func bases(of name: AuthorityName) -> [String] {
    switch name {
    case .cluster: ["ca"]
    case .etcd: ["etcd-ca", "etcd/ca"]
    case .frontProxy: ["front-proxy-ca"]
    }
  }

  private func entry(_ base: String) throws -> Entry? {
    let certificatePath = "\(base).crt"
    let keyPath = "\(base).key"
    let key = try PKIFiles.read(keyPath).map { try PKIReading.key($0, path: keyPath) }
    guard let bytes = try PKIFiles.read(certificatePath) else {
      guard key == nil else {
        throw Failure(
          .state,
          "\(certificatePath) is missing",
          why: "its key \(keyPath) is there",
          remedy: "put the certificate beside the key"
        )
      }
      return nil
    }
    return Entry(
      certificate: try PKIReading.certificate(bytes, path: certificatePath),
      certificatePath: certificatePath,
      key: key
    )
  }
}
