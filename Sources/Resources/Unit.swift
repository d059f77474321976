// SPDX-License-Identifier: Apache-2.0

package import Values

/// A systemd unit that is enabled and runs; its file is a `File` of its own.
package struct Unit: Sendable, Equatable {
  package var name: String
  /// What it must be restarted for: ids of files and binaries that it reads when it starts.
  ///
  /// Its stamp is a digest over them, kept on the host, so that a restart owed is done even if the
  /// run was interrupted.
  package var dependsOn: [ResourceID]
  /// A oneshot unit that stays `active (exited)` counts as running either way; this is how it is refreshed.
  package var reloads: Bool
  /// A program that says by `check` whether what a running unit once set is still in force: 0, or what is not.
  package var check: String?
  /// Seconds it may take to become active.
  package var startTimeout: Int
  /// Whether it is to fail and be started again until others have done their part; of any other that goes on
  /// like that, nobody waits for the end of its time.
  package var waitsByRestarting: Bool
  package var reason: String

  package init(
    name: String,
    dependsOn: [ResourceID] = [],
    reloads: Bool = false,
    check: String? = nil,
    startTimeout: Int = 90,
    waitsByRestarting: Bool = false,
    reason: String
  ) {
    self.name = name
    self.dependsOn = dependsOn
    self.reloads = reloads
    self.check = check
    self.startTimeout = startTimeout
    self.waitsByRestarting = waitsByRestarting
    self.reason = reason
  }
}

extension Unit: HostResource {
  package static let kind = "unit"

  package var id: ResourceID { ResourceID(kind: Self.kind, name: name) }
  package var prior: PriorState { .unit(name) }
  package var fingerprint: Digest { Digest(of: name) }

  /// Digest over what the unit reads; a dependency that is none of the host's resources counts by its name.
  func stamp(_ fingerprints: [ResourceID: Digest]) -> Digest {
    Digest(of: dependsOn.sorted().map { "\($0)\0\(fingerprints[$0]?.hex ?? "")\n" }.joined())
  }

  /// Where the stamp of the unit's last successful start lies.
  static func stampFile(of name: String) -> String {
    "\(Program.stateFolder)/stamps/\(Token.encode(name))"
  }

  package func observe(as label: String, in program: inout ObservationProgram) {
    program.add([label, name, Self.stampFile(of: name)], to: "units", definedBy: Self.observing)
    if let check { program.add([label, name, check], to: "units_held", definedBy: Self.checking) }
  }

  package func change(from observed: Observation, in context: PlanContext) -> Change? {
    let changed = dependsOn.filter { context.changed.contains($0) }
    let dueTo = changed.isEmpty ? "" : "for " + Self.list(changed)
    guard observed["active"] == "active" else {
      let state = observed.exists ? "now \(observed["active"] ?? "unknown")" : "new"
      return change(.start, dueTo.isEmpty ? state : "\(state), \(dueTo)")
    }
    let action = reloads ? Change.Action.reload : .restart
    guard changed.isEmpty else { return change(action, dueTo) }
    // What reads nothing of ours need not be restarted because somebody else started it.
    if !dependsOn.isEmpty, observed["stamp"] != stamp(context.fingerprints).hex {
      let never = observed["stamp"] == nil
      return change(
        action,
        never
          ? "started by somebody else, or owed since a run was cut off"
          : "not restarted since its files changed"
      )
    }
    if observed["reload"] == "yes" { return change(action, "its unit file changed") }
    if let found = observed["value"], found != "held" {
      return change(action, "in force no longer: \(TerminalText.escape(String(found.prefix(120))))")
    }
    guard Self.enabled.contains(observed["enabled"] ?? "") else {
      return change(
        .update,
        "\(TerminalText.escape(observed["enabled"] ?? "not enabled")) -> enabled"
      )
    }
    return nil
  }

  /// What `systemctl is-enabled` says of units that start at boot or need no enabling.
  static let enabled: Set = [
    "enabled", "static", "alias", "indirect", "generated", "linked",
  ]

  /// `/etc/a, /etc/b and 3 more`.
  private static func list(_ ids: [ResourceID]) -> String {
    let names = ids.prefix(2).map(\.name).joined(separator: ", ")
    return ids.count > 2 ? "\(names) and \(ids.count - 2) more" : names
  }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    let verb =
      switch change.action {
      case .restart: "restart"
      case .reload: "reload-or-restart"
      case .create, .update, .start, .remove: "start"
      }
    let words =
      [name, verb, String(startTimeout), Self.stampFile(of: name), stamp(context.fingerprints).hex]
      + (waitsByRestarting ? ["patient"] : [])
    return "unit \(Shell.command(words)) || return 1\n"
  }

  package static func removal(of entry: ManifestEntry) -> String {
    let words = [entry.id.name, stampFile(of: entry.id.name), entry["@prior"] ?? "-"]
    return "remove_unit \(Shell.command(words)) || return 1\n"
  }

  private static let observing = """
    # units LABEL NAME STAMP-FILE...
    units() {
      labels='' count=$#
      while [ "$count" -gt 0 ]; do
        labels="$labels $1"
        if [ -f "$3" ] && read -r stamp <"$3"; then printf 'stamp %s %s\\n' "$1" "$stamp"; fi
        set -- "$@" "$2"
        shift 3
        count=$((count - 3))
      done
      command -v systemctl >/dev/null 2>&1 || return 0
      printf 'units%s\\n' "$labels"
      systemctl show -p Id -p LoadState -p ActiveState -p SubState -p UnitFileState \\
        -p NeedDaemonReload "$@" 2>/dev/null
      printf 'units-end\\n'
    }
    """

  private static let checking = """
    # units_held LABEL NAME PROGRAM...: of a unit that runs, what the program misses.
    units_held() {
      while [ $# -gt 0 ]; do
        if [ -x "$3" ] && [ "$(systemctl is-active "$2" 2>/dev/null)" = active ]; then
          lost=$("$3" check 2>&1 </dev/null) && lost=held
          printf 'value %s %s\\n' "$1" "$(printf '%s' "${lost:-it does not say what}" | tr '\\n' ' ')"
        fi
        shift 3
      done
    }
    """
}
