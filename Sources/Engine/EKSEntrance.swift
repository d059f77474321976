// SPDX-License-Identifier: Apache-2.0

import AWS
package import Components
import Facts
import FoundationEssentials
package import Spec
package import Values

/// How the operator enters a cluster of EKS: by tokens for the AWS credentials at hand.
package struct EKSEntrance: Sendable {
  /// `https://….eks.amazonaws.com`.
  package let endpoint: String
  /// PEM.
  package let authority: String
  private let cluster: String
  private let region: String
  private let account: Account

  /// - Parameters:
  ///   - membership: the cluster.
  ///   - spec: how AWS is asked.
  package init(_ membership: EKSMembership, spec: EKSSpec) {
    let (cluster, region) = (membership.cluster, membership.region)
    self.init(
      membership,
      token: {
        try await spec.withAWS(region: region) { try await $0.token(cluster: cluster).token }
      },
      caller: { try await spec.withAWS(region: region) { try await $0.caller() } }
    )
  }

  /// - Parameters:
  ///   - membership: the cluster.
  ///   - token: makes a new token.
  ///   - caller: asks AWS who we are.
  package init(
    _ membership: EKSMembership,
    token: @escaping @Sendable () async throws -> Sensitive,
    caller: @escaping @Sendable () async throws -> CallerARN
  ) {
    endpoint = membership.endpoint
    authority = membership.authority
    cluster = membership.cluster
    region = membership.region
    account = Account(make: token, ask: caller)
  }

  /// A token that is valid for a while.
  /// - Throws: `Failure`: no credentials, or AWS refuses them.
  package func token() async throws -> Sensitive { try await account.token() }

  /// How long the cluster has been refusing us; zero where it did not the last time.
  func refused() async -> Duration { await account.refused }

  /// Whether a refusal was not told yet; true once.
  func isToBeTold() async -> Bool { await account.isToBeTold() }

  /// Runs `body`, and says of a refusal by the cluster who was refused and how that is mended.
  /// - Throws: what `body` throws.
  func explaining<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
    do {
      let result = try await body()
      await account.wasLetIn()
      return result
    } catch let failure as Failure where failure.kind.isRefusal {
      await account.wasRefused()
      throw await explained(failure)
    }
  }

  private func explained(_ failure: Failure) async -> Failure {
    var why = failure.what + (failure.why.map { ": \($0)" } ?? "")
    let mapping = AccessMapping(cluster: cluster, region: region, part: .administrator)
    let isKnown = failure.kind == .forbidden
    let (who, remedy): (String, String)
    switch await account.caller() {
    case .success(let caller):
      who = caller.description
      remedy =
        isKnown
        ? "give it the right to: by a role of RBAC for a group of its mapping, or by an access policy:\n"
          + mapping.policyCommand(caller.roleARN ?? who, partition: caller.partition)
        : mapping.text(for: caller)
    case .failure(let error):
      who = "whose credentials these are"
      why += "\nwho that is could not be asked of STS: \(error.what)"
      remedy =
        "see who that is with `aws sts get-caller-identity`, and "
        + (isKnown ? "give them the right to" : "map them in aws-auth or as an access entry")
    }
    let what =
      isKnown
      ? "the cluster \(cluster) does not let \(who) do this"
      : "the cluster \(cluster) does not know \(who)"
    return Failure(failure.kind, what, why: why, remedy: remedy)
  }
}

/// One token at a time, asked for anew before it ends, and what came of it.
private actor Account {
  private let make: @Sendable () async throws -> Sensitive
  private let ask: @Sendable () async throws -> CallerARN
  private var latest: (token: Sensitive, since: ContinuousClock.Instant)?
  private var known: Result<CallerARN, Failure>?
  private var refusedSince: ContinuousClock.Instant?
  private var told = false

  /// A server takes a token for 15 minutes.
  private static let lifetime = Duration.seconds(600)
  /// A server keeps its no to a token for a while; another token is asked about anew.
  private static let lifetimeWhenRefused = Duration.seconds(2)

  init(
    make: @escaping @Sendable () async throws -> Sensitive,
    ask: @escaping @Sendable () async throws -> CallerARN
  ) {
    self.make = make
    self.ask = ask
  }

  func token() async throws -> Sensitive {
    let now = ContinuousClock.now
    let lifetime = refusedSince == nil ? Self.lifetime : Self.lifetimeWhenRefused
    if let latest, now - latest.since < lifetime { return latest.token }
    let token = try await make()
    latest = (token, now)
    return token
  }

  /// Asked once.
  func caller() async -> Result<CallerARN, Failure> {
    if let known { return known }
    let answer: Result<CallerARN, Failure>
    do {
      answer = .success(try await ask())
    } catch let failure as Failure {
      answer = .failure(failure)
    } catch {
      answer = .failure(Failure(.step, String(describing: error)))
    }
    known = answer
    return answer
  }

  var refused: Duration { refusedSince.map { ContinuousClock.now - $0 } ?? .zero }

  func wasRefused() { refusedSince = refusedSince ?? .now }

  func wasLetIn() { refusedSince = nil }

  func isToBeTold() -> Bool {
    defer { told = true }
    return !told
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
    for case (let name, let url?) in urls {
      environment[name] = url
      // What the spec says is not what a profile says, which somebody may have switched off.
      environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "false"
    }
    var options = AWSContext.Options(region: self.region ?? region)
    options.metadata.allowsVersion1 = instanceMetadata == .any
    // Where the operator is on an instance, it has long been up.
    options.metadata.patience = .seconds(2)
    return try await AWSContext.with(options, environment: environment, body)
  }
}
