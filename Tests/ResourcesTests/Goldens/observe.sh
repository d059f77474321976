#!/bin/sh
# kubewright: looks at 4 things and changes none of them.
# shellcheck disable=SC2016,SC1003,SC1111,SC1112,SC2028,SC2034,SC2119,SC2120,SC2317,SC2329
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
TZ=UTC0
export PATH LC_ALL TZ
umask 077
hex() { od -An -v -tx1 | tr -d ' \n'; }
if command -v sha256sum >/dev/null 2>&1; then
  sha256() { sha256sum "$@"; }
elif command -v openssl >/dev/null 2>&1; then
  sha256() { openssl dgst -sha256 -r "$@"; }
else
  sha256() { busybox sha256sum "$@"; }
fi
# stat_paths LABEL PATH...
stat_paths() {
  labels='' count=$#
  while [ "$count" -gt 0 ]; do
    if [ -e "$2" ] || [ -L "$2" ]; then
      labels="$labels $1"
      set -- "$@" "$2"
    fi
    shift 2
    count=$((count - 2))
  done
  [ $# -gt 0 ] || return 0
  found=$(stat -c '%f %s %u %g %U/%G' "$@") || return 1
  printf '%s\n' "$found" | while IFS= read -r line; do
    labels=${labels# }
    printf 'stat %s %s\n' "${labels%% *}" "$line"
    labels=${labels#"${labels%% *}"}
  done
}
# digest_paths LABEL DIGEST-OR-DASH PATH...: contents travel where they differ from DIGEST.
digest_paths() {
  labels='' count=$#
  while [ "$count" -gt 0 ]; do
    if [ -f "$3" ] && [ ! -L "$3" ]; then
      labels="$labels $1=$2"
      set -- "$@" "$3"
    fi
    shift 3
    count=$((count - 3))
  done
  [ $# -gt 0 ] || return 0
  found=$(sha256 "$@") || return 1
  printf '%s\n' "$found" | while read -r sum _; do
    labels=${labels# }
    show_digest "${labels%% *}" "$sum" "$1"
    labels=${labels#"${labels%% *}"}
    shift
  done
}

digest_odd_paths() {
  while [ $# -gt 0 ]; do
    if [ -f "$3" ] && [ ! -L "$3" ]; then
      sum=$(sha256 <"$3") || return 1
      show_digest "$1=$2" "${sum%% *}" "$3"
    fi
    shift 3
  done
}

# show_digest LABEL=WANTED SUM PATH
show_digest() {
  printf 'sha256 %s %s\n' "${1%%=*}" "$2"
  case ${1#*=} in
    - | "$2") return 0 ;;
  esac
  [ "$(wc -c <"$3")" -lt 65536 ] || return 0
  printf 'content %s %s\n' "${1%%=*}" "$(hex <"$3")"
}
# units LABEL NAME STAMP-FILE...
units() {
  labels='' count=$#
  while [ "$count" -gt 0 ]; do
    labels="$labels $1"
    if [ -f "$3" ] && read -r stamp <"$3"; then printf 'stamp %s %s\n' "$1" "$stamp"; fi
    set -- "$@" "$2"
    shift 3
    count=$((count - 3))
  done
  command -v systemctl >/dev/null 2>&1 || return 0
  printf 'units%s\n' "$labels"
  systemctl show -p Id -p LoadState -p ActiveState -p SubState -p UnitFileState \
    -p NeedDaemonReload "$@" 2>/dev/null
  printf 'units-end\n'
}
main() {
  state=/var/lib/kubewright
  printf '%s\n' 'id 0 directory:/etc/kubernetes
id 1 file:/etc/kubernetes/demo.conf
id 2 file:/etc/systemd/system/demo.service
id 3 unit:demo.service'
  stat_paths \
    0 /etc/kubernetes/. \
    1 /etc/kubernetes/demo.conf \
    2 /etc/systemd/system/demo.service || exit 1
  digest_paths \
    1 4f87f2d99baa0df66be1f35b8e3574d1574a42acc840a2a590dbc913f68f5179 /etc/kubernetes/demo.conf \
    2 d4fded2cad024081ba5944d682e2edad1ba9832d97c2111bb07d1d323d735330 /etc/systemd/system/demo.service || exit 1
  units \
    3 demo.service /var/lib/kubewright/stamps/demo.service || exit 1
  printf 'end\n'
}
{ main; exit; } </dev/null
