// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Values

/// A lab's directory and where things lie in it.
struct LabFolder: Sendable, Equatable {
  /// Absolute.
  let path: String

  /// - Parameter directory: as the user's paths go; relative to the working directory. Symbolic links
  ///   are followed, so that one lab has one path.
  init(_ directory: String) {
    let absolute =
      directory.hasPrefix("/")
      ? directory : FileManager.default.currentDirectoryPath + "/" + directory
    path = Self.resolved(absolute)
  }

  var lock: String { path + "/lock" }
  var key: String { path + "/key" }
  var publicKey: String { path + "/key.pub" }
  var knownHosts: String { path + "/known_hosts" }
  var hosts: String { path + "/hosts" }
  func place(of machine: String) -> MachinePlace { MachinePlace(path: "\(hosts)/\(machine)") }

  /// The machines that have files here, whether or not a topology names them still.
  var machines: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: hosts)) ?? []).sorted()
  }

  /// Follows links in the longest part that exists, and drops `.` and `..` from the rest.
  private static func resolved(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { parts = Array(parts.dropLast()) } else { parts.append(part) }
    }
    var rest: [Substring] = []
    while true {
      if let real = realpath("/" + parts.joined(separator: "/"), nil) {
        defer { free(real) }
        let base = String(cString: real)
        return ([base == "/" ? "" : base] + rest.map(String.init)).joined(separator: "/")
      }
      guard let last = parts.popLast() else { return path }
      rest.insert(last, at: 0)
    }
  }
}

/// One machine's directory: its disk, its scripts, and what is known of its process.
struct MachinePlace: Sendable, Equatable {
  /// Absolute.
  let path: String

  /// A link to the root file system below the machine's own changes.
  var lower: String { path + "/lower" }
  /// The files that make it this machine: keys, names, accounts, routing.
  var seed: String { path + "/seed" }
  /// The machine's changes to its root file system; those of a switch begin anew at every boot.
  var upper: String { path + "/upper" }
  var work: String { path + "/work" }
  var root: String { path + "/root" }
  /// The machine's /var/lib: container runtimes keep overlays of their own there, which cannot lie on one.
  var varLib: String { path + "/var-lib" }
  /// The /mnt/flash of a switch: what stays when the rest begins anew.
  var flash: String { path + "/flash" }
  /// While this exists, the cable of an interface is cut.
  func cut(_ interface: String) -> String { "\(path)/cut-\(interface)" }
  /// The key of the root file system that the disk was made from; written last when the disk is made.
  var madeFrom: String { path + "/made-from" }
  var startScript: String { path + "/start" }
  var machineScript: String { path + "/machine" }
  /// `PID STARTTIME BOOT_ID`, see `MachineProcess`.
  var process: String { path + "/process" }
  /// When its init was last started, in seconds since 1970.
  var booted: String { path + "/booted" }
  /// The control groups made for it, a line each.
  var controlGroups: String { path + "/control-groups" }
  /// What its console and supervisor said.
  var log: String { path + "/log" }
  var hostKey: String { seed + "/etc/ssh/ssh_host_ed25519_key" }
}
