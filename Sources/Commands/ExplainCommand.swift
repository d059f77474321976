// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Components
import Spec
import Values

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say why something is on a host.",
    discussion: """
      What it is for, since which version there is such a thing, and which key of the spec sets it. \
      No host is contacted: facts come from the state folder (recorded by plan or up), or from --facts.

        kubewright explain node-1 /etc/kubernetes/audit-policy.yaml
        kubewright explain node-1 audit-log-maxage
        kubewright explain node-1 conntrack.maxPerCore
      """
  )

  @OptionGroup var spec: SpecOptions

  @Option(help: ArgumentHelp("Facts for all hosts that have none recorded.", valueName: "file"))
  var facts: String?

  @Argument(help: "The host.")
  var host: String

  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp(
      "A path, a thing as plan names it, a flag (with its program before it, if several have it), or "
        + "a field.",
      valueName: "path|flag"
    )
  )
  var subject: [String]

  func run() async throws {
    let command = self
    try await execute { console in
      try await ClusterSession.with(command.spec, console) { session in
        let contexts = try await session.recordedContexts(
          factsFile: command.facts,
          keepsCredentials: false
        )
        guard let context = contexts.first(where: { $0.host.name == command.host }) else {
          throw Failure(
            .invalidInput,
            "no host of the spec is called '\(command.host)'",
            remedy: "its hosts are \(contexts.map(\.host.name).joined(separator: ", "))"
          )
        }
        let subject = command.subject.joined(separator: " ")
        await console.out(
          try Explain.answer(for: subject, context: context).joined(separator: "\n")
        )
      }
    }
  }
}
