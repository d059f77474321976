// SPDX-License-Identifier: Apache-2.0

/// What programs do with units on hosts whose systemd may be as old as 219.
extension Unit {
  package static let functions = [
    """
    # unit NAME VERB SECONDS STAMP-FILE STAMP [patient]: enables it, and waits until it is active. With a sixth
    # word it may fall as often as it likes.
    unit() {
      if [ -n "$reload" ]; then
        systemctl daemon-reload || return 1
        reload=''
      fi
      [ "$(systemctl is-enabled "$1" 2>/dev/null)" != masked ] || systemctl unmask "$1" || return 1
      enable_unit "$1" || return 1
      systemctl reset-failed "$1" 2>/dev/null
      # Five looks a second. The job runs beside, because it may wait longer than we do.
      left=$(($3 * 5)) job='' steady=5 falls=0 reason='' before=''
      rm -f "$state/tmp/job" || return 1
      { systemctl "$2" "$1"; echo "$?" >"$state/tmp/job.new"; mv "$state/tmp/job.new" "$state/tmp/job"; } &
      while :; do
        if [ -z "$job" ] && [ -f "$state/tmp/job" ]; then read -r job <"$state/tmp/job"; fi
        if [ -n "$job" ]; then
          now=$(systemctl is-active "$1" 2>/dev/null)
          case $now in
            active)
              # One that fell is believed after a second.
              steady=$((steady + 1))
              [ "$steady" -le 5 ] || break
              ;;
            # One that systemd starts again may yet come up; one that it gave up will not.
            activating | reloading | deactivating)
              # Five tries are 8 s with RestartSec=2; a neighbour that is starting answers within 10.
              if [ $# -eq 5 ] && keeps_falling "$1" && [ "$left" -le $(($3 * 5 - 50)) ]; then
                unit_failed "$1" "failed $falls times after $2: ${reason% SubState=*}"
                return 1
              fi
              ;;
            *) unit_failed "$1" "is ${now:-unknown} after $2"; return 1 ;;
          esac
        fi
        [ "$left" -gt 0 ] || { unit_failed "$1" "is not active $3 s after $2"; return 1; }
        sleep 0.2 2>/dev/null || { sleep 1; left=$((left - 4)); }
        left=$((left - 1))
      done
      printf '%s\\n' "$5" >"$4.new" && mv -f "$4.new" "$4"
    }

    # keeps_falling NAME: whether it fell five times for the same reason. Each time has a process of its own:
    # before version 235 systemd counts no restarts.
    keeps_falling() {
      fate=$(unit_fate "$1")
      case $fate in
        *=auto-restart*) ;;
        *) return 1 ;;
      esac
      process=$(systemctl show -p ExecMainPID "$1")
      [ "$fate" = "$reason" ] || reason=$fate falls=0
      [ "$process" = "$before" ] || before=$process falls=$((falls + 1)) steady=0
      [ "$falls" -ge 5 ]
    }

    # unit_fate NAME: how it ended, in one line.
    unit_fate() {
      systemctl show -p SubState -p Result -p ExecMainStatus "$1" 2>/dev/null | tr '\\n' ' '
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
