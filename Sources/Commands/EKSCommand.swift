// SPDX-License-Identifier: Apache-2.0

import AWS
import ArgumentParser
import FoundationEssentials
import Values

struct EKSCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eks",
    abstract: "What a worker of an EKS cluster needs to know: tokens, the cluster, how many pods.",
    subcommands: [EKSTokenCommand.self, EKSDiscoverCommand.self, EKSMaxPodsCommand.self]
  )
}

/// How AWS is asked.
struct AWSOptions: ParsableArguments {
  @Option(help: "The region; otherwise AWS_REGION, the profile's, the instance's.")
  var region: String?

  @Option(help: "The profile of the shared files; otherwise AWS_PROFILE.")
  var profile: String?

  @Flag(
    name: .customLong("require-imdsv2"),
    help: "Never ask instance metadata in its version 1."
  )
  var requireIMDSv2 = false

  /// Runs `body` with AWS as these options and the environment say.
  func with<Result: Sendable>(
    patience: Duration,
    _ body: (AWSContext) async throws -> Result
  ) async throws -> Result {
    var options = AWSContext.Options(region: region, profile: profile)
    options.metadata.allowsVersion1 = !requireIMDSv2
    options.metadata.patience = patience
    return try await AWSContext.with(
      options,
      environment: ProcessInfo.processInfo.environment,
      body
    )
  }
}

struct EKSTokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "Print a token for kubectl and kubelets, as an exec credential plugin does.",
    discussion: "The API version is the one that the caller asks for in KUBERNETES_EXEC_INFO."
  )

  @OptionGroup var aws: AWSOptions

  @Option(name: [.customLong("cluster-name"), .customLong("cluster")], help: "The cluster's name.")
  var cluster: String

  @Option(help: ArgumentHelp("A role to take on first.", valueName: "arn"))
  var roleARN: String?

  func run() async throws {
    let command = self
    try await execute { console in
      let credential = try await command.aws.with(patience: .seconds(5)) {
        try await $0.execCredential(cluster: command.cluster, role: command.roleARN)
      }
      if let warning = credential.warning { await console.say(warning) }
      await console.out(credential.json.revealText())
    }
  }
}

struct EKSDiscoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "discover",
    abstract:
      "Print what can be found out about the cluster, this host and who asks, and from where."
  )

  @OptionGroup var aws: AWSOptions

  @Option(help: "The cluster's name; otherwise the instance's tag says it.")
  var cluster: String?

  @Option(help: ArgumentHelp("Its endpoint; with the CA no API is asked for it.", valueName: "url"))
  var endpoint: String?

  @Option(help: ArgumentHelp("Its certificate authority, base64.", valueName: "text"))
  var certificateAuthority: String?

  @Option(help: ArgumentHelp("How long metadata may be late.", valueName: "seconds"))
  var patience: Int = 30

  @Option(name: .shortAndLong, help: "text or json.")
  var output: OutputFormat = .text

  func run() async throws {
    let command = self
    try await execute { console in
      let known = ClusterDiscovery.Known(
        cluster: command.cluster,
        endpoint: command.endpoint,
        certificateAuthority: command.certificateAuthority
      )
      let found = try await command.aws.with(patience: .seconds(max(0, command.patience))) {
        try await ClusterDiscovery(known, context: $0).findings + $0.identity()
      }
      switch command.output {
      case .json: await console.out(try jsonText(found))
      case .text:
        await console.out(
          table(
            [["WHAT", "VALUE", "FROM"]]
              + found.map {
                [$0.name, $0.value ?? "unknown: \($0.problem ?? "")", $0.source]
              }
          )
        )
      }
    }
  }
}

struct EKSMaxPodsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "max-pods",
    abstract: "Print how many pods an instance type can hold, and how the number comes about.",
    discussion: """
      The number alone goes to standard output, its explanation to standard error. --refresh prints \
      the table of instance types as EC2 describes them now.
      """
  )

  @OptionGroup var aws: AWSOptions

  @Option(help: "The instance type; otherwise this instance's.")
  var instanceType: String?

  @Flag(help: "Prefixes of 16 addresses a slot.")
  var prefixDelegation = false

  @Flag(help: "The first interface is not for pods.")
  var customNetworking = false

  @Option(help: "Keep to 110 or 250 pods: automatic (with prefixes only), always or never.")
  var cap: MaxPods.Cap = .automatic

  @Option(help: "automatic, table (no request) or ec2.")
  var source: AWSContext.TypeSource = .automatic

  @Flag(help: "Print EC2's table instead.")
  var refresh = false

  func run() async throws {
    let command = self
    try await execute { console in
      try await command.aws.with(patience: .seconds(5)) { context in
        if command.refresh {
          await console.out(try await context.instanceTypeTable().text)
          return
        }
        let pods = try await context.maxPods(
          instanceType: command.instanceType,
          settings: MaxPods.Settings(
            prefixDelegation: command.prefixDelegation,
            customNetworking: command.customNetworking,
            cap: command.cap
          ),
          source: command.source
        )
        for line in pods.explanation { await console.say(line) }
        await console.out(String(pods.value))
      }
    }
  }
}

extension AWSContext.TypeSource: ExpressibleByArgument {}
extension MaxPods.Cap: ExpressibleByArgument {}
