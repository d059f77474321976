// SPDX-License-Identifier: Apache-2.0

import Values

/// The three services that a node needs.
package enum Service: String, Sendable, CaseIterable {
  case eks
  case ec2
  case sts

  /// The variable that names this service's endpoint alone.
  var endpointVariable: String { "AWS_ENDPOINT_URL_\(rawValue.uppercased())" }

  /// Its regional endpoint, or the one that the environment names.
  ///
  /// AWS_ENDPOINT_URL_EKS goes before AWS_ENDPOINT_URL; AWS_IGNORE_CONFIGURED_ENDPOINT_URLS switches
  /// both off. AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT choose among the region's own. Nil where
  /// the environment's is no URL.
  package func endpoint(in region: Region, environment: [String: String]) -> Endpoint? {
    func isOn(_ name: String) -> Bool { environment[name]?.lowercased() == "true" }
    if !isOn("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") {
      for name in [endpointVariable, "AWS_ENDPOINT_URL"] {
        if let text = environment[name], !text.isEmpty { return Endpoint(text) }
      }
    }
    return Endpoint(
      host: hostName(
        in: region,
        isFIPS: isOn("AWS_USE_FIPS_ENDPOINT"),
        isDualStack: isOn("AWS_USE_DUALSTACK_ENDPOINT")
      )
    )
  }

  /// The name of the region's own endpoint.
  ///
  /// Source: botocore 1.43.11, data/{eks,ec2,sts}/*/endpoint-rule-set-1.json.
  private func hostName(in region: Region, isFIPS: Bool, isDualStack: Bool) -> String {
    let partition = region.partition
    let place = "\(region).\(isDualStack ? partition.dualStackSuffix : partition.suffix)"
    guard isFIPS else { return "\(rawValue).\(place)" }
    if !isDualStack {
      // GovCloud's usual endpoints are the validated ones.
      if partition.name == "aws-us-gov" { return "\(rawValue).\(place)" }
      if partition == .standard, self == .eks { return "fips.eks.\(place)" }
    }
    return "\(rawValue)-fips.\(place)"
  }
}
