// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Artifacts
import Catalog
import Engine
import FoundationEssentials
import Lab
import Spec
import Values

struct LabCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab",
    abstract: "Machines to try it all on: own network, init and sshd, on this computer.",
    subcommands: [
      LabUpCommand.self, LabDownCommand.self, LabStatusCommand.self, LabExecCommand.self,
      LabRebootCommand.self, LabKillCommand.self, LabCutCommand.self, LabMendCommand.self,
      LabSpecCommand.self, LabDrawCommand.self,
    ]
  )
}

/// The options of every lab command.
struct TopologyOptions: ParsableArguments {
  @Option(name: [.customShort("f"), .customLong("file")], help: "The lab's topology.")
  var file: String = "topology.yaml"

  /// Reads and validates the topology; `notes` are about what it says and a lab does not act on.
  /// - Throws: `ExitCode(2)` after all errors were printed.
  func read(_ console: Console, notes: Bool = false) async throws -> Topology {
    let (topology, diagnostics) = Topology.read(
      text: try readText(file, what: "topology"),
      file: file
    )
    for diagnostic in diagnostics where notes || diagnostic.severity == .error {
      await console.say(diagnostic.description)
    }
    guard let topology, !diagnostics.contains(where: { $0.severity == .error }) else {
      throw ExitCode(2)
    }
    return topology
  }

  func runner(_ console: Console, notes: Bool = false) async throws -> LabRunner {
    let topology = try await read(console, notes: notes)
    let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
    return LabRunner(
      topology: topology,
      directory: "\(folder)/.kubewright/lab/\(topology.name)",
      cache: cacheFolder(),
      workspace: folder,
      progress: { event in
        switch event {
        case .began(let host, let what):
          await console.log("\(host.map { "\($0): " } ?? "")\(what)")
        case .detail(let text): await console.status(text)
        case .finished(let host, let what, let duration):
          let seconds = duration.components.seconds
          await console.log("  \(host.map { "\($0): " } ?? "")\(what): done in \(seconds) s")
        }
      }
    )
  }
}

struct LabUpCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up",
    abstract: "Start the hosts of a topology; those that run stay as they are."
  )

  @OptionGroup var topology: TopologyOptions

  @Flag(name: .shortAndLong, help: "Install the Debian packages that the lab needs.")
  var yes = false

  func run() async throws {
    let command = self
    try await execute { console in
      let runner = try await command.topology.runner(console, notes: true)
      let missing = try await runner.checkPrerequisites()
      if !missing.isEmpty {
        guard command.yes else {
          throw Failure(
            .preflight,
            "this machine lacks what a lab needs",
            why: missing.map(\.description).joined(separator: "\n"),
            remedy: "install it, or say --yes"
          )
        }
        try await runner.installPrerequisites()
      }
      let hosts = try await runner.up()
      await console.out(
        table(
          [["HOST", "ADDRESS", "LOGIN"]]
            + hosts.map { [$0.name, $0.address.description, "\($0.user), \($0.identityFile)"] }
        )
      )
    }
  }
}

struct LabDownCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "down",
    abstract: "End the hosts and leave nothing behind; the root file system's cache stays."
  )

  @OptionGroup var topology: TopologyOptions

  func run() async throws {
    let topology = topology
    try await execute { console in try await topology.runner(console).down() }
  }
}

struct LabStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the hosts."
  )

  @OptionGroup var topology: TopologyOptions

  @Option(name: .shortAndLong, help: "text or json.")
  var output: OutputFormat = .text

  func run() async throws {
    let command = self
    try await execute { console in
      let hosts = try await command.topology.runner(console).status()
      switch command.output {
      case .json: await console.out(try jsonText(hosts))
      case .text:
        await console.out(
          table(
            [["HOST", "ADDRESS", "STATE", "UP", "CUT"]]
              + hosts.map {
                [
                  $0.name, $0.address.description, $0.state.rawValue,
                  $0.uptime.map { "\($0) s" } ?? "-",
                  $0.cut.isEmpty ? "-" : $0.cut.joined(separator: ", "),
                ]
              }
          )
        )
      }
    }
  }
}

struct LabExecCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec",
    abstract: "Run a command on a host."
  )

  @OptionGroup var topology: TopologyOptions

  @Argument(help: "The host.")
  var host: String

  @Argument(parsing: .captureForPassthrough, help: "The command; a shell without one.")
  var command: [String] = []

  func run() async throws {
    let (topology, host) = (topology, host)
    let words = command.first == "--" ? Array(command.dropFirst()) : command
    try await execute { console in
      let code = try await topology.runner(console).exec(
        host: host,
        command: words.isEmpty ? ["/bin/bash", "-l"] : words
      )
      if code != 0 { throw ExitCode(code) }
    }
  }
}

struct LabRebootCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reboot",
    abstract: "Reboot a host in good order."
  )

  @OptionGroup var topology: TopologyOptions

  @Argument(help: "The host.")
  var host: String

  func run() async throws {
    let (topology, host) = (topology, host)
    try await execute { console in try await topology.runner(console).reboot(host: host) }
  }
}

struct LabKillCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kill",
    abstract: "Cut a host's power; lab up starts it again."
  )

  @Flag(help: "Its disk is lost too: lab up makes another machine in its place.")
  var loseDisk = false

  @OptionGroup var topology: TopologyOptions

  @Argument(help: "The host.")
  var host: String

  func run() async throws {
    let (topology, host, losesDisk) = (topology, host, loseDisk)
    try await execute { console in
      try await topology.runner(console).kill(host: host, losesDisk: losesDisk)
    }
  }
}

struct LabSpecCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spec",
    abstract: "Print a cluster.yaml for the lab's hosts, their host keys pinned.",
    discussion: """
      The first host, or more, is etcd and control plane as well; every host is a worker.
      """
  )

  @OptionGroup var topology: TopologyOptions

  @Option(
    name: .customLong("kubernetes"),
    help: "The Kubernetes version; by default the newest whose programs can be had."
  )
  var version: String?

  @Option(help: "How many hosts are etcd and control plane.")
  var controlPlanes = 1

  func run() async throws {
    let command = self
    try await execute { console in
      let runner = try await command.topology.runner(console)
      let version: String
      if let given = command.version {
        version = given
      } else {
        let progress = Progress(console: console)
        version = try await ArtifactStore(cache: cacheFolder() + "/artifacts").newestAvailable(
          candidates: [Catalog.standard.newest],
          sources: [.published, .build],
          progress: { await progress.show($0) }
        ).description
      }
      await console.out(
        try runner.clusterSpecText(version: version, controlPlanes: command.controlPlanes)
      )
    }
  }
}

struct LabDrawCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draw",
    abstract: "Print an SVG of hosts, links and addresses."
  )

  @OptionGroup var topology: TopologyOptions

  func run() async throws {
    let topology = topology
    try await execute { console in
      await console.out(LabRunner.draw(try await topology.read(console, notes: true)))
    }
  }
}
