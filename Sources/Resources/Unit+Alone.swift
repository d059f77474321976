// SPDX-License-Identifier: Apache-2.0

import Values

/// A unit in a program that finds out itself what is to be done, and beside which nobody waits.
extension Unit {
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
          unit_failed "$1" "did not stay up: $(unit_fate "$1")" >&2
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
}
