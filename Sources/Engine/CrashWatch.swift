// SPDX-License-Identifier: Apache-2.0

import Spec
import Transport
import Values

/// Looks, while a gate waits, whether a unit that it waits for falls again and again.
///
/// systemd starts such a unit for ever (`Restart=always`), and no patience brings what it lacks. Each fall is known
/// by its process: before version 235 systemd counts no restarts.
actor CrashWatch {
  /// As many falls for the same reason are no start that only came too early: at one look every few seconds
  /// they take longer than a neighbour needs to come up.
  static let hopeless = 5

  /// A unit that systemd is about to start again.
  struct Fall: Equatable {
    var unit: String
    var process: String
    /// `exit-code 1`, as systemd has it.
    var reason: String
  }

  private struct Place: Hashable {
    var host: String
    var unit: String
  }

  private let fleet: Fleet
  private let units: [String: [String]]
  private var falls: [Place: (last: Fall, count: Int)] = [:]

  /// Looks at the units of each host.
  init(fleet: Fleet, units: [String: [String]]) {
    self.fleet = fleet
    self.units = units.filter { !$0.value.isEmpty }
  }

  /// Looks once at all hosts; those that do not answer are for the gate to tell.
  /// - Returns: the units that are beyond hope.
  /// - Throws: only cancellation.
  func look() async throws -> String? {
    let answers = try await fleet.each(of: Array(units.keys)) { [units] member in
      try await member.transport.run(
        program: Self.program(for: units[member.spec.name] ?? []),
        deadline: .seconds(10),
        onLine: { _ in }
      ).standardOutput
    }
    var found: [String] = []
    for (host, answer) in answers.sorted(by: { $0.key < $1.key }) {
      guard case .success(let output) = answer else { continue }
      found += Self.falls(in: output).compactMap { note($0, on: host) }
    }
    return found.isEmpty ? nil : found.joined(separator: "; ")
  }

  /// Counts a fall; a sentence where it is one too many.
  func note(_ fall: Fall, on host: String) -> String? {
    let place = Place(host: host, unit: fall.unit)
    let before = falls[place]
    let isSame = before?.last.reason == fall.reason
    let isNew = before?.last.process != fall.process
    let count = (isSame ? before?.count ?? 0 : 0) + (isNew || !isSame ? 1 : 0)
    falls[place] = (fall, count)
    guard count >= Self.hopeless else { return nil }
    return "\(fall.unit) on \(host) failed \(count) times or more: \(fall.reason)"
  }

  static func program(for units: [String]) -> String {
    "systemctl show -p Id -p SubState -p Result -p ExecMainPID -p ExecMainStatus "
      + "\(Shell.command(units)) 2>/dev/null\n"
  }

  /// Reads what `program` prints: a block a unit.
  static func falls(in output: String) -> [Fall] {
    output.split(separator: "\n\n").compactMap { block in
      var fields: [Substring: Substring] = [:]
      for line in block.split(separator: "\n") {
        guard let sign = line.firstIndex(of: "=") else { continue }
        fields[line[..<sign]] = line[line.index(after: sign)...]
      }
      guard let unit = fields["Id"], fields["SubState"] == "auto-restart",
        let process = fields["ExecMainPID"]
      else { return nil }
      let reason = "\(fields["Result"] ?? "unknown") \(fields["ExecMainStatus"] ?? "")"
      return Fall(unit: String(unit), process: String(process), reason: TerminalText.escape(reason))
    }
  }
}
