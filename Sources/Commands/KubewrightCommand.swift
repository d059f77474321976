// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser

/// The program.
package struct KubewrightCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "kubewright",
    abstract: "Turns the Linux machines you have into Kubernetes.",
    discussion: """
      Exit codes: 0 done, 1 something failed, 2 the spec or topology is wrong (for plan \
      --detailed-exitcode: 2 there are changes), 64 wrong usage, 130 interrupted. Results go to \
      standard output, all else to standard error.
      """,
    version: "0.1.0",
    groupedSubcommands: [
      CommandGroup(
        name: "Spec",
        subcommands: [
          InitCommand.self, ValidateCommand.self, SchemaCommand.self, ExplainCommand.self,
        ]
      ),
      CommandGroup(
        name: "Cluster",
        subcommands: [
          RenderCommand.self, PlanCommand.self, UpCommand.self, StatusCommand.self,
          VerifyCommand.self, KubeconfigCommand.self, ResetCommand.self,
        ]
      ),
      CommandGroup(name: "Programs", subcommands: [ArtifactsCommand.self]),
      CommandGroup(name: "AWS", subcommands: [EKSCommand.self]),
      CommandGroup(name: "Lab", subcommands: [LabCommand.self]),
    ]
  )

  package init() {}
}
