// SPDX-License-Identifier: Apache-2.0

import Components
import Facts
import Values

/// The links from a host to its cluster of EKS, tried on the way of another program, which takes no connection
/// more.
struct LinkTrial: Sendable {
  private let host: String
  private let probe: JoinProbe
  private let membership: EKSMembership

  init(of host: String, _ membership: EKSMembership) {
    self.host = host
    self.membership = membership
    probe = JoinProbe(membership, nodeName: host, runtimeUnit: "")
  }

  /// To be run before the other program, and in a shell of its own: their functions have the same names.
  var program: String { "(\n\(probe.links(authority: membership.authority)))\n" }

  private static let end = "\nend\n"

  /// What is broken, and what the other program printed.
  /// - Throws: `Failure` (`preflight`) where the answer is not whole.
  func read(_ output: String) throws -> (faults: [Failure], rest: String) {
    guard let end = output.ranges(of: Self.end).first else {
      // Says so.
      _ = try JoinEvidence.parse(output)
      return ([], output)
    }
    let evidence = try JoinEvidence.parse(String(output[..<end.upperBound]))
    let faults = JoinDiagnosis.links(
      evidence,
      JoinExpectations(host: host, probe: probe, region: membership.region)
    )
    return (faults, String(output[end.upperBound...]))
  }
}
