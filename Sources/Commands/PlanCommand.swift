// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Engine
import Planner

struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show everything that up would change, and change nothing.",
    discussion: """
      Reads every host (one connection, two round trips) and shows each file with its difference, \
      each unit, setting and package, in the order in which it would happen. Secrets are shown as \
      fingerprints.

        + made   ~ changed   - removed   > started   ! restarted   ^ reloaded
      """
  )

  @OptionGroup var spec: SpecOptions

  @Flag(help: "Exit 0 when there is nothing to do, 2 when there are changes, 1 on any error.")
  var detailedExitcode = false

  @Option(name: .shortAndLong, help: "text or json.")
  var output: OutputFormat = .text

  @Flag(help: "Leave out the contents' differences.")
  var brief = false

  @Flag(help: "Say why each thing is there.")
  var why = false

  func run() async throws {
    let command = self
    let changes = Flagged()
    do {
      try await execute { console in
        try await ClusterSession.with(command.spec, console) { session in
          let plan = try await session.surveyor.survey(commit: false).plan
          switch command.output {
          case .json: await console.out(try jsonText(plan))
          case .text:
            await console.out(
              PlanText.render(plan, diffs: !command.brief, reasons: command.why)
            )
          }
          if !plan.isEmpty { await changes.raise() }
        }
      }
    } catch let code as ExitCode where command.detailedExitcode && code.rawValue == 2 {
      // With this flag 2 means changes, so a wrong spec is 1 like any other error.
      throw ExitCode(1)
    }
    if command.detailedExitcode, await changes.raised { throw ExitCode(2) }
  }
}

/// A flag that tasks may raise.
actor Flagged {
  private(set) var raised = false
  func raise() { raised = true }
}
