// SPDX-License-Identifier: Apache-2.0

/// A set of AWS regions that has accounts, ARNs and host names of its own.
package struct AWSPartition: Sendable, Hashable {
  /// As ARNs have it in their second field: `aws-cn`.
  package let name: String
  /// What its host names end in: `amazonaws.com.cn`.
  package let suffix: String
  /// What those of its host names end in that have IPv6 addresses, too.
  package let dualStackSuffix: String
  /// What the names of its regions begin with; empty for the standard one, which has all others.
  let regionPrefix: String

  /// The partition that a region of this name belongs to.
  package static func of(region: some StringProtocol) -> Self {
    others.first { region.hasPrefix($0.regionPrefix) } ?? .standard
  }

  package static let standard = Self(
    name: "aws",
    suffix: "amazonaws.com",
    dualStackSuffix: "api.aws",
    regionPrefix: ""
  )

  /// All that there are, the standard one first.
  ///
  /// Source: botocore 1.43.11, data/partitions.json.
  package static let all = [.standard] + others

  private static let others = [
    Self(
      name: "aws-cn",
      suffix: "amazonaws.com.cn",
      dualStackSuffix: "api.amazonwebservices.com.cn",
      regionPrefix: "cn-"
    ),
    Self(
      name: "aws-us-gov",
      suffix: "amazonaws.com",
      dualStackSuffix: "api.aws",
      regionPrefix: "us-gov-"
    ),
    Self(
      name: "aws-iso",
      suffix: "c2s.ic.gov",
      dualStackSuffix: "api.aws.ic.gov",
      regionPrefix: "us-iso-"
    ),
    Self(
      name: "aws-iso-b",
      suffix: "sc2s.sgov.gov",
      dualStackSuffix: "api.aws.scloud",
      regionPrefix: "us-isob-"
    ),
    Self(
      name: "aws-iso-e",
      suffix: "cloud.adc-e.uk",
      dualStackSuffix: "api.cloud-aws.adc-e.uk",
      regionPrefix: "eu-isoe-"
    ),
    Self(
      name: "aws-iso-f",
      suffix: "csp.hci.ic.gov",
      dualStackSuffix: "api.aws.hci.ic.gov",
      regionPrefix: "us-isof-"
    ),
    Self(
      name: "aws-eusc",
      suffix: "amazonaws.eu",
      dualStackSuffix: "api.amazonwebservices.eu",
      regionPrefix: "eusc-"
    ),
  ]
}
