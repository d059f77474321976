// SPDX-License-Identifier: Apache-2.0

import Components
package import Facts
package import Spec
package import Values

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
    if !eks.bringsItsOwnCredentials, let fault = profileFault(of: host.name, instance) {
      faults.append(fault)
    }
    return faults
  }

  /// What should be otherwise on an instance, and keeps it out of no cluster.
  package static func eksWarnings(cluster: ClusterSpec, facts: [String: HostFacts]) -> [Failure] {
    guard cluster.controlPlane.eks?.bringsItsOwnCredentials == true else { return [] }
    return cluster.hosts.compactMap { host in
      (facts[host.name]?.instance).flatMap { profileFault(of: host.name, $0) }
    }
  }

  /// An instance that is nobody for AWS.
  private static func profileFault(of host: String, _ instance: InstanceIdentity) -> Failure? {
    guard let profile = instance.profile, !profile.givesCredentials else { return nil }
    guard let code = profile.code else {
      let attach = [
        "aws", "ec2", "associate-iam-instance-profile", "--instance-id", instance.id,
        "--iam-instance-profile", "Name=PROFILE", "--region", instance.region,
      ]
      return Failure(
        .preflight,
        host: host,
        "its instance has no instance profile, so that it is nobody for AWS",
        why: "a node gets its tokens, and ECR's images, by the role of its instance",
        remedy:
          "attach one whose role has the policies AmazonEKSWorkerNodePolicy and"
          + " AmazonEC2ContainerRegistryReadOnly (and AmazonEKS_CNI_Policy, where aws-node has no role of"
          + " its own):\n\(Shell.command(attach))"
      )
    }
    let show = profile.name.map {
      ": " + Shell.command(["aws", "iam", "get-instance-profile", "--instance-profile-name", $0])
    }
    return Failure(
      .preflight,
      host: host,
      "its instance profile gives no role's credentials",
      why: "instance metadata say of \(profile.arn ?? "it"): \(code)",
      remedy: "see that the profile has one role, and that the role's trust policy lets"
        + " ec2.amazonaws.com assume it" + (show ?? "")
    )
  }
}

extension EKSSpec {
  /// Whether a program of the user's own gets the tokens: by what credentials is its own affair.
  fileprivate var bringsItsOwnCredentials: Bool {
    if case .program = authenticator { true } else { false }
  }
}
