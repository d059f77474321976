// SPDX-License-Identifier: Apache-2.0

import Values

/// The registry in which a region has EKS's own images (pause, kube-proxy, the VPC CNI).
package enum EKSRegistry {
  /// `602401143452.dkr.ecr.eu-west-1.amazonaws.com`; nil where it is not published which one it is.
  package static func host(in region: String) -> String? {
    let partition = AWSPartition.of(region: region)
    guard let account = accounts[region] ?? (partition == .standard ? usualAccount : nil) else {
      return nil
    }
    return "\(account).dkr.ecr.\(region).\(partition.suffix)"
  }

  /// Source: Amazon EKS User Guide, "View Amazon container image registries for Amazon EKS add-ons".
  private static let usualAccount = "602401143452"

  /// Regions that are switched on one by one, and other partitions, have accounts of their own.
  ///
  /// Same source; of the isolated partitions aws/eks-hybrid, internal/aws/ecr.
  private static let accounts = [
    "af-south-1": "877085696533", "ap-east-1": "800184023465",
    "ap-east-2": "533267051163", "ap-south-2": "900889452093",
    "ap-southeast-3": "296578399912", "ap-southeast-4": "491585149902",
    "ap-southeast-5": "151610086707", "ap-southeast-6": "333609536671",
    "ap-southeast-7": "121268973566",
    "ca-west-1": "761377655185", "cn-north-1": "918309763551", "cn-northwest-1": "961992271922",
    "eu-central-2": "900612956339", "eu-isoe-west-1": "249663109785",
    "eu-south-1": "590381155156", "eu-south-2": "455263428931",
    "il-central-1": "066635153087", "me-central-1": "759879836304", "me-south-1": "558608220178",
    "mx-central-1": "730335286997",
    "us-gov-east-1": "151742754352", "us-gov-west-1": "013241004608",
    "us-iso-east-1": "725322719131", "us-iso-west-1": "608367168043",
    "us-isob-east-1": "187977181151", "us-isof-south-1": "676585237158",
  ]
}
