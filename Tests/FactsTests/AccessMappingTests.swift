// SPDX-License-Identifier: Apache-2.0

import Facts
import Testing
import Values

/// How somebody is let in.
struct AccessMappingTests {
  @Test(
    "an administrator's entries, by what the credentials are of",
    arguments: [
      (
        "arn:aws:sts::123456789012:assumed-role/dev/me",
        [
          "- rolearn: arn:aws:iam::123456789012:role/dev\n  username: dev:{{SessionName}}\n  groups:\n"
            + "  - system:masters",
          "aws eks create-access-entry --cluster-name prod --principal-arn arn:aws:iam::123456789012:role/dev"
            + " --region eu-west-1",
          "aws eks associate-access-policy --cluster-name prod --principal-arn"
            + " arn:aws:iam::123456789012:role/dev --access-scope 'type=cluster' --policy-arn"
            + " arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy --region eu-west-1",
        ]
      ),
      (
        "arn:aws-cn:iam::123456789012:user/a/ops",
        [
          "- userarn: arn:aws-cn:iam::123456789012:user/a/ops\n  username: ops\n",
          "--policy-arn arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        ]
      ),
      ("arn:aws:iam::123456789012:root", ["a role or user of IAM"]),
    ] as [(String, [String])]
  )
  func entries(_ arn: String, _ says: [String]) throws {
    let mapping = AccessMapping(cluster: "prod", region: "eu-west-1", part: .administrator)
    let text = mapping.text(for: try #require(CallerARN(arn)))
    for part in says { #expect(text.contains(part), "\(text)") }
  }
}
