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
  ///
  /// A switch finds what the topology and its configuration say now at its next boot; the disk of a
  /// computer is its own once made.
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
      if machine.system == .eos { try await writeSeed(lower) }
      return
    }
    // An interrupted earlier attempt.
    try await Program("rm", "-rf", "--one-file-system", place.path).run(
      "remove \(place.path)",
      host: machine.name
    )
    for directory in [place.path, place.work, place.root, place.upper] {
      try TextFile.makeDirectory(directory)
    }
    guard symlink(lower, place.lower) == 0 else {
      throw Failure(.state, host: machine.name, "cannot make the link \(place.lower)")
    }
    try TextFile.makeDirectory(place.seed + "/etc/ssh")
    try await Program(
      ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", machine.name, "-f", place.hostKey]
    ).run("make the host key", host: machine.name)
    try TextFile.write(Self.machineID() + "\n", to: place.seed + "/etc/machine-id", mode: 0o444)
    try await writeSeed(lower)
    switch machine.system {
    case .linux:
      try await Program("cp", "-a", place.seed + "/.", place.upper).run(
        "copy its own files",
        host: machine.name
      )
      try await Program("cp", "-a", "\(lower)/var/lib", place.varLib).run(
        "copy /var/lib",
        host: machine.name
      )
    case .eos: try TextFile.makeDirectory(place.flash, mode: 0o775)
    }
    try TextFile.write(key, to: place.madeFrom)
  }

  private func writeSeed(_ lower: String) async throws {
    let seed = MachineSeed(
      topology: topology,
      machine: machine,
      loginKey: TextFile.read(folder.publicKey) ?? "",
      lower: { TextFile.read("\(lower)/\($0)") }
    )
    for file in seed.files {
      let path = "\(place.seed)/\(file.path)"
      if let slash = path.lastIndex(of: "/") { try TextFile.makeDirectory(String(path[..<slash])) }
      try TextFile.write(file.text, to: path, mode: file.mode)
    }
    try await Program("sh", "-s", place.seed, lower, seed.home).run(
      "give its own files their owners",
      host: machine.name,
      input: Self.owners
    )
  }

  /// `sh -s SEED LOWER HOME`: what is in both gets its owner and mode from the root file system, and the
  /// login user what is in its folder.
  static let owners = #"""
    set -eu
    cd "$1"
    find . ! -type l ! -path ./etc/machine-id | while IFS= read -r path; do
      if [ -e "$2/$path" ] && [ ! -L "$2/$path" ]; then
        chown --reference="$2/$path" "$path"
        chmod --reference="$2/$path" "$path"
      fi
    done
    chmod 0700 "$3/.ssh"
    case $3 in
    home/*) chown -R 1000:1000 "$3" ;;
    esac
    if [ -d etc/frr ]; then chown --reference="$2/etc/frr" etc/frr/*; fi
    cd etc/systemd/system
    for unit in *.service; do
      target=$(sed -n 's/^WantedBy=//p' "$unit").wants
      mkdir -p "$target"
      ln -sf "../$unit" "$target/"
    done

    """#

  /// 128 random bits, as `man 5 machine-id` has them.
  private static func machineID() -> String {
    (0..<16).map { _ in
      let byte = UInt8.random(in: 0...255)
      return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
