// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Spec

struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check a cluster.yaml: 0, or 2 with file:line:column: error: … for every fault."
  )

  @OptionGroup var spec: SpecOptions

  func run() async throws {
    let spec = spec
    try await execute { console in
      let cluster = try await spec.read(console)
      await console.say(
        "\(spec.file): \(cluster.name), Kubernetes \(cluster.kubernetes.version), "
          + "\(counted(cluster.hosts.count, "host")): no errors"
      )
    }
  }
}

struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of cluster.yaml, for editors that complete and check it."
  )

  @Flag(help: "Print the reference of cluster.yaml for people instead.")
  var markdown = false

  func run() async throws {
    let markdown = markdown
    try await execute { console in
      await console.out(markdown ? SpecReference.markdown() : SpecSchema.jsonSchema())
    }
  }
}
