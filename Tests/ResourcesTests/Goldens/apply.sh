#!/bin/sh
# kubewright: cluster demo, host one, stage all
# shellcheck disable=SC2016,SC1003,SC1111,SC1112,SC2028,SC2034,SC2119,SC2120,SC2317,SC2329
trap 'echo "kubewright: the program did not arrive whole; nothing was done" >&2; exit 98' EXIT
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
TZ=UTC0
export PATH LC_ALL TZ
umask 077
hex() { od -An -v -tx1 | tr -d ' \n'; }
state=/var/lib/kubewright
header='kubewright-manifest 1 demo'
reload=1
if command -v sha256sum >/dev/null 2>&1; then
  sha256() { sha256sum "$@"; }
elif command -v openssl >/dev/null 2>&1; then
  sha256() { openssl dgst -sha256 -r "$@"; }
else
  sha256() { busybox sha256sum "$@"; }
fi

# stop MESSAGE: ends the program before or between steps.
stop() {
  printf 'kubewright: %s\n' "$1" >&2
  exit 1
}

# refuse MESSAGE: ends a step.
refuse() {
  printf '%s\n' "$1" >&2
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
  printf 'kubewright-step begin %s\n' "$1"
  "$2" >"$state/tmp/log" 2>&1
  status=$?
  set +C +f
  umask 077
  if [ "$status" -eq 0 ]; then
    printf 'kubewright-step ok %s\n' "$1"
    return 0
  fi
  printf 'kubewright-step fail %s %s\n' "$1" "$(tail -n 21 "$state/tmp/log" | hex)"
  return 1
}

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
      printf 'kubewright: another run (process %s) is at work on this host\n' "$pid" >&2
      exit 75
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

# rewrite_manifest FUNCTION: all lines but those of the ids in $dropped, then those FUNCTION prints.
rewrite_manifest() {
  seen=' '
  {
    printf '%s\n' "$header"
    if [ -f "$state/manifest" ]; then
      {
        read -r line
        while read -r line; do
          case " $dropped " in
            *" ${line%% *} "*) ;;
            *)
              seen="$seen${line%% *} "
              printf '%s\n' "$line"
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
  listed "$1" || printf '%s\n' "$1${2:+ $2}"
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
  printf '%s\n' "$1${2:+ $2} @prior=$prior @made=$made"
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
  printf '%s\n' "$1${2:+ $2} @prior=$prior${was:+ @was=$was} @made=$made"
}

# entry_setting ID FIELDS FILE DROP-IN
entry_setting() {
  ! listed "$1" || return 0
  value=''
  if [ -r "$3" ]; then value=$(cat "$3" 2>/dev/null); fi
  missing "$4"
  printf '%s\n' "$1${2:+ $2} @prior=$(printf '%s' "$value" | hex) @made=$made"
}

# entry_unit ID FIELDS NAME
entry_unit() {
  ! listed "$1" || return 0
  prior=-
  case $(systemctl is-enabled "$3" 2>/dev/null) in
    enabled) prior=e ;;
  esac
  [ "$(systemctl is-active "$3" 2>/dev/null)" != active ] || prior=${prior}a
  printf '%s\n' "$1${2:+ $2} @prior=$prior"
}

# entry_mask ID FIELDS NAME
entry_mask() {
  ! listed "$1" || return 0
  prior=N
  [ "$(readlink "/etc/systemd/system/$3")" != /dev/null ] || prior=masked
  printf '%s\n' "$1${2:+ $2} @prior=$prior"
}

# fresh PATH TEMPORARY: makes its folder; $temp is free, and is only ever written as a new file.
fresh() {
  folder "${1%/*}" || return 1
  temp=$2
  if [ -e "$temp" ] || [ -L "$temp" ]; then
    rm -f "$temp" || return 1
  fi
  set -C
}

# place PATH MODE OWNER:GROUP: $temp becomes PATH, on the disk before it has the name.
place() {
  set +C
  chown "$3" "$temp" && chmod "$2" "$temp" || return 1
  sync "$temp" 2>/dev/null || sync
  place_link "$1"
}

place_link() {
  set +C
  if [ -d "$1" ]; then
    # mv would move into it.
    [ -L "$1" ] || { refuse "$1 is a directory"; return 1; }
    rm -f "$1" || return 1
  fi
  mv -f "$temp" "$1" && label "$1"
}

# label PATH: SELinux goes by the label of the place where a file came to be, which a rename or a link
# keeps: a program out of our cache would be one that no unit may start.
label() {
  if [ -z "${labels-}" ]; then
    labels=no
    if command -v restorecon >/dev/null 2>&1 && selinuxenabled 2>/dev/null; then labels=yes; fi
  fi
  # Not every file system holds labels.
  [ "$labels" = no ] || restorecon "$1" || return 0
}

# folder PATH
folder() {
  [ -z "$1" ] || [ -d "$1" ] && return 0
  umask 022
  mkdir -p "$1"
  made=$?
  umask 077
  return "$made"
}

