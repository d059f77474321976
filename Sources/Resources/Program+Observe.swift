// SPDX-License-Identifier: Apache-2.0

import Values

extension Program {
  /// A program that looks at `resources`, changes nothing, and prints what `parse(observations:)`
  /// reads.
  ///
  /// Contents travel only of small files that hold no secret and differ from what is wanted.
  package static func observe(_ resources: [Resource]) -> String {
    var program = ObservationProgram()
    for (index, resource) in resources.enumerated() {
      resource.body.observe(as: String(index), in: &program)
    }
    return program.text(ids: resources.map(\.id))
  }

  /// Reads what a program of `observe` printed.
  ///
  /// The text comes from a host and is hostile until read.
  /// - Throws: `Failure` (`step`) when it is not whole or not what such a program prints.
  package static func parse(observations text: String) throws -> [ResourceID: Observation] {
    var reader = ObservationReader()
    for line in text.byteLines {
      guard reader.read(line) else {
        throw Failure(
          .step,
          "cannot read what the host reported",
          why: "a line is '\(TerminalText.escape(String(line.prefix(120))))'",
          remedy: "a login script that prints on standard output may be in the way"
        )
      }
    }
    guard reader.isWhole else {
      throw Failure(.step, "the host's report ends early", remedy: "run the same command again")
    }
    return reader.observations
  }
}

/// Puts the records of one report together.
private struct ObservationReader {
  private var ids: [String: ResourceID] = [:]
  private(set) var observations: [ResourceID: Observation] = [:]
  private(set) var isWhole = false
  /// Labels of units that `systemctl show` prints now, one block each.
  private var units: [Substring]?

  /// Returns false for a line that no report has.
  mutating func read(_ line: String) -> Bool {
    if isWhole { return line.isEmpty }
    if units != nil { return readUnit(line) }
    let words = line.words
    guard words.count > 1 else {
      isWhole = line == "end"
      return isWhole
    }
    switch words[0] {
    case "id":
      guard words.count == 3, let id = ResourceID(token: words[2]) else { return false }
      ids[String(words[1])] = id
      observations[id] = Observation(exists: false)
      return true
    case "units":
      units = Array(words.dropFirst())
      return true
    default: return readRecord(String(words[0]), label: words[1], values: words.dropFirst(2), line)
    }
  }

  private mutating func readRecord(
    _ verb: String,
    label: Substring,
    values: ArraySlice<Substring>,
    _ line: String
  ) -> Bool {
    let first = values.first.map(String.init) ?? ""
    switch verb {
    case "exists": return update(label) { $0.exists = true }
    case "stat": return readStat(Array(values), label)
    case "sha256":
      // Programs put a backslash before the line where they escaped the name.
      guard let digest = Digest(hex: first.hasPrefix("\\") ? String(first.dropFirst()) : first)
      else { return false }
      return set(label, "sha256", digest.hex)
    case "content", "block":
      guard values.count <= 1, let bytes = Hex.decode(first.utf8) else { return false }
      return update(label) {
        $0.exists = true
        $0.content = bytes
      }
    case "target":
      guard let bytes = Hex.decode(first.utf8) else { return false }
      return set(label, "target", String(decoding: bytes, as: UTF8.self))
    case "value":
      let value = line.dropFirst("value \(label) ".count)
      return set(label, "value", String(value))
    case "module": return set(label, "state", first)
    case "stamp", "replaced": return set(label, verb, first)
    case "swap":
      guard values.count == 3 else { return false }
      return zip(["active", "fstab", "masked"], values).allSatisfy { set(label, $0, String($1)) }
    default: return false
    }
  }

  private mutating func readStat(_ values: [Substring], _ label: Substring) -> Bool {
    guard values.count >= 5, let raw = UInt32(values[0], radix: 16) else { return false }
    let names = values[4...].joined(separator: " ").split(separator: "/", maxSplits: 1)
    guard names.count == 2 else { return false }
    // The file type bits of stat(2).
    let type =
      switch raw & 0o170000 {
      case 0o100000: "file"
      case 0o040000: "directory"
      case 0o120000: "link"
      default: "other"
      }
    return update(label) {
      $0.exists = true
      $0.attributes["type"] = type
      $0.attributes["mode"] = FileMode(UInt16(raw & 0o7777)).description
      $0.attributes["size"] = String(values[1])
      $0.attributes["uid"] = String(values[2])
      $0.attributes["gid"] = String(values[3])
      $0.attributes["owner"] = String(names[0])
      $0.attributes["group"] = String(names[1])
    }
  }

  /// `Key=Value` lines, a block a unit, an empty line between blocks.
  private mutating func readUnit(_ line: String) -> Bool {
    if line == "units-end" {
      units = nil
      return true
    }
    guard !line.isEmpty else {
      units = units.map { Array($0.dropFirst()) }
      return true
    }
    guard let label = units?.first, let equals = line.firstIndex(of: "=") else { return false }
    let value = String(line[line.index(after: equals)...])
    switch line[..<equals] {
    case "LoadState": return update(label) { $0.exists = value != "not-found" }
    case "ActiveState": return set(label, "active", value)
    case "SubState": return set(label, "sub", value)
    case "UnitFileState": return set(label, "enabled", value)
    case "NeedDaemonReload": return set(label, "reload", value)
    default: return true
    }
  }

  private mutating func set(_ label: Substring, _ name: String, _ value: String) -> Bool {
    // `7.dropin`: what belongs to resource 7 beside itself.
    if let dot = label.firstIndex(of: ".") {
      let inner = label[label.index(after: dot)...]
      return set(label[..<dot], "\(inner).\(name)", value)
    }
    return update(label) { $0.attributes[name] = value }
  }

  private mutating func update(
    _ label: Substring,
    _ body: (inout Observation) -> Void
  ) -> Bool {
    guard let id = ids[String(label)], var observation = observations[id] else { return false }
    body(&observation)
    observations[id] = observation
    return true
  }
}
