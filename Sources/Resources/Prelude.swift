// SPDX-License-Identifier: Apache-2.0

/// Shell functions that every program has which changes a host.
enum Prelude {
  static let running = """
    # stop MESSAGE: ends the program before or between steps.
    stop() {
      printf 'kubewright: %s\\n' "$1" >&2
      exit 1
    }

    # refuse MESSAGE: ends a step.
    refuse() {
      printf '%s\\n' "$1" >&2
      return 1
    }

    # begin: the host is ours alone from here on.
    begin() {
      trap - EXIT
      # An external printf would show contents, keys among them, in its arguments.
      [ "$(command -v printf)" = printf ] || stop 'this shell has no printf of its own'
      [ "$(id -u)" = 0 ] || stop 'must run as root'
      [ -d "$state" ] || mkdir -p "$state" || stop "cannot make $state"
      chmod 0700 "$state" || stop "cannot protect $state"
      for folder in cache prior seals stamps tmp; do
        [ -d "$state/$folder" ] || mkdir "$state/$folder" || stop "cannot make $state/$folder"
      done
      TMPDIR=$state/tmp
      export TMPDIR
      trap 'exit 129' HUP
      trap 'exit 130' INT
      trap 'exit 143' TERM
      lock
      trap 'rm -f "$state/lock"' EXIT
      if [ -f "$state/manifest" ]; then
        read -r line <"$state/manifest" || line=''
        [ "$line" = "$header" ] || stop "the host belongs to another cluster: $line"
      fi
    }

    # step ID FUNCTION
    step() {
      run "$1" "$2" || exit 1
    }

    # attempt ID FUNCTION: a failure is told, and the next one tried all the same.
    attempt() {
      run "$1" "$2" || failed=$((failed + 1))
    }

    run() {
      printf '\(Program.eventPrefix) begin %s\\n' "$1"
      "$2" >"$state/tmp/log" 2>&1
      status=$?
      set +C +f
      umask 077
      if [ "$status" -eq 0 ]; then
        printf '\(Program.eventPrefix) ok %s\\n' "$1"
        return 0
      fi
      printf '\(Program.eventPrefix) fail %s %s\\n' "$1" "$(tail -n 21 "$state/tmp/log" | hex)"
      return 1
    }
    """

  static let locking = """
    # lock: a link whose target says who holds it comes to be at once, with all it says.
    lock() {
      boot=unknown
      if [ -r /proc/sys/kernel/random/boot_id ]; then read -r boot </proc/sys/kernel/random/boot_id; fi
      started "$$"
      mine=$$.$birth.$boot tries=5
      while ! ln -s "$mine" "$state/lock" 2>/dev/null; do
        holder=$(readlink "$state/lock")
        pid=${holder%%.*} rest=${holder#*.}
        if [ "${rest#*.}" = "$boot" ] && started "$pid" && [ "$birth" = "${rest%%.*}" ]; then
          printf 'kubewright: another run (process %s) is at work on this host\\n' "$pid" >&2
          exit \(Program.busyExitCode)
        fi
        [ "$tries" -gt 0 ] || stop "cannot lock $state"
        tries=$((tries - 1))
        # Its process is dead. Another run may have found that too and hold the lock by now.
        mv -f "$state/lock" "$state/lock.$$" 2>/dev/null || continue
        [ "$(readlink "$state/lock.$$")" = "$holder" ] || ln -s "$(readlink "$state/lock.$$")" "$state/lock"
        rm -f "$state/lock.$$"
      done
    }

    # started PROCESS: sets $birth to when it was started; numbers are used again, times are not.
    started() {
      birth=''
      case $1 in
        '' | *[!0-9]*) return 1 ;;
      esac
      { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
      # shellcheck disable=SC2086 # the fields behind the command's name
      set -- ${line##*') '}
      shift 19
      birth=$1
    }
    """

  static let listing = """
    # rewrite_manifest FUNCTION: all lines but those of the ids in $dropped, then those FUNCTION prints.
    rewrite_manifest() {
      seen=' '
      {
        printf '%s\\n' "$header"
        if [ -f "$state/manifest" ]; then
          {
            read -r line
            while read -r line; do
              case " $dropped " in
                *" ${line%% *} "*) ;;
                *)
                  seen="$seen${line%% *} "
                  printf '%s\\n' "$line"
                  ;;
              esac
            done
          } <"$state/manifest"
        fi
        "$1"
      } >"$state/manifest.new" || return 1
      sync "$state/manifest.new" 2>/dev/null || sync
      mv -f "$state/manifest.new" "$state/manifest"
    }

    # forget ID
    forget() {
      dropped=$1
      rewrite_manifest true || stop 'cannot write the manifest'
    }

    # listed ID: what the host lists already stays: it says how things were before us.
    listed() {
      case $seen in
        *" $1 "*) return 0 ;;
      esac
      return 1
    }

    # entry ID FIELDS
    entry() {
      listed "$1" || printf '%s\\n' "$1${2:+ $2}"
    }

    # entry_path ID FIELDS PATH KEPT
    entry_path() {
      ! listed "$1" || return 0
      prior=N
      if [ -L "$3" ] || { [ -e "$3" ] && [ ! -d "$3" ]; }; then
        prior=K
        rm -f "$4" || return 1
        # We never write into a file, so another name for it keeps it as it is.
        { [ ! -L "$3" ] && ln "$3" "$4" 2>/dev/null; } || cp -pP "$3" "$4" || return 1
      fi
      missing "$3"
      printf '%s\\n' "$1${2:+ $2} @prior=$prior @made=$made"
    }

    # missing PATH: sets $made to how many folders above it are not there.
    missing() {
      made=0 up=${1%/*}
      while [ -n "$up" ] && [ ! -d "$up" ]; do
        made=$((made + 1)) up=${up%/*}
      done
    }

    # entry_directory ID FIELDS PATH
    entry_directory() {
      ! listed "$1" || return 0
      prior=N was=''
      if [ -d "$3" ]; then
        prior=E was=$(stat -c %a:%u:%g "$3/.") || return 1
        for inside in "$3"/* "$3"/.[!.]* "$3"/..?*; do
          if [ -e "$inside" ] || [ -L "$inside" ]; then prior=D; fi
        done
      fi
      missing "$3"
      printf '%s\\n' "$1${2:+ $2} @prior=$prior${was:+ @was=$was} @made=$made"
    }

    # entry_setting ID FIELDS FILE DROP-IN
    entry_setting() {
      ! listed "$1" || return 0
      value=''
      if [ -r "$3" ]; then value=$(cat "$3" 2>/dev/null); fi
      missing "$4"
      printf '%s\\n' "$1${2:+ $2} @prior=$(printf '%s' "$value" | hex) @made=$made"
    }

    # entry_unit ID FIELDS NAME
    entry_unit() {
      ! listed "$1" || return 0
      prior=-
      case $(systemctl is-enabled "$3" 2>/dev/null) in
        enabled) prior=e ;;
      esac
      [ "$(systemctl is-active "$3" 2>/dev/null)" != active ] || prior=${prior}a
      printf '%s\\n' "$1${2:+ $2} @prior=$prior"
    }

    # entry_mask ID FIELDS NAME
    entry_mask() {
      ! listed "$1" || return 0
      prior=N
      [ "$(readlink "/etc/systemd/system/$3")" != /dev/null ] || prior=masked
      printf '%s\\n' "$1${2:+ $2} @prior=$prior"
    }
    """
}
