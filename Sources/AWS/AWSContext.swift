// SPDX-License-Identifier: Apache-2.0

import Values

/// AWS as one run of the program sees it: the environment, the credentials, instance metadata, and the
/// clients of a region.
///
/// The commands `eks token`, `eks discover` and `eks max-pods` are one call each.
package struct AWSContext: Sendable {
  /// What the command line says.
  package struct Options: Sendable, Equatable {
    /// Nil: AWS_REGION, AWS_DEFAULT_REGION, the profile's, the instance's.
    package var region: String?
    /// Nil: AWS_PROFILE, or `default`.
    package var profile: String?
    package var metadata: InstanceMetadata.Options
    package var retry: RetryPolicy

    package init(
      region: String? = nil,
      profile: String? = nil,
      metadata: InstanceMetadata.Options = .init(),
      retry: RetryPolicy = .init()
    ) {
      self.region = region
      self.profile = profile
      self.metadata = metadata
      self.retry = retry
    }
  }

  package let surroundings: Surroundings
  package let metadata: InstanceMetadata
  package let credentials: CredentialProvider
  private let options: Options
  private let configuration: SharedConfiguration

  /// Runs `body` with a context over the network, and closes the connections afterwards.
  /// - Throws: what `body` throws; `Failure` (`invalidInput`) for a wrong environment or shared file.
  package static func with<Result: Sendable>(
    _ options: Options = Options(),
    environment: [String: String],
    _ body: (AWSContext) async throws -> Result
  ) async throws -> Result {
    let settings = try ProxySettings(environment: environment)
    let configuration = try SharedConfiguration(
      profile: options.profile,
      surroundings: Surroundings(environment: environment, exchange: NoExchange())
    )
    let trust = NetworkExchange.trust(environment: configuration.settings(over: environment))
    return try await NetworkExchange.with(settings: settings, trust: trust) { exchange in
      let surroundings = Surroundings(environment: environment, exchange: exchange)
      let context = try AWSContext(options, surroundings: surroundings)
      do {
        return try await body(context)
      } catch let error as ServiceError {
        throw await context.named(error).failure
      }
    }
  }

  /// - Throws: `Failure` (`invalidInput`) for a wrong environment or shared file.
  package init(_ options: Options = Options(), surroundings given: Surroundings) throws {
    self.options = options
    let configuration = try SharedConfiguration(profile: options.profile, surroundings: given)
    let surroundings = given.with(
      environment: configuration.settings(over: given.environment)
    )
    self.surroundings = surroundings
    let metadata = try InstanceMetadata(options.metadata, surroundings: surroundings)
    self.configuration = configuration
    self.metadata = metadata
    let chain = CredentialChain(
      surroundings: surroundings,
      configuration: configuration,
      metadata: metadata,
      region: {
        try await Self.region(
          options.region,
          surroundings: surroundings,
          configuration: configuration,
          metadata: metadata
        ).value
      }
    )
    credentials = CredentialProvider(timing: surroundings.timing) {
      try await chain.credentials()
    }
  }

  /// The region to work in, and who said so.
  /// - Throws: `Failure` (`invalidInput`, `preflight`).
  package func region() async throws -> Found<Region> {
    try await Self.region(
      options.region,
      surroundings: surroundings,
      configuration: configuration,
      metadata: metadata
    )
  }

  private static func region(
    _ option: String?,
    surroundings: Surroundings,
    configuration: SharedConfiguration,
    metadata: InstanceMetadata
  ) async throws -> Found<Region> {
    let said: [(String?, String)] = [
      (option, "given"),
      (surroundings.variable("AWS_REGION"), "AWS_REGION"),
      (surroundings.variable("AWS_DEFAULT_REGION"), "AWS_DEFAULT_REGION"),
      (configuration.region, "the profile \(configuration.profile)"),
    ]
    for case (let name?, let source) in said {
      guard let region = Region(name) else {
        throw Failure(
          .invalidInput,
          "the region (\(source)) is not a region's name",
          remedy: "write it like us-west-2; an availability zone has a letter more"
        )
      }
      return Found(region, source)
    }
    do {
      let folder = "/latest/meta-data/placement"
      if let region = try await metadata.text("\(folder)/region").flatMap({ Region($0) }) {
        return Found(region, "instance metadata (placement/region)")
      }
      if let zone = try await metadata.text("\(folder)/availability-zone"),
        let region = Region(ofZone: zone)
      {
        return Found(region, "the availability zone \(zone)")
      }
    } catch let failure as Failure where [.unreachable, .preflight].contains(failure.kind) {
      throw Failure(
        .preflight,
        "which AWS region?",
        why: failure.kind == .preflight ? failure.description : failure.why ?? failure.what,
        remedy: "give the region, or set AWS_REGION"
      )
    }
    throw Failure(.preflight, "which AWS region?", remedy: "give the region, or set AWS_REGION")
  }

  /// What the instance knows of itself; nil where this is none.
  /// - Throws: `Failure` where metadata refuses.
  package func instance() async throws -> InstanceFacts? {
    if metadata.disabled != nil { return nil }
    do {
      return try await InstanceFacts(metadata)
    } catch let failure as Failure where failure.kind == .unreachable {
      return nil
    }
  }

  /// - Throws: `Failure` for an endpoint in the environment that is no URL.
  package func eks(_ region: Region) throws -> EKS { EKS(try client(.eks, region)) }

  /// - Throws: `Failure` for an endpoint in the environment that is no URL.
  package func ec2(_ region: Region) throws -> EC2 { EC2(try client(.ec2, region)) }

  /// - Throws: `Failure` for an endpoint in the environment that is no URL.
  package func sts(_ region: Region) throws -> STS { STS(try client(.sts, region)) }

  private func client(_ service: Service, _ region: Region) throws -> ServiceClient {
    try ServiceClient(
      service,
      in: region,
      credentials: credentials,
      surroundings: surroundings,
      retry: options.retry
    )
  }
}
