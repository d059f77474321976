// SPDX-License-Identifier: Apache-2.0

extension Probe {
  /// The system, its network and its clock, each by a function that prints lines.
  static let hostFunctions = """
    # first_line KEY FILE
    first_line() {
      line=''
      { read -r line <"$2"; } 2>/dev/null
      printf '%s %s\\n' "$1" "$line"
    }

    os_release() {
      for file in /etc/os-release /usr/lib/os-release; do
        [ -r "$file" ] || continue
        while read -r line || [ -n "$line" ]; do
          case $line in
            ID=* | VERSION_ID=*) printf 'os %s\\n' "$line" ;;
          esac
        done <"$file"
        return
      done
    }

    cgroup() {
      layout=v1
      if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
        layout=v2
      elif [ -e /sys/fs/cgroup/unified/cgroup.procs ]; then
        layout=hybrid
      fi
      printf 'cgroup %s\\n' "$layout"
    }

    # What a kubelet asks of its runtime for its own helpers is -998 and less.
    oom_score() {
      file=/proc/$$/oom_score_adj may=no
      if read -r score <"$file"; then
        if { echo -999 >"$file"; } 2>/dev/null; then
          may=yes
          echo "$score" >"$file"
        fi
      fi
      printf 'may-lower-oom-score %s\\n' "$may"
    }

    memory() {
      while read -r key value _; do
        if [ "$key" = MemTotal: ]; then
          printf 'memory-kib %s\\n' "$value"
          return
        fi
      done </proc/meminfo
    }

    # The flags of the first CPU stand for all.
    virtualization() {
      while read -r key line; do
        [ "$key" = flags ] || continue
        for name in vmx svm; do
          case " $line " in *" $name "*) printf 'virtualization %s\\n' "$name" ;; esac
        done
        return 0
      done </proc/cpuinfo
    }

    swaps() {
      [ -r /proc/swaps ] || return 0
      {
        read -r _
        while read -r device _; do printf 'swap %s\\n' "$device"; done
      } </proc/swaps
    }

    addresses() {
      if command -v ip >/dev/null 2>&1; then
        ip -4 -o addr show 2>/dev/null | while read -r _ _ _ address _; do
          printf 'address %s\\n' "$address"
        done
        [ -z "$(ip -4 route show default 2>/dev/null)" ] || echo 'default-route yes'
        return 0
      fi
      last=''
      while read -r first second third; do
        case $first in
          '|--') last=$second ;;
          /32) [ "$second $third" != 'host LOCAL' ] || printf 'address %s/32\\n' "$last" ;;
        esac
      done </proc/net/fib_trie
      while read -r _ destination _ _ _ _ _ mask _; do
        if [ "$destination$mask" = 0000000000000000 ]; then
          echo 'default-route yes'
          return 0
        fi
      done </proc/net/route
    }

    listening() {
      if command -v ss >/dev/null 2>&1; then
        ss -ltnp 2>/dev/null | while read -r state _ _ local _ users; do
          [ "$state" != LISTEN ] || printf 'listen %s %s\\n' "${local##*:}" "$users"
        done
        return 0
      fi
      for table in /proc/net/tcp /proc/net/tcp6; do
        [ -r "$table" ] || continue
        while read -r _ local _ state _; do
          [ "$state" != 0A ] || printf 'listen 0x%s\\n' "${local##*:}"
        done <"$table"
      done
    }

    time_services() {
      for name in \(timeServices.joined(separator: " ")); do
        for folder in /usr/lib/systemd/system /lib/systemd/system; do
          [ ! -f "$folder/$name" ] || printf 'time-service %s\\n' "$name"
        done
      done
    }

    # CAP_SYS_TIME is capability 25.
    may_set_clock() {
      while read -r key value; do
        [ "$key" != CapBnd: ] || return $((((0x$value >> 25) & 1) == 0))
      done </proc/self/status
    }

    # mounted_at POINT KEY: the type of what is mounted there last.
    mounted_at() {
      type=''
      while read -r _ point kind _; do
        [ "$point" != "$1" ] || type=$kind
      done </proc/self/mounts
      [ -z "$type" ] || printf '%s %s\\n' "$2" "$type"
    }

    flash() {
      [ -d /mnt/flash ] || return 0
      mounted_at /mnt/flash flash-fs
      df -Pk /mnt/flash 2>/dev/null | {
        read -r _
        read -r _ _ _ free _
        printf 'flash-free-kib %s\\n' "$free"
      }
      stat -c 'flash-mode %a %g' /mnt/flash 2>/dev/null
    }

    # What cannot be tried, because its program is not there yet, is not judged.
    proxy_modes() {
      if command -v iptables >/dev/null 2>&1 && ! iptables -t nat -S OUTPUT >/dev/null 2>&1; then
        echo 'lacks iptables'
      fi
      if command -v nft >/dev/null 2>&1 && ! nft list tables >/dev/null 2>&1; then
        echo 'lacks nftables'
      fi
      if [ ! -e /proc/net/ip_vs ] && ! modprobe -n -q ip_vs 2>/dev/null; then
        echo 'lacks ipvs'
      fi
    }

    # Only of a Docker that runs: its socket would start one that does not.
    docker_driver() {
      [ -e /etc/docker/daemon.json ] && command -v docker >/dev/null 2>&1 || return 0
      [ "$(systemctl is-active docker.service 2>/dev/null)" = active ] || return 0
      printf 'docker-driver %s\\n' "$(docker info -f '{{.CgroupDriver}}' 2>/dev/null)"
    }
    """
}
