// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Lab
import Values

struct LabCutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cut",
    abstract: "Cut the cable at a host's interface: both ends lose their carrier."
  )

  @OptionGroup var topology: TopologyOptions

  @Argument(help: "Either end of the link: HOST:INTERFACE.")
  var end: String

  func run() async throws {
    let (topology, end) = (topology, end)
    try await execute { console in try await topology.runner(console).cut(end) }
  }
}

struct LabMendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mend",
    abstract: "Mend a cable that was cut."
  )

  @OptionGroup var topology: TopologyOptions

  @Argument(help: "Either end of the link: HOST:INTERFACE.")
  var end: String

  func run() async throws {
    let (topology, end) = (topology, end)
    try await execute { console in try await topology.runner(console).mend(end) }
  }
}
