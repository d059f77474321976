// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Values

extension LabRunner {
  /// What this computer lacks for this topology; empty when it can be brought up.
  package func checkPrerequisites() async throws -> [MissingPrerequisite] {
    let building = topology.machines.contains {
      !cache.contains(RootFileSystem(userland: $0.userland))
    }
    return Prerequisites.missing(
      for: topology,
      building: building,
      searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "",
      userID: geteuid()
    )
  }

  /// Installs the Debian packages that are missing.
  /// - Throws: `Failure` (`preflight`) where something is missing that no package has.
  package func installPrerequisites() async throws {
    let missing = try await checkPrerequisites()
    let beyond = missing.filter { $0.package == nil }
    guard beyond.isEmpty else {
      throw Failure(
        .preflight,
        "this computer cannot run the lab",
        why: beyond.map(\.description).joined(separator: "\n")
      )
    }
    let packages = Set(missing.compactMap(\.package)).sorted()
    guard !packages.isEmpty else { return }
    let environment = ["DEBIAN_FRONTEND": "noninteractive"]
    try await step("installing \(packages.joined(separator: ", "))", progress) {
      try await Program("apt-get", "update", "-qq").run("read the package lists")
      try await Program(
        ["apt-get", "install", "-qq", "--no-install-recommends", "--yes"] + packages
      )
      .run("install \(packages.joined(separator: ", "))", environment: environment)
    }
  }

  /// How to log in to a host of a lab that was brought up.
  func host(_ machine: Machine) throws -> LabHost {
    LabHost(
      name: machine.name,
      address: machine.address,
      user: machine.user,
      identityFile: folder.key,
      knownHostsFile: folder.knownHosts,
      hostKey: try hostKey(of: machine)
    )
  }

  /// The lab's host keys as ssh reads them, each by name and address.
  func knownHosts() throws -> String {
    try topology.machines.map { "\($0.name),\($0.address) \(try hostKey(of: $0))\n" }.joined()
  }

  private func hostKey(of machine: Machine) throws -> String {
    let path = folder.place(of: machine.name).hostKey + ".pub"
    let words = TextFile.read(path)?.split(whereSeparator: \.isWhitespace) ?? []
    guard words.count >= 2 else {
      throw Failure(
        .state,
        host: machine.name,
        "it has no host key yet",
        why: "there is no \(path)",
        remedy: "bring the lab up first: kubewright lab up"
      )
    }
    return "\(words[0]) \(words[1])"
  }
}
