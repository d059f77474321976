// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Values

/// A machine's own files: what makes it this one and no other.
struct MachineDisk: Sendable {
  let topology: Topology
  let machine: Machine
  let place: MachinePlace
  let folder: LabFolder

  /// Makes the disk over the root file system at `lower`, or leaves it alone where it was made before.
  /// - Throws: `Failure` (`state`) where it was made from another root file system.
  func make(over lower: String, key: String) async throws {
    if let made = TextFile.read(place.madeFrom) {
      guard made == key else {
        throw Failure(
          .state,
          host: machine.name,
          "its disk was made from another root file system",
          why: "it was made from \(made), and the topology now asks for \(key)",
          remedy: "take the lab down and up again; what is on the hosts is lost"
        )
      }
      return
    }
    // An interrupted earlier attempt.
    try await Program("rm", "-rf", "--one-file-system", place.path).run(
      "remove \(place.path)",
      host: machine.name
    )
    for directory in ["", "/work", "/root", "/upper", "/upper/etc", "/upper/etc/ssh"] {
      try TextFile.makeDirectory(place.path + directory)
    }
    for directory in ["/upper/root", "/upper/root/.ssh"] {
      try TextFile.makeDirectory(place.path + directory, mode: 0o700)
    }
    guard symlink(lower, place.lower) == 0 else {
      throw Failure(.state, host: machine.name, "cannot make the link \(place.lower)")
    }
    try await Program("cp", "-a", "\(lower)/var/lib", place.varLib).run(
      "copy /var/lib",
      host: machine.name
    )
    try await Program(
      "ssh-keygen",
      "-q",
      "-t",
      "ed25519",
      "-N",
      "",
      "-C",
      machine.name,
      "-f",
      place.hostKey
    ).run("make the host key", host: machine.name)
    try TextFile.write(machine.name + "\n", to: place.upper + "/etc/hostname")
    try TextFile.write(Self.machineID() + "\n", to: place.upper + "/etc/machine-id", mode: 0o444)
    let loginKey = TextFile.read(folder.publicKey) ?? ""
    try TextFile.write(loginKey, to: place.upper + "/root/.ssh/authorized_keys", mode: 0o600)
    try TextFile.write(hostsFile, to: place.upper + "/etc/hosts")
    try TextFile.write(key, to: place.madeFrom)
  }

  /// The lab's machines by name, so that they find each other without a name server.
  private var hostsFile: String {
    let lines =
      ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback"]
      + topology.machines.map { "\($0.address) \($0.name)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// 128 random bits, as `man 5 machine-id` has them.
  private static func machineID() -> String {
    (0..<16).map { _ in
      let byte = UInt8.random(in: 0...255)
      return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
