// SPDX-License-Identifier: Apache-2.0

import AWS
package import Components
import FoundationEssentials
package import Spec
package import Values

/// How the operator enters a cluster of EKS: by tokens for the AWS credentials at hand.
package struct EKSEntrance: Sendable {
  /// `https://….eks.amazonaws.com`.
  package let endpoint: String
  /// PEM.
  package let authority: String
  private let tokens: Tokens

  /// - Parameters:
  ///   - membership: the cluster.
  ///   - spec: how AWS is asked.
  package init(_ membership: EKSMembership, spec: EKSSpec) {
    endpoint = membership.endpoint
    authority = membership.authority
    tokens = Tokens(cluster: membership.cluster, region: membership.region, spec: spec)
  }

  /// A token that is valid for a while.
  /// - Throws: `Failure`: no credentials, or AWS refuses them.
  package func token() async throws -> Sensitive { try await tokens.current() }
}

/// One token at a time, asked for anew before it ends.
private actor Tokens {
  private let cluster: String
  private let region: String
  private let spec: EKSSpec
  private var latest: (token: Sensitive, since: ContinuousClock.Instant)?

  /// A server takes a token for 15 minutes.
  private static let lifetime = Duration.seconds(600)

  init(cluster: String, region: String, spec: EKSSpec) {
    self.cluster = cluster
    self.region = region
    self.spec = spec
  }

  func current() async throws -> Sensitive {
    let now = ContinuousClock.now
    if let latest, now - latest.since < Self.lifetime { return latest.token }
    let cluster = cluster
    let token = try await spec.withAWS(region: region) {
      try await $0.token(cluster: cluster).token
    }
    latest = (token, now)
    return token
  }
}

extension EKSSpec {
  /// Runs `body` with AWS as the spec and the environment say.
  /// - Throws: what `body` throws; `Failure` (`invalidInput`) for a wrong environment or shared file.
  func withAWS<Result: Sendable>(
    region: String?,
    _ body: (AWSContext) async throws -> Result
  ) async throws -> Result {
    var environment = ProcessInfo.processInfo.environment
    let urls = [
      ("AWS_ENDPOINT_URL_EKS", endpoints.eks), ("AWS_ENDPOINT_URL_EC2", endpoints.ec2),
      ("AWS_ENDPOINT_URL_STS", endpoints.sts),
    ]
    for case (let name, let url?) in urls { environment[name] = url }
    var options = AWSContext.Options(region: self.region ?? region)
    options.metadata.allowsVersion1 = instanceMetadata == .any
    // Where the operator is on an instance, it has long been up.
    options.metadata.patience = .seconds(2)
    return try await AWSContext.with(options, environment: environment, body)
  }
}
