// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
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
      would send. Facts come from the state folder (recorded by plan or up), or from --facts.
      """
  )

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case tree
    case script
  }

  @OptionGroup var spec: SpecOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("Where to write.", valueName: "dir"))
  var output: String

  @Option(help: ArgumentHelp("Facts for all hosts that have none recorded.", valueName: "file"))
  var facts: String?

  @Option(help: "tree (files and programs) or script (programs only).")
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
    let contexts = try await session.recordedContexts(factsFile: facts, keepsCredentials: true)
    let (output, format) = (output, format)
    _ = try await contexts.concurrentMap { try Self.render($0, to: output, as: format) }
    await session.console.out("\(output)/hosts: \(cluster.hosts.count) hosts")
  }

  private static func render(
    _ context: HostContext,
    to output: String,
    as format: Format
  ) throws {
    let host = context.host.name
    let resources = try DesiredState.resources(for: context).map(\.resource)
    let folder = "\(output)/hosts/\(host)"
    let program = Program.apply(
      ApplyRequest(
        cluster: context.cluster.name,
        host: host,
        stage: "all",
        desired: resources,
        changes: Program.changes(desired: resources, observed: [:], manifest: []),
        manifest: []
      )
    )
    try write(Array(program.utf8), to: "\(folder)/apply.sh", mode: 0o700)
    guard format == .tree else { return }
    for case .file(let file) in resources {
      try write(file.bytes, to: "\(folder)/rootfs\(file.path)", mode: file.mode.bits)
    }
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
      throw Failure(.state, "cannot write \(path)", why: String(describing: error))
    }
  }
}
