// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Catalog
import Spec

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Print a commented cluster.yaml."
  )

  @Option(
    help: ArgumentHelp(
      "Which example: \(SpecExample.names.joined(separator: ", ")).",
      valueName: "name"
    )
  )
  var example: String = "three-hosts"

  func validate() throws {
    guard SpecExample.names.contains(example) else {
      throw ValidationError(
        "no example is called '\(example)': \(SpecExample.names.joined(separator: ", "))"
      )
    }
  }

  func run() async throws {
    let name = example
    try await execute { console in
      await console.out(
        SpecExample.text(named: name, newest: Catalog.standard.newest) ?? ""
      )
    }
  }
}
