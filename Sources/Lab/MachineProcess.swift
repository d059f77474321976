// SPDX-License-Identifier: Apache-2.0

import Glibc
import Values

/// A machine's outermost process: ending it ends all that runs in the machine, because it is the
/// parent of that machine's process namespace.
///
/// Known by its number, start time and the kernel's boot, so that a number used again is never
/// taken for it.
struct MachineProcess: Sendable, Equatable {
  var id: Int32
  /// In clock ticks since the kernel started, field 22 of /proc/PID/stat.
  var startTime: UInt64
  var bootID: String

  /// Parses `PID STARTTIME BOOT_ID`.
  init?(_ text: String) {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 3, let id = Int32(words[0]), id > 1, let start = UInt64(words[1]) else {
      return nil
    }
    self.id = id
    startTime = start
    bootID = String(words[2])
  }

  /// Whether it runs still.
  var isAlive: Bool {
    guard let boot = TextFile.read("/proc/sys/kernel/random/boot_id"),
      boot.split(whereSeparator: \.isWhitespace).first.map(String.init) == bootID,
      let stat = TextFile.read("/proc/\(id)/stat").flatMap(Self.stateAndStart)
    else { return false }
    return stat.start == startTime && stat.state != "Z" && stat.state != "X"
  }

  /// Cuts its power: no process of the machine gets to do anything more.
  func kill() {
    guard isAlive else { return }
    _ = Glibc.kill(id, SIGKILL)
  }

  /// The process state's letter and the start time from /proc/PID/stat; the name, field 2, may hold spaces
  /// and parentheses.
  static func stateAndStart(_ stat: String) -> (state: Substring, start: UInt64)? {
    guard let end = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[stat.index(after: end)...].split(separator: " ")
    guard fields.count > 19, let start = UInt64(fields[19]) else { return nil }
    return (fields[0], start)
  }
}
