// SPDX-License-Identifier: Apache-2.0

import Values

/// What a topology file says of machines beyond docker-topo's keys, by a pattern of their names.
struct MachineSettings: Sendable, Equatable {
  var system: Machine.System?
  var architecture: Architecture?
  var release: String?
  var packages: [String]?
  var memory: Int?
  var isOperator: Bool?
  var node: [SpecField]?

  /// Takes what `later` says over what was said before, key by key.
  mutating func merge(_ later: MachineSettings) {
    system = later.system ?? system
    architecture = later.architecture ?? architecture
    release = later.release ?? release
    packages = later.packages ?? packages
    memory = later.memory ?? memory
    isOperator = later.isOperator ?? isOperator
    if let fields = later.node {
      node = (node ?? []).filter { old in !fields.contains { $0.key == old.key } } + fields
    }
  }

  /// What docker-topo takes a device for by its name: a host, or else a switch.
  static func standard(for name: String) -> MachineSettings {
    name.contains("host") ? MachineSettings(system: .linux) : MachineSettings(system: .eos)
  }

  var userland: Userland {
    let isSwitch = system == .eos
    return Userland(
      release: release ?? Userland().release,
      architecture: architecture ?? (isSwitch ? .x86 : .amd64),
      packages: packages ?? (isSwitch ? Userland.switchPackages : Userland.defaultPackages)
    )
  }

  /// What the cluster's spec says of the machine; a switch is a host of the cluster unless it is an ordinary
  /// computer.
  var specFields: [SpecField]? {
    guard system == .eos else { return node }
    let standard = [
      SpecField(key: "profile", text: "profile: eos\n"),
      SpecField(key: "runtime", text: "runtime: {engine: docker}\n"),
    ]
    let given = node ?? []
    return standard.filter { field in !given.contains { $0.key == field.key } } + given
  }

  /// Whether `name` is as `pattern` has it, where `*` stands for any characters.
  static func matches(_ name: String, pattern: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count > 1, let first = parts.first, let last = parts.last else {
      return name == pattern
    }
    guard name.utf8.count >= first.utf8.count + last.utf8.count, name.hasPrefix(first),
      name.hasSuffix(last)
    else { return false }
    var rest = name.dropFirst(first.count).dropLast(last.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = rest.range(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }
}

extension Substring {
  /// Where `part` first occurs; names are short, so the plain search will do.
  fileprivate func range(of part: Substring) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(part) {
        return start..<index(start, offsetBy: part.count)
      }
      start = index(after: start)
    }
    return nil
  }
}
