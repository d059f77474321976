// SPDX-License-Identifier: Apache-2.0

package import Spec

/// The key material of a cluster, and what was made of it just now.
package struct PKIOutcome: Sendable, Equatable {
  package var bundle: PKIBundle
  /// Empty when everything was there already; in a dry run, what would be made.
  package var changes: [PKIChange]

  package init(bundle: PKIBundle, changes: [PKIChange]) {
    self.bundle = bundle
    self.changes = changes
  }
}

/// Something that `PKIStore` makes in the state folder; its description is a line of the plan.
package enum PKIChange: Sendable, Equatable, CustomStringConvertible {
  case newAuthority(AuthorityName, KeyAlgorithm)
  /// An interrupted run made the key.
  case certifiedAuthority(AuthorityName)
  /// The user's own, from this file.
  case adoptedAuthority(AuthorityName, path: String)
  case newServiceAccountKey(KeyAlgorithm)
  case newEncryptionKey(String)
  case newLeaf(LeafName, AuthorityName)
  case reissuedLeaf(LeafName, faults: [String])
  /// The authority's key is not here, so someone else has to sign.
  case awaitsSignature(LeafName, AuthorityName)

  package var description: String {
    switch self {
    case .newAuthority(let name, let algorithm):
      "\(name.rawValue) authority: new key (\(algorithm.rawValue)) and certificate"
    case .certifiedAuthority(let name):
      "\(name.rawValue) authority: certificate for the key that is there"
    case .adoptedAuthority(let name, let path): "\(name.rawValue) authority: yours, from \(path)"
    case .newServiceAccountKey(let algorithm):
      "service account key: new (\(algorithm.rawValue))"
    case .newEncryptionKey(let name): "secrets encryption key \(name): new"
    case .newLeaf(let name, let authority):
      "\(name): new certificate by the \(authority.rawValue) authority"
    case .reissuedLeaf(let name, let faults):
      "\(name): certificate issued again: \(faults.joined(separator: "; "))"
    case .awaitsSignature(let name, let authority):
      "\(name): request for the \(authority.rawValue) authority's signature"
    }
  }
}
