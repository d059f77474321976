// SPDX-License-Identifier: Apache-2.0

import Components
import Facts
import Spec
import Values

extension Preflight {
  /// What an instance lacks to join a cluster of EKS.
  static func eksFaults(
    of host: HostSpec,
    in cluster: ClusterSpec,
    facts: HostFacts,
    problem: String?
  ) -> [Failure] {
    guard let eks = cluster.controlPlane.eks else { return [] }
    guard let instance = facts.instance else {
      return [
        Failure(
          .preflight,
          host: host.name,
          "its instance metadata says nothing of use",
          why: problem ?? "a worker of EKS takes its name, address and role from there",
          remedy: "it must be an EC2 instance with metadata switched on, and curl must be there"
        )
      ]
    }
    var faults: [Failure] = []
    if let named = eks.region, instance.region != named {
      faults.append(
        Failure(
          .preflight,
          host: host.name,
          "is in the region \(instance.region), and the cluster in \(named)",
          remedy: "correct spec.controlPlane.eks.region, or use an instance in the cluster's VPC"
        )
      )
    }
    if case .awsCLI = eks.authenticator, facts.tools["aws"] == nil {
      faults.append(
        Failure(
          .preflight,
          host: host.name,
          "has no program `aws`, which is to get its tokens",
          remedy: "install the AWS CLI there, or set spec.controlPlane.eks.authenticator to another"
        )
      )
    }
    return faults
  }
}
