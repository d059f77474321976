// SPDX-License-Identifier: Apache-2.0

import Glibc
import Values

/// Brings a topology's machines up on this computer and takes them down again.
///
/// All that it knows lies in the lab's directory, so any later process can go on where another
/// ended.
package struct LabRunner: Sendable {
  package let topology: Topology
  let folder: LabFolder
  let names: LabNames
  let cache: RootFileSystemCache
  let operatorPlace: OperatorPlace
  let progress: LabProgress

  /// Makes a runner; nothing is touched before one of its methods is called.
  ///
  /// `directory` is where the lab keeps its hosts' disks, keys and logs; `cache` is where root file
  /// systems are kept between labs. Both may be relative and need not exist. `workspace` is the folder that
  /// the operator's own machine in the lab, where it has one, sees under the same path.
  package init(
    topology: Topology,
    directory: String,
    cache: String,
    workspace: String? = nil,
    progress: @escaping LabProgress
  ) {
    self.topology = topology
    folder = LabFolder(directory)
    names = LabNames(topology: topology.name, directory: folder.path)
    self.cache = RootFileSystemCache(cache: LabFolder(cache).path)
    operatorPlace = OperatorPlace(
      workspace: workspace.map { LabFolder($0).path },
      cache: LabFolder(cache).path
    )
    self.progress = progress
  }

  var shell: LabShell { LabShell(folder: folder) }
  var fabric: Fabric { Fabric(names: names, topology: topology) }

  /// Starts the hosts that do not run and waits until they all answer; those that run stay as they are.
  /// - Throws: `Failure`: `preflight` where the computer's own network is in the way, `locked` while another
  ///   process changes the lab, `step` or `deadline` with the host's console where one does not come up.
  package func up() async throws -> [LabHost] {
    try await refuseForeignNetwork()
    try TextFile.makeDirectory(folder.path, mode: 0o700)
    return try await locked {
      var roots: [Userland: String] = [:]
      for machine in topology.machines where roots[machine.userland] == nil {
        roots[machine.userland] = try await cache.make(
          RootFileSystem(userland: machine.userland),
          progress: progress
        )
      }
      try await makeKey()
      for machine in topology.machines {
        try await MachineDisk(
          topology: topology,
          machine: machine,
          place: folder.place(of: machine.name),
          folder: folder
        ).make(
          over: roots[machine.userland] ?? "",
          key: RootFileSystem(userland: machine.userland).key
        )
      }
      try TextFile.write(try knownHosts(), to: folder.knownHosts)
      try await Program("sh", "-s").run("make the lab's network", input: fabric.program)
      try await withThrowingTaskGroup { group in
        for machine in topology.machines {
          group.addTask { try await start(machine) }
        }
        try await group.waitForAll()
      }
      return try topology.machines.map(host)
    }
  }

  /// Ends the hosts and removes all that the lab put on this computer but the cached root file
  /// systems.
  ///
  /// Hosts that are no longer in the topology go too. Does nothing where nothing is left.
  package func down() async throws {
    guard TextFile.exists(folder.path) else {
      try await Program("sh", "-s").run(
        "remove the lab's network",
        input: Fabric.removal(lab: names.lab)
      )
      return
    }
    try await locked {
      for name in folder.machines {
        MachineProcess(at: folder.place(of: name))?.kill()
      }
      for name in folder.machines { try await clearGroups(of: name) }
      try await Program("sh", "-s").run(
        "remove the lab's network",
        input: Fabric.removal(lab: names.lab)
      )
      for hierarchy in try controlGroupRoots() { rmdir("\(hierarchy)/\(names.lab)") }
      // Nothing is mounted below; were it otherwise, it must not be emptied.
      try await Program("rm", "-rf", "--one-file-system", folder.hosts, folder.path).run(
        "remove \(folder.path)"
      )
    }
  }

  /// How the hosts are, in the order of the topology.
  package func status() async throws -> [LabHostStatus] {
    let now = Int(time(nil))
    return try await withThrowingTaskGroup { group in
      for (index, machine) in topology.machines.enumerated() {
        group.addTask {
          let place = folder.place(of: machine.name)
          var status = LabHostStatus(
            name: machine.name,
            address: machine.address,
            state: TextFile.exists(place.madeFrom) ? .stopped : .absent,
            uptime: nil,
            cut: fabric.ports(of: machine).map(\.interface).filter {
              TextFile.exists(place.cut($0))
            }
          )
          if MachineProcess(at: place)?.isAlive == true {
            status.state = try await shell.answers(machine) ? .running : .starting
            let booted = TextFile.read(place.booted)?.split(separator: "\n").first.flatMap {
              Int($0)
            }
            status.uptime = booted.map { max(0, now - $0) }
          }
          return (index, status)
        }
      }
      var all: [(Int, LabHostStatus)] = []
      for try await status in group { all.append(status) }
      return all.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// Runs a command on a host as root, on this process's terminal.
  /// - Returns: its exit code; 255 where the host does not answer.
  /// - Throws: `Failure` (`unreachable`) where it does not run.
  package func exec(host: String, command: [String]) async throws -> Int32 {
    let machine = try machine(host)
    guard MachineProcess(at: folder.place(of: host))?.isAlive == true else {
      throw Failure(
        .unreachable,
        host: host,
        "is not running",
        remedy: "start it first: kubewright lab up"
      )
    }
    return try await shell.command(command, on: machine, terminal: isatty(0) == 1)
      .runInForeground()
  }

  /// Reboots a host in good order and waits until it answers again.
  /// - Throws: `Failure` (`unreachable`) where it does not answer to begin with.
  package func reboot(host: String) async throws {
    let machine = try machine(host)
    guard let before = try await shell.bootID(machine) else {
      throw Failure(
        .unreachable,
        host: host,
        "it does not answer, so it cannot be rebooted in good order",
        remedy: "kubewright lab kill \(host) cuts its power; kubewright lab up starts it again"
      )
    }
    try await step("rebooting", host: host, progress) {
      // The connection may end before the answer.
      _ = try await shell.command(["systemctl", "reboot"], on: machine).outcome()
      try await wait(for: machine) {
        let boot = try await shell.bootID(machine)
        return boot != nil && boot != before
      }
    }
  }

  /// Cuts a host's power: its processes end at once, what was written to its disk stays.
  ///
  /// With `losesDisk` that is gone too: `up` makes another machine in its place, with keys of its own.
  package func kill(host: String, losesDisk: Bool = false) async throws {
    let machine = try machine(host)
    guard TextFile.exists(folder.path) else { return }
    try await locked {
      let place = folder.place(of: machine.name)
      MachineProcess(at: place)?.kill()
      try await clearGroups(of: machine.name)
      guard losesDisk else { return }
      try await Program("rm", "-rf", "--one-file-system", place.path).run("remove \(place.path)")
    }
  }
}
