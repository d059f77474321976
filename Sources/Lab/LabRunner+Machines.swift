// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Values

extension LabRunner {
  /// How long a host may take from its start to an answer of its sshd.
  ///
  /// A quiet computer needs two seconds.
  private static let bootDeadline = Duration.seconds(120)

  func locked<Result>(_ body: () async throws -> Result) async throws -> Result {
    try await withFileLock(folder.lock) {
      throw Failure(
        .locked,
        "another process is changing the lab \(topology.name)",
        remedy: "wait until it is done"
      )
    } body: {
      try await body()
    }
  }

  func machine(_ name: String) throws -> Machine {
    if let machine = topology.machine(named: name) { return machine }
    let names = topology.machines.map(\.name)
    throw Failure(
      .invalidInput,
      "the topology has no host '\(name)'",
      remedy: NearestSpelling.of(name, among: names).map { "did you mean '\($0)'?" }
        ?? "it has \(names.joined(separator: ", "))"
    )
  }

  func start(_ machine: Machine) async throws {
    let place = folder.place(of: machine.name)
    if MachineProcess(at: place)?.isAlive == true {
      return try await wait(for: machine) { try await shell.answers(machine) }
    }
    try await step("starting", host: machine.name, progress) {
      try await clearGroups(of: machine.name)
      for file in [place.process, place.log] { unlink(file) }
      let scripts = MachineScripts(
        names: names,
        machine: machine,
        ports: fabric.ports(of: machine),
        gateway: topology.operatorAddress,
        place: place,
        binds: machine.isOperator ? try await operatorPlace.binds() : []
      )
      try TextFile.write(scripts.start, to: place.startScript, mode: 0o755)
      try TextFile.write(scripts.run, to: place.machineScript, mode: 0o755)
      try await scripts.launch(underSystemd: TextFile.exists("/run/systemd/system"))
        .run("start it", host: machine.name)
      try await wait(for: machine) { try await shell.answers(machine) }
    }
  }

  /// Waits until `isDone`, the machine's process ends, or too long.
  func wait(for machine: Machine, isDone: () async throws -> Bool) async throws {
    let place = folder.place(of: machine.name)
    let clock = ContinuousClock()
    let start = clock.now
    var wasSeen = false
    while true {
      let isAlive = MachineProcess(at: place)?.isAlive == true
      if isAlive, try await isDone() { return }
      if wasSeen || clock.now - start > .seconds(10), !isAlive {
        throw Failure(
          .step,
          host: machine.name,
          "the host ended while it started",
          why: console(place),
          remedy: "its console is in \(place.log)"
        )
      }
      wasSeen = wasSeen || isAlive
      guard clock.now - start < Self.bootDeadline else {
        throw Failure(
          .deadline,
          host: machine.name,
          "its sshd did not answer within \(Self.bootDeadline.components.seconds) s",
          why: console(place),
          remedy: "its console is in \(place.log)"
        )
      }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  /// The last lines of a machine's console.
  private func console(_ place: MachinePlace) -> String {
    (TextFile.read(place.log) ?? "").split(separator: "\n").suffix(8).joined(separator: "\n")
  }

  /// Removes a dead machine's control groups.
  ///
  /// That they can be removed shows that no process is left.
  func clearGroups(of name: String) async throws {
    let place = folder.place(of: name)
    let groups = (TextFile.read(place.controlGroups) ?? "").split(separator: "\n").map(String.init)
    let clock = ContinuousClock()
    let start = clock.now
    while true {
      let left = groups.filter(TextFile.exists)
      if left.isEmpty { break }
      let outcome = try await Program(["find"] + left + ["-depth", "-type", "d", "-delete"])
        .outcome()
      if outcome.exitCode == 0 { break }
      guard clock.now - start < .seconds(15) else {
        throw Failure(
          .deadline,
          host: name,
          "processes of the host do not end",
          why: outcome.error,
          remedy: "see cgroup.procs there; a kernel that waits for a disk holds them"
        )
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    unlink(place.controlGroups)
  }

  func controlGroupRoots() throws -> [String] {
    let root = "/sys/fs/cgroup"
    let hierarchies = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return [root] + hierarchies.map { "\(root)/\($0)" }
  }

  /// The key that logs in everywhere in the lab, made once.
  func makeKey() async throws {
    guard !TextFile.exists(folder.publicKey) else { return }
    unlink(folder.key)
    try await Program(
      "ssh-keygen",
      "-q",
      "-t",
      "ed25519",
      "-N",
      "",
      "-C",
      names.lab,
      "-f",
      folder.key
    ).run("make the lab's key")
  }

  /// A management network that another interface has already would lead elsewhere.
  func refuseForeignNetwork() async throws {
    let listing = try await Program("ip", "-4", "-o", "address", "show").run("list addresses")
    for line in listing.split(separator: "\n") {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard words.count > 3, words[1] != names.lab,
        let address = InterfaceAddress(String(words[3])),
        address.network.overlaps(topology.management)
      else { continue }
      throw Failure(
        .preflight,
        "the management network \(topology.management) is taken on this computer",
        why: "the interface \(words[1]) has \(address)",
        remedy: "take the lab that has it down, or choose another in the topology's spec.management"
      )
    }
  }
}

extension MachineProcess {
  /// The process of the machine that lives at `place`, as its start script wrote it down.
  init?(at place: MachinePlace) {
    guard let process = TextFile.read(place.process).flatMap({ MachineProcess($0) }) else {
      return nil
    }
    self = process
  }
}
