// SPDX-License-Identifier: Apache-2.0

import Resources
import Values

/// A systemd service, written so that a person can read it: one argument a line.
struct UnitFile: Sendable {
  var name: String
  var description: String
  var after: [String] = []
  var wants: [String] = []
  /// Absolute path, then arguments.
  var command: [String]
  /// Further lines of the section `[Service]`, in order.
  var service: [(key: String, value: String)] = []

  static let directory = "/etc/systemd/system"

  /// Lines for a server that must always run and is never given up.
  ///
  /// `StartLimitInterval` in this section is the spelling that systemd 219 knows and newer ones
  /// still accept.
  static let alwaysRestarted: [(key: String, value: String)] = [
    ("Restart", "always"), ("RestartSec", "2"), ("StartLimitInterval", "0"),
  ]

  /// What a network server that only reads its files can do without.
  ///
  /// systemd 219 warns of those that it does not know and goes on.
  static let confined: [(key: String, value: String)] = [
    ("NoNewPrivileges", "true"), ("ProtectSystem", "full"), ("ProtectHome", "true"),
    ("PrivateTmp", "true"), ("ProtectKernelTunables", "true"), ("ProtectKernelModules", "true"),
    ("ProtectControlGroups", "true"), ("RestrictRealtime", "true"),
  ]

  /// 0600 root:root: CIS 1.1.1 to 1.1.8 and 4.1.1.
  func file(reason: String) -> File {
    File(path: "\(Self.directory)/\(name)", text: text, mode: 0o600, reason: reason)
  }

  var text: String {
    var lines = ["# Written by kubewright.", "[Unit]", "Description=\(description)"]
    if !after.isEmpty { lines.append("After=" + after.joined(separator: " ")) }
    if !wants.isEmpty { lines.append("Wants=" + wants.joined(separator: " ")) }
    lines += ["", "[Service]"]
    lines += service.map { "\($0.key)=\($0.value)" }
    lines.append("ExecStart=" + command.map(Self.escaped).joined(separator: " \\\n  "))
    lines += ["", "[Install]", "WantedBy=multi-user.target"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// One word as systemd reads it back: `%` and `$` expand, quotes and blanks split.
  static func escaped(_ word: String) -> String {
    var result = ""
    var needsQuotes = word.isEmpty
    for character in word {
      switch character {
      case "%": result += "%%"
      case "$": result += "$$"
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.append(character)
      }
      if character == " " || character == "\t" || character == "'" || character == ";" {
        needsQuotes = true
      }
    }
    return needsQuotes ? "\"\(result)\"" : result
  }
}
