// SPDX-License-Identifier: Apache-2.0

import Glibc
import Values

/// Something that this computer lacks and a lab needs.
package struct MissingPrerequisite: Sendable, Equatable, CustomStringConvertible {
  /// What is missing: "the command systemd-nspawn".
  package var what: String
  /// The Debian package that has it; nil where none does.
  package var package: String?

  package var description: String {
    package.map { "\(what) is missing; the Debian package \($0) has it" } ?? what
  }
}

/// What a lab needs of the computer that it runs on.
enum Prerequisites {
  private static let commands = [
    ("systemd-nspawn", "systemd-container"), ("ip", "iproute2"), ("unshare", "util-linux"),
    ("nsenter", "util-linux"), ("setsid", "util-linux"), ("mount", "mount"),
    ("ssh", "openssh-client"), ("ssh-keygen", "openssh-client"),
  ]

  /// Needed only as long as a root file system has to be made.
  private static let buildCommands = [("debootstrap", "debootstrap")]
  private static let archiveKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg"

  /// All that is missing.
  static func missing(
    for topology: Topology,
    building: Bool,
    searchPath: String,
    userID: UInt32
  ) -> [MissingPrerequisite] {
    var missing: [MissingPrerequisite] = []
    if userID != 0 {
      missing.append(
        MissingPrerequisite(what: "this is not root, and only root can make namespaces and mounts")
      )
    }
    for (command, package) in commands + (building ? buildCommands : [])
    where !isThere(command, searchPath) {
      missing.append(MissingPrerequisite(what: "the command \(command)", package: package))
    }
    if building, !TextFile.exists(archiveKeyring) {
      missing.append(
        MissingPrerequisite(what: "Debian's keyring", package: "debian-archive-keyring")
      )
    }
    // A kernel that has it as a module gets it when the first one is mounted.
    if let systems = TextFile.read("/proc/filesystems"), !systems.contains("overlay"),
      !TextFile.exists("/lib/modules")
    {
      missing.append(MissingPrerequisite(what: "the kernel has no overlay file system"))
    }
    let foreign = Set(topology.machines.map(\.userland.architecture)).filter { !runsHere($0) }
    for architecture in foreign.sorted(by: { $0.rawValue < $1.rawValue }) {
      missing.append(
        MissingPrerequisite(what: "this computer's kernel does not run \(architecture.rawValue)")
      )
    }
    return missing
  }

  private static func isThere(_ command: String, _ searchPath: String) -> Bool {
    // Root's programs lie in sbin, which is not in everybody's PATH.
    (searchPath.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"]).contains {
      access("\($0)/\(command)", X_OK) == 0
    }
  }

  private static func runsHere(_ architecture: Architecture) -> Bool {
    #if arch(x86_64)
    architecture == .amd64 || architecture == .x86
    #elseif arch(arm64)
    architecture == .arm64
    #else
    false
    #endif
  }
}
