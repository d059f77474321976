// SPDX-License-Identifier: Apache-2.0

import Values

/// What differs between wanted and found, as plans say it: `mode 0644 -> 0600, owner root -> etcd`.
struct Differences {
  private var parts: [String] = []

  var isEmpty: Bool { parts.isEmpty }
  var summary: String { parts.joined(separator: ", ") }

  mutating func add(_ text: String) {
    parts.append(text)
  }

  mutating func compare(_ name: String, _ found: String?, _ wanted: String) {
    guard found != wanted else { return }
    parts.append("\(name) \(TerminalText.escape(found ?? "none")) -> \(wanted)")
  }

  /// Mode, owner and group; owners may be given by number.
  mutating func compare(_ found: Observation, mode: FileMode, owner: String, group: String) {
    compare("mode", found["mode"], mode.description)
    if found["uid"] != owner { compare("owner", found["owner"], owner) }
    if found["gid"] != group { compare("group", found["group"], group) }
  }

  /// The kind of thing that lies at a path; false where nothing else is worth comparing.
  mutating func compareType(_ found: Observation, _ wanted: String) -> Bool {
    guard found["type"] != wanted else { return true }
    compare("type", found["type"], wanted)
    return false
  }
}
