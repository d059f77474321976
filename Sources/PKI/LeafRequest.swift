// SPDX-License-Identifier: Apache-2.0

/// What a leaf certificate has to be.
package struct LeafRequest: Sendable, Equatable {
  package var name: LeafName
  /// Who signs it.
  package var authority: AuthorityName
  package var subject: LeafSubject
  /// Distinct, in the order in which the certificate holds them; empty for a pure client.
  package var names: [SubjectName]
  package var usages: Set<LeafUsage>

  package init(
    name: LeafName,
    authority: AuthorityName,
    subject: LeafSubject,
    names: [SubjectName] = [],
    usages: Set<LeafUsage>
  ) {
    self.name = name
    self.authority = authority
    self.subject = subject
    self.names = names
    self.usages = usages
  }
}

/// Whom a certificate stands for. Kubernetes reads the common name as the user and the organizations as
/// the groups: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#x509-client-certs
package struct LeafSubject: Sendable, Hashable, CustomStringConvertible {
  package var commonName: String
  package var organizations: [String]

  package init(_ commonName: String, organizations: [String] = []) {
    self.commonName = commonName
    self.organizations = organizations
  }

  /// `O=system:nodes, CN=system:node:worker-1`.
  package var description: String {
    (organizations.map { "O=\($0)" } + ["CN=\(commonName)"]).joined(separator: ", ")
  }
}

/// What a leaf may be used for: its extended key usages.
package enum LeafUsage: String, Sendable, CaseIterable {
  case server
  case client
}
