// SPDX-License-Identifier: Apache-2.0

import Values

/// Finds out what a host is, by one program that changes nothing.
package enum Probe {
  /// What a host keeps of what we put there.
  package static let manifestPath = "/var/lib/kubewright/manifest"

  /// The same where the host's root file system does not outlive a reload and was not put back yet.
  package static let flashManifestPath = "/mnt/flash/kubernetes/var/lib/kubewright/manifest"

  /// Files that only Arista EOS has.
  static let releaseFiles = ["/etc/Eos-release", "/etc/arista-release"]

  /// Programs whose presence decides how a host is prepared.
  static let tools = [
    "apt-get", "dnf", "yum", "iptables", "ip6tables", "iptables-save", "nft", "conntrack", "ipset",
    "ipvsadm", "ip", "ss", "socat", "ethtool", "modprobe", "mount", "runc", "crun", "containerd",
    "ctr", "conmon", "crio", "docker", "dockerd", "kubelet", "etcd", "curl", "wget", "sudo",
    "useradd", "swapoff", "openssl", "journalctl", "systemctl", "firewall-cmd", "ufw", "FastCli",
    "groupadd", "aws",
  ]

  /// Paths whose presence says what a host is or can do.
  static let paths = [
    "/dev/kmsg", "/dev/kvm", "/lib/modules", "/mnt/flash", "/proc/sys/net/bridge",
    "/proc/sys/net/netfilter/nf_conntrack_max", "/run/containerd/containerd.sock",
    "/run/systemd/resolve/resolv.conf", "/sys/fs/selinux", "/sys/module/apparmor",
    "/sys/module/nf_conntrack", "/sys/module/overlay",
    "/var/lib/cloud/scripts/per-boot/kubewright", "/var/lib/etcd/member",
    "/var/lib/kubewright",
    "/var/run/docker.sock", "/etc/Eos-release", "/etc/arista-release",
  ]

  /// Files of clusters that other installers made.
  static let foreignPaths = [
    "/etc/kubernetes/admin.conf", "/etc/kubernetes/kubelet.conf",
    "/etc/kubernetes/manifests/kube-apiserver.yaml", "/etc/kubernetes/manifests/etcd.yaml",
    "/etc/k0s", "/var/lib/k0s", "/etc/rancher/k3s", "/var/lib/rancher/k3s", "/etc/rancher/rke2",
    "/var/lib/rancher/rke2", "/var/snap/microk8s", "/var/lib/etcd/member",
  ]

  /// systemd units that keep the clock right.
  static let timeServices = [
    "chronyd.service", "chrony.service", "ntpd.service", "ntp.service", "ntpsec.service",
    "openntpd.service", "systemd-timesyncd.service",
  ]

  /// Services that filter what comes in, whatever a look at the tables says.
  static let filterServices = ["firewalld.service"]

  /// A program for the host's sh; `parse` reads what it prints.
  ///
  /// - Parameters:
  ///   - asksInstance: whether the host is asked which EC2 instance it is, which takes as long as `instance`
  ///     has patience where it is none.
  ///   - instance: how it asks.
  /// - Returns: the program's text.
  package static func program(
    asksInstance: Bool = false,
    instance: InstanceShell = InstanceShell()
  ) -> String {
    let asking =
      asksInstance
      ? (
        functions: "\n" + InstanceShell.functions + "\n\n" + InstanceShell.probing + "\n",
        call: (instance.setting + "instance_facts").indented(by: 2)
          .trimmingPrefix { $0 == " " } + "\n  "
      ) : (functions: "", call: "")
    let services = (timeServices + filterServices).joined(separator: " ")
    return """
      #!/bin/sh
      # kubewright: finds out what this host is and changes nothing.
      PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
      LC_ALL=C
      export PATH LC_ALL
      \(functions)
      \(filterFunctions)
      \(storageFunctions + asking.functions)
      main() {
        echo 'kubewright-probe 1'
        printf 'time %s\\n' "$(date +%s)"
        printf 'uid %s\\n' "${SUDO_UID:-$(id -u)}"
        first_line hostname /proc/sys/kernel/hostname
        first_line kernel /proc/sys/kernel/osrelease
        first_line machine-id /etc/machine-id
        first_line init /proc/1/comm
        os_release
        printf 'elf %s\\n' "$(od -An -v -tx1 -N 20 <"/proc/$$/exe" | tr -d ' \\n')"
        cgroup
        oom_score
        memory
        printf 'cpus %s\\n' "$(nproc 2>/dev/null)"
        virtualization
        df -Pk /var/lib 2>/dev/null | { read -r _; read -r _ _ _ free _; printf 'free-kib %s\\n' "$free"; }
        swaps
        for name in \(tools.joined(separator: " ")); do
          if path=$(command -v "$name"); then printf 'tool %s %s\\n' "$name" "$path"; fi
        done
        for path in \(paths.joined(separator: " ")); do
          [ ! -e "$path" ] || printf 'path %s\\n' "$path"
        done
        for path in \(foreignPaths.joined(separator: " ")); do
          [ ! -e "$path" ] || printf 'foreign %s\\n' "$path"
        done
        addresses
        listening
        if [ -d /run/systemd/system ]; then
          systemctl --version 2>/dev/null | { read -r line; printf 'systemd %s\\n' "$line"; }
          # shellcheck disable=SC2046 # a word a unit
          set -- \(services)
          systemctl is-active "$@" 2>/dev/null | while read -r state; do
            printf 'service %s %s\\n' "$state" "$1"
            shift
          done
        fi
        time_services
        # A container's clock is its host's to keep.
        if [ -e /run/systemd/container ] || ! may_set_clock; then
          echo 'service active host-of-this-container'
        fi
        filters
        printf 'machine %s\\n' "$(uname -m)"
        mounted_at / root-fs
        flash
        proxy_modes
        docker_driver
        file_types
        if command -v containerd >/dev/null 2>&1; then
          printf 'containerd %s\\n' "$(containerd --version 2>/dev/null)"
        fi
        \(asking.call)echo manifest
        for path in \(manifestPath) \(flashManifestPath); do
          if [ -f "$path" ]; then
            cat "$path"
            break
          fi
        done
        echo end
      }
      { main; exit; } </dev/null

      """
  }

  private static let functions = """
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
