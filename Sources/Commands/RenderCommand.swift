// SPDX-License-Identifier: Apache-2.0

import AWS
import ArgumentParser
import Artifacts
import Components
import Engine
import Facts
import FoundationEssentials
import PKI
import Planner
import Resources
import Spec
import Values

struct RenderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Write every byte that each host should hold; no host is contacted.",
    discussion: """
      DIR/hosts/NAME/rootfs/… is as on the host, DIR/hosts/NAME/apply.sh is the program that up \
      would send. For EC2 instances that are to find out themselves who they are, apply.sh asks the \
      instance's metadata, and can be run at every boot; cloud-init writes it as user data: \
      DIR/hosts/NAME/user-data, compressed, and user-data.txt, to read. Facts come from the state \
      folder (recorded by plan or up), or from --facts.
      """
  )

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case tree
    case script
    case cloudInit = "cloud-init"
  }

  @OptionGroup var spec: SpecOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("Where to write.", valueName: "dir"))
  var output: String

  @Option(help: ArgumentHelp("Facts for all hosts that have none recorded.", valueName: "file"))
  var facts: String?

  @Option(help: "tree (files and programs), script (programs only) or cloud-init (user data).")
  var format: Format = .tree

  func run() async throws {
    let command = self
    try await execute { console in
      try await ClusterSession.with(command.spec, console) { session in
        // Credentials that do not exist yet are made and kept: what is rendered is the real thing.
        try await session.state.locked { try await command.render(session) }
      }
    }
  }

  private func render(_ session: ClusterSession) async throws {
    let cluster = session.cluster
    let contexts = try await session.recordedContexts(
      factsFile: facts,
      keepsCredentials: true,
      isLate: format != .tree
    )
    let (output, format) = (output, format)
    let sizes = try await contexts.concurrentMap {
      try await Self.render($0, to: output, as: format)
    }
    for size in sizes.compactMap(\.self) { await session.console.out(size) }
    await session.console.out("\(output)/hosts: \(counted(cluster.hosts.count, "host"))")
  }

  /// Writes what one host gets; for user data returns how large they are.
  private static func render(
    _ context: HostContext,
    to output: String,
    as format: Format
  ) async throws -> String? {
    let host = context.host
    let staged = try DesiredState.resources(for: context)
    let resources = staged.map(\.resource)
    let folder = "\(output)/hosts/\(host.name)"
    var inputs = try inputs(for: context)
    inputs.stageEnds = staged.indices.dropFirst().filter {
      staged[$0].stage != staged[$0 - 1].stage
    }
    if format == .cloudInit {
      let sizes = try await writeUserData(resources, inputs, context, in: folder)
      return "\(folder)/user-data: \(sizes)"
    }
    let program = try program(resources, inputs, context)
    try write(Array(program.utf8), to: "\(folder)/apply.sh", mode: 0o700)
    guard format == .tree else { return nil }
    for case .file(let file) in resources {
      try write(file.bytes, to: "\(folder)/rootfs\(file.path)", mode: file.mode.bits)
    }
    return nil
  }

  /// How a host that is an EC2 instance finds out what only it knows.
  private static func inputs(for context: HostContext) throws -> UserData.Inputs {
    let eks = context.cluster.controlPlane.eks ?? EKSSpec()
    return UserData.Inputs(
      maxPods: try eks.maxPods.map { .number($0) }
        ?? .table(
          InstanceTypeTable.embedded.maxPods(
            MaxPods.Settings(eks.podAddresses),
            for: context.facts.architecture
          )
        ),
      allowsIMDSv1: eks.instanceMetadata == .any
    )
  }

  /// What `up` would send; what the host runs alone, where it has to find something out.
  private static func program(
    _ resources: [Resource],
    _ inputs: UserData.Inputs,
    _ context: HostContext
  ) throws -> String {
    guard UserData.lateValues(of: resources).isEmpty else {
      return try UserData.script(
        cluster: context.cluster.name,
        host: context.host.name,
        desired: resources,
        inputs: inputs
      )
    }
    return Program.apply(
      ApplyRequest(
        cluster: context.cluster.name,
        host: context.host.name,
        stage: "all",
        desired: resources,
        changes: Program.changes(desired: resources, observed: [:], manifest: []),
        manifest: []
      )
    )
  }

  /// Writes user data, and says how large they are.
  private static func writeUserData(
    _ resources: [Resource],
    _ inputs: UserData.Inputs,
    _ context: HostContext,
    in folder: String
  ) async throws -> String {
    let text = Array(
      try UserData.cloudConfig(
        cluster: context.cluster.name,
        host: context.host.name,
        desired: resources,
        inputs: inputs
      ).utf8
    )
    try write(text, to: "\(folder)/user-data.txt", mode: 0o600)
    let path = "\(folder)/user-data"
    try write(text, to: path, mode: 0o600)
    try await Gzip.compress(path)
    let size = FileManager.default.contents(atPath: path)?.count ?? 0
    try UserData.checkSize(
      size,
      isTightest: Gzip.isTightest,
      of: resources,
      host: context.host.name
    )
    return "\(size) bytes of at most \(UserData.limit) (\(text.count) before compression)"
  }

  /// Keys are among what is rendered, so nothing is readable for others beyond what its mode says.
  private static func write(_ bytes: [UInt8], to path: String, mode: UInt16) throws {
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    do {
      try FileManager.default.createDirectory(
        atPath: folder,
        withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700]
      )
      let url = URL(filePath: path)
      try? FileManager.default.removeItem(at: url)
      guard
        FileManager.default.createFile(
          atPath: path,
          contents: Data(bytes),
          attributes: [.posixPermissions: Int(mode)]
        )
      else { throw Failure(.state, "cannot write \(path)", remedy: "free space or mend rights") }
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.state, "cannot write \(path)", why: Failure.reason(of: error))
    }
  }
}
