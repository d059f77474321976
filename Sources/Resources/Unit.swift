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
  package var reason: String

  package init(
    name: String,
    dependsOn: [ResourceID] = [],
    reloads: Bool = false,
    check: String? = nil,
    startTimeout: Int = 90,
    reason: String
  ) {
    self.name = name
    self.dependsOn = dependsOn
    self.reloads = reloads
    self.check = check
    self.startTimeout = startTimeout
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
  private static let enabled: Set = [
    "enabled", "static", "alias", "indirect", "generated", "linked",
  ]

  /// `/etc/a, /etc/b and 3 more`.
  private static func list(_ ids: [ResourceID]) -> String {
    let names = ids.prefix(2).map(\.name).joined(separator: ", ")
    return ids.count > 2 ? "\(names) and \(ids.count - 2) more" : names
  }

  package func holds(in look: inout HostLook) -> String {
    look.add(Self.looking)
    // Its stamp goes before the first step, so that the restart is owed however the run ends.
    let isOwed = look.untouched(dependsOn).map {
      "\($0) || { owed=\"$owed \(Self.stampFile(of: name))\"; return 1; }\n"
    }
    return (isOwed ?? "") + due(in: look) + "[ -z \"$verb\" ]"
  }

  /// The statements of a program that finds out itself what is to be done with the unit.
  ///
  /// Its stamp is written by `settle`, once it was seen to stay up.
  func convergeIfDue(in look: HostLook) -> String {
    due(in: look)
      + "set_going \(Shell.quote(name)) \"${verb:-start}\" \(startTimeout) "
      + "\(Shell.quote(Self.stampFile(of: name))) \(look.stamp(of: self)) || return 1\n"
  }

  /// The functions of a program beside which nobody waits for the unit to do its work.
  static let settling = """
    # set_going NAME VERB SECONDS STAMP-FILE STAMP: as unit, but its stamp is only laid ready.
    set_going() {
      rm -f "$4" && unit "$1" "$2" "$3" "$4.new" "$5" || return 1
      going="$going $1 $4 x$(entered "$1")"
    }

    # entered NAME: when it became active; a restart is another time. Older systemds count no restarts.
    entered() {
      systemctl show -p ActiveEnterTimestampMonotonic "$1" 2>/dev/null
    }

    # settle SECONDS: looks once more, then, at all that was started. What did not stay up has no stamp, so
    # that the next run starts it anew.
    settle() {
      # shellcheck disable=SC2086 # three words a unit
      set -- "$1" $going
      [ $# -gt 1 ] || return 0
      sleep "$1"
      shift
      fallen=''
      while [ $# -gt 0 ]; do
        if [ "$(systemctl is-active "$1")" = active ] && [ "x$(entered "$1")" = "$3" ]; then
          mv -f "$2.new" "$2" || stop "cannot write $2"
        else
          fallen="$fallen $1"
          unit_failed "$1" "did not stay up: $(systemctl show -p ActiveState -p Result \\
            -p ExecMainStatus "$1" 2>/dev/null | tr '\\n' ' ')" >&2
        fi
        shift 3
      done
      [ -z "$fallen" ] || stop "started, and did not stay up:$fallen"
    }
    """

  private func due(in look: HostLook) -> String {
    let words = Shell.command([name, Self.stampFile(of: name)])
    return
      "unit_due \(words) \(look.stamp(of: self)) \(reloads ? "reload-or-restart" : "restart")\n"
  }

  private static let looking = """
    # unit_due NAME STAMP-FILE STAMP VERB: sets $verb to what has to be done with it, if anything.
    unit_due() {
      verb='' stamp=''
      said=" $(systemctl show -p ActiveState -p UnitFileState -p NeedDaemonReload "$1" 2>/dev/null |
        tr '\\n' ' ')"
      case $said in
        *' ActiveState=active '*) ;;
        *)
          verb=start
          return 0
          ;;
      esac
      if [ -f "$2" ]; then read -r stamp <"$2"; fi
      [ "$stamp" = "$3" ] || verb=$4
      case $said in
        *' NeedDaemonReload=yes '*) verb=$4 ;;
      esac
      [ -z "$verb" ] || return 0
      case $said in
        \(enabled.sorted().map { "*' UnitFileState=\($0) '*" }.joined(separator: " | "))) ;;
        *) verb=start ;;
      esac
    }
    """

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    let verb =
      switch change.action {
      case .restart: "restart"
      case .reload: "reload-or-restart"
      case .create, .update, .start, .remove: "start"
      }
    let words = [
      name, verb, String(startTimeout), Self.stampFile(of: name), stamp(context.fingerprints).hex,
    ]
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

  package static let functions = [
    """
    # unit NAME VERB SECONDS STAMP-FILE STAMP: enables it, and waits until it is active.
    unit() {
      if [ -n "$reload" ]; then
        systemctl daemon-reload || return 1
        reload=''
      fi
      [ "$(systemctl is-enabled "$1" 2>/dev/null)" != masked ] || systemctl unmask "$1" || return 1
      enable_unit "$1" || return 1
      systemctl reset-failed "$1" 2>/dev/null
      # Five looks a second. The job runs beside, because it may wait longer than we do.
      left=$(($3 * 5)) job=''
      rm -f "$state/tmp/job" || return 1
      { systemctl "$2" "$1"; echo "$?" >"$state/tmp/job.new"; mv "$state/tmp/job.new" "$state/tmp/job"; } &
      while :; do
        if [ -z "$job" ] && [ -f "$state/tmp/job" ]; then read -r job <"$state/tmp/job"; fi
        if [ -n "$job" ]; then
          now=$(systemctl is-active "$1" 2>/dev/null)
          case $now in
            active) break ;;
            # One that systemd starts again may yet come up; one that it gave up will not.
            activating | reloading | deactivating) ;;
            *) unit_failed "$1" "is ${now:-unknown} after $2"; return 1 ;;
          esac
        fi
        [ "$left" -gt 0 ] || { unit_failed "$1" "is not active $3 s after $2"; return 1; }
        sleep 0.2 2>/dev/null || { sleep 1; left=$((left - 4)); }
        left=$((left - 1))
      done
      printf '%s\\n' "$5" >"$4.new" && mv -f "$4.new" "$4"
    }

    # enable_unit NAME: before version 230 systemd enables no unit file that is a link; where they are, the
    # boot hook starts them.
    enable_unit() {
      systemctl --no-reload enable "$1" || [ -L "/etc/systemd/system/$1" ]
    }

    # boot_unit NAME: enables and starts it; nobody waits for what may need other hosts.
    boot_unit() {
      if [ -n "$reload" ]; then
        systemctl daemon-reload || return 1
        reload=''
      fi
      enable_unit "$1" || return 1
      systemctl --no-block start "$1"
    }

    # unit_failed NAME WHAT: its last log lines, then the message.
    unit_failed() {
      journalctl -u "$1" -n 20 --no-pager -o cat 2>/dev/null
      printf '%s %s\\n' "$1" "$2"
    }

    # remove_unit NAME STAMP-FILE PRIOR: stopped, its processes too; enabled only if it was before us.
    remove_unit() {
      rm -f "$2" || return 1
      command -v systemctl >/dev/null 2>&1 || return 0
      case $(systemctl show -p LoadState "$1" 2>/dev/null) in
        LoadState=not-found | '') return 0 ;;
      esac
      group=$(systemctl show -p ControlGroup "$1")
      group=${group#ControlGroup=}
      systemctl stop "$1" || return 1
      case $3 in
        *e*) ;;
        *) systemctl disable "$1" || return 1 ;;
      esac
      case $group in
        # Units of the kind KillMode=process leave theirs behind.
        *"/$1") kill_group "$group" ;;
      esac
      systemctl reset-failed "$1" 2>/dev/null
      return 0
    }

    # kill_group CONTROL-GROUP
    kill_group() {
      for base in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
        for list in "$base$1/cgroup.procs" "$base$1"/*/cgroup.procs; do
          [ -r "$list" ] || continue
          while read -r process; do
            # 0 is a process of another namespace, and our own group to kill.
            [ "$process" = 0 ] || kill -9 "$process" 2>/dev/null
          done <"$list"
        done
      done
    }
    """
  ]
}
