// SPDX-License-Identifier: Apache-2.0

import Values

/// What a cluster needs of each role.
enum RoleRules {
  static let all = [
    Rule(
      doc: "At least one host has the role etcd, and one control-plane, unless EKS is the control "
        + "plane.",
      check: present
    ),
    Rule(doc: "A cluster without workers is warned of.", check: workers),
    Rule(
      doc:
        "At most 7 hosts have the role etcd; an even number is warned of, because it survives no "
        + "more failures than one less.",
      check: quorum
    ),
  ]

  private static let hosts = SpecPath("spec", "hosts")

  /// How many hosts have the role; nil while that cannot be told.
  private static func count(_ role: Role, _ spec: ClusterSpec, _ reading: Reading) -> Int? {
    let sound = reading.hosts(of: spec, with: "roles").count
    guard reading.isSound(hosts), sound == spec.hosts.count else { return nil }
    return spec.hosts(with: role).count
  }

  @Sendable private static func present(_ spec: ClusterSpec, _ reading: inout Reading) {
    guard spec.controlPlane.eks == nil else { return }
    for role in [Role.etcd, .controlPlane] where count(role, spec, reading) == 0 {
      reading.error(hosts, "no host has the role \(role.rawValue)")
    }
  }

  @Sendable private static func workers(_ spec: ClusterSpec, _ reading: inout Reading) {
    guard count(.worker, spec, reading) == 0 else { return }
    reading.warning(hosts, "no host has the role worker: no pod will run")
  }

  @Sendable private static func quorum(_ spec: ClusterSpec, _ reading: inout Reading) {
    guard let members = count(.etcd, spec, reading) else { return }
    if members > 7 {
      reading.error(hosts, "\(members) hosts have the role etcd: 7 are the most that work well")
    } else if members > 0, members.isMultiple(of: 2) {
      let failures = ["no failure", "1 failure", "2 failures"][(members - 1) / 2]
      reading.warning(
        hosts,
        "\(members) members of etcd survive \(failures), no more than \(members - 1) would: use an odd number"
      )
    }
  }
}
