// SPDX-License-Identifier: Apache-2.0

import Values

/// OpenSSH to the lab's hosts: with the lab's key, the lab's pinned host keys and nothing of the user's own.
struct LabShell: Sendable, Equatable {
  let folder: LabFolder

  /// The ssh command that runs `command` as root on `machine`; every word arrives as it is.
  func command(_ command: [String], on machine: Machine, terminal: Bool = false) -> Program {
    let words = machine.user == "root" ? command : ["sudo", "-n", "--"] + command
    let options = [
      "BatchMode=yes", "ConnectTimeout=2", "StrictHostKeyChecking=yes", "IdentitiesOnly=yes",
      "LogLevel=ERROR", "GlobalKnownHostsFile=none",
      "UserKnownHostsFile=\(Self.path(folder.knownHosts))",
      "IdentityFile=\(Self.path(folder.key))",
    ]
    return Program(
      ["ssh", "-F", "none", terminal ? "-t" : "-T"] + options.flatMap { ["-o", $0] }
        + ["\(machine.user)@\(machine.address)", Shell.command(words)]
    )
  }

  /// Whether sshd answers with the right key and lets us in.
  func answers(_ machine: Machine) async throws -> Bool {
    try await command(["true"], on: machine).outcome().exitCode == 0
  }

  /// The id of the host's present boot, or nil while it does not answer.
  func bootID(_ machine: Machine) async throws -> String? {
    let outcome = try await command(["cat", "/proc/sys/kernel/random/boot_id"], on: machine)
      .outcome()
    return outcome.exitCode == 0 ? outcome.output : nil
  }

  /// A path in ssh_config's words: quoted, and with its percent signs not taken for tokens.
  private static func path(_ path: String) -> String {
    let escaped = path.split(separator: "%", omittingEmptySubsequences: false).joined(
      separator: "%%"
    )
    return "\"\(escaped)\""
  }
}
