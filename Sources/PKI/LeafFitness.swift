// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import X509

/// Whether a leaf certificate is what is asked for.
enum LeafFitness {
  /// Why `leaf` does not do; empty when it does.
  ///
  /// Names and usages have to be just those asked for where we sign. Another's authority may have
  /// policies that add some, but never groups: those are rights.
  static func faults(
    of leaf: ParsedCertificate,
    saying facts: CertificateFacts,
    for request: LeafRequest,
    publicKey: Certificate.PublicKey,
    authority: Authority,
    signedHere: Bool,
    now: Date
  ) -> [String] {
    var faults: [String] = []
    if leaf.certificate.publicKey != publicKey { faults.append("it belongs to another key") }
    if !leaf.isSigned(by: authority.certificate.certificate) {
      faults.append("the \(authority.name.rawValue) authority did not sign it")
    }
    if facts.isAuthority { faults.append("it is an authority's certificate") }
    if facts.commonName != request.subject.commonName
      || Set(facts.organizations) != Set(request.subject.organizations)
    {
      faults.append("its subject is \(facts.subject) instead of \(request.subject)")
    }
    let wanted = Set(request.names.map(\.description))
    let present = Set(facts.names)
    if !wanted.isSubset(of: present) || signedHere && wanted != present {
      let missing = wanted.subtracting(present).sorted().map { "+\($0)" }
      let surplus = signedHere ? present.subtracting(wanted).sorted().map { "-\($0)" } : []
      faults.append("its names change: \((missing + surplus).joined(separator: " "))")
    }
    if !request.usages.isSubset(of: facts.usages) || signedHere && request.usages != facts.usages {
      faults.append("its usages change")
    }
    if facts.notAfter <= now { faults.append("it expired on \(facts.notAfter.ISO8601Format())") }
    return faults
  }
}
