// SPDX-License-Identifier: Apache-2.0

package import Values

/// How somebody is made known to a cluster of EKS: the two ways, ready to copy.
package struct AccessMapping: Sendable, Equatable {
  /// What the cluster is to take them for.
  package enum Part: Sendable {
    case node
    case administrator
  }

  package var cluster: String
  /// Nil: the one that the AWS CLI has by itself.
  package var region: String?
  package var part: Part

  package init(cluster: String, region: String?, part: Part) {
    self.cluster = cluster
    self.region = region
    self.part = part
  }

  static let nodePrefix = "system:node:"

  /// The entries for `caller`.
  package func text(for caller: CallerARN) -> String {
    switch caller.principal {
    case .assumedRole(let role, _):
      let arn = caller.roleARN ?? caller.description
      return """
        make the role known, in one of two ways. In mapRoles of the ConfigMap aws-auth in kube-system:
        - rolearn: \(arn)
        \(mapped(as: part == .node ? "\(Self.nodePrefix){{EC2PrivateDNSName}}" : "\(role):{{SessionName}}"))
        \(entry(arn))
        A role's path is not in what STS says: aws-auth wants it left out, an access entry wants the whole ARN\
         (aws iam get-role --role-name \(Shell.quote(role)) --query Role.Arn).
        """
    case .user(let path):
      let name = path.split(separator: "/").last.map(String.init) ?? path
      return """
        make the user known, in one of two ways. In mapUsers of the ConfigMap aws-auth in kube-system:
        - userarn: \(caller)
        \(mapped(as: name))
        \(entry(caller.description))
        """
    case .other:
      return "use the credentials of a role or user of IAM: clusters know no others"
    }
  }

  private func mapped(as name: String) -> String {
    let groups =
      part == .node ? ["system:bootstrappers", "system:nodes"] : ["system:masters"]
    return "  username: \(name)\n  groups:" + groups.map { "\n  - \($0)" }.joined()
  }

  private func entry(_ arn: String) -> String {
    let type = part == .node ? ["--type", "EC2_LINUX"] : []
    let commands =
      [command("create-access-entry", arn, type)]
      + (part == .node ? [] : [policyCommand(arn, partition: arn.split(separator: ":")[1])])
    return "or, where the cluster's authentication mode has API in it:\n"
      + commands.joined(separator: "\n")
  }

  /// The command that gives an access entry an administrator's rights.
  package func policyCommand(_ arn: String, partition: some StringProtocol) -> String {
    command(
      "associate-access-policy",
      arn,
      [
        "--access-scope", "type=cluster", "--policy-arn",
        "arn:\(partition):eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      ]
    )
  }

  private func command(_ action: String, _ arn: String, _ more: [String]) -> String {
    Shell.command(
      ["aws", "eks", action, "--cluster-name", cluster, "--principal-arn", arn] + more
        + (region.map { ["--region", $0] } ?? [])
    )
  }
}