# give_back PATH TEMPORARY KEPT PRIOR LEVELS: takes PATH away, or puts back what was there before us,
# and the folders that we made for it where they are empty.
give_back() {
  rm -f "$2" || return 1
  if [ "$4" = K ]; then
    # Once it is given back, PATH is no longer ours.
    if [ -e "$3" ] || [ -L "$3" ]; then mv -f "$3" "$1" && label "$1" || return 1; fi
    return 0
  fi
  if [ -d "$1" ] && [ ! -L "$1" ]; then
    refuse "$1 is a directory now, and not ours"
    return 1
  fi
  rm -f "$1" || return 1
  leave "$1" "$5"
}

# leave PATH LEVELS: removes as many folders above it, as far as they are empty.
leave() {
  up=${1%/*} levels=$2
  while [ -n "$up" ] && [ "$levels" -gt 0 ]; do
    if [ -d "$up" ]; then rmdir "$up" 2>/dev/null || return 0; fi
    up=${up%/*} levels=$((levels - 1))
  done
}

# unmount_below PATH: the latest mount first. Fails where one stays, so that nobody deletes through it.
unmount_below() {
  below=$(readlink -f "$1") || return 1
  points=''
  while read -r _ point _; do
    # The kernel writes blanks and backslashes of names as octal escapes.
    case $point in
      *\\*) plain=$(printf '%b/' "$point") plain=${plain%/} ;;
      *) plain=$point ;;
    esac
    case $plain in
      "$below"/*) points="$point $points" ;;
    esac
  done </proc/self/mounts
  for point in $points; do
    plain=$(printf '%b/' "$point") plain=${plain%/}
    umount "$plain" 2>/dev/null || umount -l "$plain" || return 1
  done
}

# directory PATH MODE OWNER:GROUP
directory() {
  if [ ! -d "$1" ]; then
    if [ -e "$1" ] || [ -L "$1" ]; then
      refuse "$1 is there and no directory"
      return 1
    fi
    folder "${1%/*}" && mkdir "$1" && label "$1" || return 1
  fi
  chown "$3" "$1" && chmod "$2" "$1"
}

# leave_directory PATH OURS-OR-DASH PRIOR LEVELS MODE:OWNER:GROUP. PRIOR: N nothing was there, E it was
# empty, D it held something, which may be anybody's.
leave_directory() {
  [ -d "$1" ] || return 0
  if [ "$2" = ours ] && [ "$3" != D ]; then
    unmount_below "$1" || return 1
    for inside in "$1"/* "$1"/.[!.]* "$1"/..?*; do
      if [ -e "$inside" ] || [ -L "$inside" ]; then rm -rf "$inside" || return 1; fi
    done
  fi
  if [ "$3" != N ]; then
    [ -z "$5" ] || { chown "${5#*:}" "$1/." && chmod "${5%%:*}" "$1/."; }
    return
  fi
  if [ -L "$1" ]; then return 0; fi
  rmdir "$1" 2>/dev/null || return 0
  leave "$1" "$4"
}

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
  printf '%s\n' "$5" >"$4.new" && mv -f "$4.new" "$4"
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
  systemctl show -p SubState -p Result -p ExecMainStatus "$1" 2>/dev/null | tr '\n' ' '
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
  printf '%s %s\n' "$1" "$2"
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

entries() {
  entry_directory directory:/etc/kubernetes '' /etc/kubernetes || return 1
  entry_path file:/etc/kubernetes/demo.conf '' /etc/kubernetes/demo.conf /var/lib/kubewright/prior/1a442831a3b7 || return 1
  entry_path file:/etc/systemd/system/demo.service '' /etc/systemd/system/demo.service /var/lib/kubewright/prior/63b0d6d1a1e7 || return 1
  entry_unit unit:demo.service '' demo.service || return 1
}

step_1() {
directory /etc/kubernetes 0755 root:root || return 1
}

step_2() {
fresh /etc/kubernetes/demo.conf /etc/kubernetes/.kubewright-1a442831a3b7 || return 1
printf '%s' 'it'\''s: "a"
' >"$temp" || return 1
place /etc/kubernetes/demo.conf 0644 root:root || return 1
}

step_3() {
fresh /etc/systemd/system/demo.service /etc/systemd/system/.kubewright-63b0d6d1a1e7 || return 1
printf '%s' '[Service]
ExecStart=/bin/true
' >"$temp" || return 1
place /etc/systemd/system/demo.service 0644 root:root || return 1
reload=1
}

step_4() {
unit demo.service start 3 /var/lib/kubewright/stamps/demo.service 81ff7f6575a811b94fc549bb5e2700e81a2d614025947012c7a9373ed9d4f7b8 || return 1
}

main() {
  begin
  dropped=''
  rewrite_manifest entries || stop 'cannot write the manifest'
  rm -f /var/lib/kubewright/stamps/demo.service || exit 1
  step directory:/etc/kubernetes step_1
  step file:/etc/kubernetes/demo.conf step_2
  step file:/etc/systemd/system/demo.service step_3
  step unit:demo.service step_4
}
{ main; exit; } </dev/null
