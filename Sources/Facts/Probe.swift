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
      \(hostFunctions)
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
}
