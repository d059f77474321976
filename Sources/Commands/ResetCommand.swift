// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Engine
import Facts
import Resources
import Spec
import Transport
import Values

struct ResetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset",
    abstract: "Remove from the hosts exactly what was put there, data included.",
    discussion: """
      Goes by the manifest that each host keeps. The state folder with its keys stays, so that up \
      makes the same cluster anew; --forget removes it too. Where the cluster goes on without the \
      host, its member leaves etcd first and its node is deleted; a worker of EKS is taken out of \
      the cluster too, if whoever runs it may do that there.
      """
  )

  @OptionGroup var spec: SpecOptions

  @Option(help: ArgumentHelp("Only this host (again for more).", valueName: "name"))
  var host: [String] = []

  @Flag(name: .shortAndLong, help: "Do not ask.")
  var yes = false

  @Flag(help: "Remove the state folder too: keys, certificates and records are gone for good.")
  var forget = false

  func validate() throws {
    guard !forget || host.isEmpty else {
      throw ValidationError("--forget is of the whole cluster: it does not go with --host")
    }
  }

  func run() async throws {
    let command = self
    try await execute { console in
      try await ClusterSession.with(command.spec, console, needsRelease: false) { session in
        try await session.state.locked { try await command.reset(session) }
      }
    }
  }

  private func reset(_ session: ClusterSession) async throws {
    let console = session.console
    let names = session.cluster.hosts.map(\.name)
    for name in host where !names.contains(name) {
      throw Failure(
        .invalidInput,
        "no host of the spec is called '\(name)'",
        remedy: "its hosts are \(names.joined(separator: ", "))"
      )
    }
    let chosen = host.isEmpty ? names : host
    let probes = try await session.surveyor.probe(of: chosen)
    var entries: [String: [ManifestEntry]] = [:]
    for (name, probe) in probes {
      if let owner = probe.facts.manifestCluster, owner != session.cluster.name {
        throw Failure(
          .preflight,
          host: name,
          "belongs to the cluster '\(owner)'",
          remedy: "reset it with that cluster's spec"
        )
      }
      entries[name] = try Manifest.parse(probe.manifest).entries
    }
    // A run that was cut off while it sent programs left a cache and no manifest, and user data that
    // found out nothing left themselves.
    let filled = chosen.filter { name in
      !(entries[name] ?? []).isEmpty
        || [Program.stateFolder, Program.bootScript].contains {
          probes[name]?.facts.paths.contains($0) == true
        }
    }
    guard !filled.isEmpty else {
      await console.out("Nothing of \(session.cluster.name) is on these hosts.")
      return
    }
    let departure = try ClusterDeparture(
      session.cluster,
      found: probes.mapValues(\.facts),
      recorded: session.state.facts()
    )
    let parting = HostDeparture(
      session.cluster,
      leaving: chosen,
      record: try session.state.etcd()
    )
    if parting.losesStore {
      await console.say(
        "etcd is on no other host: all that the cluster holds is lost, and the other hosts with it"
      )
    }
    for name in filled {
      await console.say("\(name): \((entries[name] ?? []).count) things to remove, with their data")
      var more = (entries[name] ?? []).filter { $0.id.kind == Footprint.kind }
        .flatMap(Footprint.listing)
      if probes[name]?.facts.paths.contains(Program.bootScript) == true {
        more.append("the program of user data that runs at boot, \(Program.bootScript)")
      }
      if let instance = departure.instances[name] {
        more.append("the node \(instance.nodeName) in the cluster, where you may delete it")
      }
      if parting.members.contains(where: { $0.name == name }) {
        more.append("its member of etcd, which goes on with the others")
      }
      if parting.nodes.contains(name) { more.append("its node in the cluster") }
      for line in more { await console.say("  \(line)") }
    }
    if !yes {
      guard
        try await console.confirm(
          "Remove the cluster from \(filled.joined(separator: ", "))? Its data is lost.",
          flag: "--yes"
        )
      else {
        await console.say("nothing was changed")
        throw ExitCode(1)
      }
    }
    // What is kept is read once, and before anything is changed.
    let isParting = !(parting.members.isEmpty && parting.nodes.isEmpty)
    let clients = isParting ? try await session.recordedClients() : nil
    for member in parting.members where filled.contains(member.name) {
      guard let clients else { break }
      let told = try await parting.leaveStore(member, clients)
      if let told { await session.progress.show(.note("\(member.name): \(told)")) }
    }
    let removed = entries
    let cluster = session.cluster.name
    _ = try await session.fleet.all(of: filled) { member in
      let manifest = removed[member.spec.name] ?? []
      let result = try await member.runAlone(
        Program.reset(cluster: cluster, manifest: manifest),
        deadline: .seconds(300),
        events: { await session.progress.show($0) }
      ) { line in
        guard let event = Program.parse(resultLine: line) else { return }
        switch event.phase {
        case .ok:
          await session.progress.show(
            .stepDone(host: member.spec.name, step: event.id.description)
          )
        case .fail:
          await session.progress.show(
            .stepFailed(
              host: member.spec.name,
              step: event.id.description,
              message: event.message
            )
          )
        case .begin: return
        }
      }
      guard result.exitCode == 0 else {
        throw Failure(
          .step,
          host: member.spec.name,
          "reset did not finish (exit \(result.exitCode))",
          why: result.standardError.isEmpty ? result.standardOutput : result.standardError,
          remedy: "mend the cause and run the same command again"
        )
      }
      await session.progress.show(.note("\(member.spec.name): clean"))
      if let told = await departure.leave(member.spec.name, by: session.recordedClients) {
        await session.progress.show(.note("\(member.spec.name): \(told)"))
      }
    }
    for name in parting.nodes where filled.contains(name) {
      guard let clients else { break }
      let told = await parting.leaveNodes(name, clients)
      await session.progress.show(.note("\(name): \(told)"))
    }
    if forget, host.isEmpty { try session.state.remove() }
    await console.out("Removed \(session.cluster.name) from \(filled.joined(separator: ", ")).")
  }
}
