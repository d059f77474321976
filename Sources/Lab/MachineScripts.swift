// SPDX-License-Identifier: Apache-2.0

import Values

/// The two POSIX sh programs that are a machine's power supply.
///
/// They lie in its directory, to be read by whoever wants to know what a lab's machine is.
struct MachineScripts: Sendable, Equatable {
  let names: LabNames
  let machine: Machine
  let ports: [Fabric.Port]
  let gateway: IPv4Address
  let place: MachinePlace
  /// What of this computer the machine sees beside its disk.
  var binds: [Bind] = []

  /// How the start script is started, detached from this process.
  ///
  /// Where a systemd rules the computer, its control groups are its own, and a delegated scope is
  /// how to get some (systemd's CGROUP_DELEGATION).
  func launch(underSystemd: Bool) -> Program {
    var words = ["setsid", "--fork"]
    if underSystemd {
      words += [
        "systemd-run", "--scope", "--quiet", "--collect", "--unit=\(names.machine(machine.name))",
        "--property=Delegate=yes",
      ]
    }
    words += ["sh", place.startScript]
    return Program(
      "sh",
      "-c",
      #"log=$1; shift; exec "$@" </dev/null >>"$log" 2>&1"#,
      "sh",
      place.log
    )
    .appending(words)
  }

  /// Joins control groups of the machine's own and becomes the parent of its process namespace.
  var start: String {
    #"""
    #!/bin/sh
    # Starts a machine of a kubewright lab: see the file "machine" beside this one.
    set -eu
    cd \#(Shell.quote(place.path))
    name=\#(names.machine(machine.name))
    group=\#(names.lab)/\#(machine.name)
    memory=\#(machine.memory.map(String.init) ?? "")
    : >control-groups

    # The machine outlives the command that started it, so it may not stay in that command's groups.
    join() {
      printf '%s\n' "$1" >>control-groups
      mkdir -p "$1"
      for file in cpuset.cpus cpuset.mems; do
        # A new version 1 group has no processors until it is given some.
        if [ -e "$1/$file" ] && [ ! -e "$1/cgroup.controllers" ]; then
          cat "${1%/*/*}/$file" >"${1%/*}/$file"
          cat "${1%/*/*}/$file" >"$1/$file"
        fi
      done
      if [ -n "$memory" ] && [ -e "$1/memory.limit_in_bytes" ]; then
        echo "$memory" >"$1/memory.limit_in_bytes"
      fi
      echo $$ >"$1/cgroup.procs"
    }
    delegate() {
      # shellcheck disable=SC2013 # one line of words
      for controller in $(cat "$1/cgroup.controllers"); do
        echo "+$controller" >"$1/cgroup.subtree_control" || :
      done
    }
    rm -f payload
    if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
      # Version 2: a group with controllers for its children holds no processes itself, so what watches
      # the machine and the machine are in groups beside each other.
      own=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)
      case $own in
      */"$name.scope") ;;
      *)
        own=/sys/fs/cgroup/$group
        mkdir -p "$own"
        delegate /sys/fs/cgroup
        delegate "${own%/*}"
        ;;
      esac
      join "$own/watch"
      printf '%s\n' "$own" >control-groups
      mkdir -p "$own/machine"
      delegate "$own"
      if [ -n "$memory" ]; then echo "$memory" >"$own/memory.max"; fi
      printf '%s\n' "$own/machine" >payload
    else
      for hierarchy in /sys/fs/cgroup/*; do
        if [ ! -L "$hierarchy" ] && [ -e "$hierarchy/cgroup.procs" ]; then join "$hierarchy/$group"; fi
      done
    fi

    stat=$(cat /proc/$$/stat)
    pid=$$
    # shellcheck disable=SC2086 # the fields behind the name
    set -- ${stat##*) }
    shift 19
    echo "$pid $1 $(cat /proc/sys/kernel/random/boot_id)" >process.new
    mv process.new process

    exec nsenter --net=/run/netns/\#(names.lab) unshare --mount --propagation=private --pid --fork \
      --kill-child --mount-proc -- sh ./machine

    """#
  }

  /// Process 1 of the machine's supervision: mounts its disk, and boots it anew whenever it
  /// reboots.
  ///
  /// Its mounts are seen by the machine alone and go with it; so does its network, at every boot.
  var run: String {
    #"""
    #!/bin/sh
    # A machine of a kubewright lab; started by the file "start" beside this one.
    set -eu
    cd \#(Shell.quote(place.path))
    # What systemd-nspawn and ip leave in /run is to stay in here.
    mkdir -p /run/systemd/nspawn
    mount -t tmpfs -o mode=0755 tmpfs /run/systemd/nspawn
    mount -t tmpfs -o mode=0755 tmpfs /run/netns

    # attach SOURCE TARGET [ro]: what the machine sees of this computer.
    attach() {
      if [ -d "$1" ]; then
        mkdir -p "root$2"
      else
        mkdir -p "root${2%/*}"
        [ -e "root$2" ] || : >"root$2"
      fi
      mount --bind "$1" "root$2"
      [ -z "${3:-}" ] || mount -o remount,bind,ro "root$2"
    }
    assemble() {
      while mountpoint -q root; do umount -R root; done
    \#(machine.system == .eos ? Self.beginAnew : "")
      mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work root
      attach var-lib /var/lib
      if [ -d /lib/modules ]; then attach /lib/modules /usr/lib/modules ro; fi
    \#(attachments)
      if [ -e root/\#(MachineSeed.runcPath) ] && ! (echo -1 >/proc/self/oom_score_adj) 2>/dev/null
      then
        ln -sf /\#(MachineSeed.runcPath) root/usr/local/sbin/runc
      fi
    }

    # plug PORT BRIDGE INTERFACE MAC [ADDRESS]
    plug() {
      ip link delete dev "$1" 2>/dev/null || :
      ip link add name "$1" type veth peer name "$3" address "$4" netns machine
      ip link set dev "$1" master "$2"
      [ -e "cut-$3" ] || ip link set dev "$1" up
      [ -z "${5:-}" ] || ip -n machine address add "$5" dev "$3"
      ip -n machine link set dev "$3" up
    }

    code=133
    # systemd-nspawn's code for "reboot" under --keep-unit.
    while [ "$code" = 133 ]; do
      while IFS= read -r group; do
        find "$group" -mindepth 1 -depth -type d -exec rmdir {} \; 2>/dev/null || :
      done <control-groups
      assemble
      [ ! -e /run/netns/machine ] || ip netns delete machine
      ip netns add machine
      ip -n machine link set dev lo up
    \#(network)
      # Kubelets up to 1.26 ask a cloud for credentials there, and wait 10 seconds for no answer.
      ip -n machine route add unreachable 169.254.169.254/32
      date +%s >booted
      code=0
      (
        if [ -e payload ]; then
          group=$(cat payload)
          mkdir -p "$group"
          echo 0 >"$group/cgroup.procs"
        fi
        exec env SYSTEMD_NSPAWN_TMPFS_TMP=0 systemd-nspawn --quiet --register=no --keep-unit --boot \
          --machine=\#(names.machine(machine.name)) --hostname=\#(machine.hostname) --directory=root \
          --network-namespace-path=/run/netns/machine --capability=all \
          --system-call-filter='@mount bpf keyctl @raw-io @module @swap' --bind=/dev/kmsg \
          --resolv-conf=off --timezone=off --link-journal=no
      ) || code=$?
      echo "the machine ended with code $code"
    done
    exit "$code"

    """#
  }

  /// A switch's root file system is in its memory, so nothing outlives a boot but /mnt/flash.
  ///
  /// There is nothing to install packages with either.
  private static let beginAnew = #"""
      rm -rf --one-file-system upper work var-lib
      mkdir upper work
      cp -a seed/. upper/
      cp -a lower/var/lib var-lib
      mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work root
      rm -f root/usr/bin/apt root/usr/bin/apt-* root/usr/bin/dpkg root/usr/bin/dpkg-*
      umount root
    """#

  private var attachments: String {
    let flash =
      machine.system == .eos ? [Bind(source: "flash", target: "/mnt/flash", isReadOnly: false)] : []
    var lines = (flash + binds).map { bind in
      "  attach "
        + Shell.command([bind.source, bind.target] + (bind.isReadOnly ? ["ro"] : []))
    }
    for bind in binds {
      guard let link = bind.link else { continue }
      lines.append("  ln -sfn \(Shell.quote(bind.target)) \(Shell.quote("root" + link))")
    }
    if binds.contains(where: { $0.target == OperatorPlace.libraries }) {
      lines += [
        "  for library in root\(OperatorPlace.libraries)/*.so; do",
        "    ln -sf \"lib/${library##*/}\" root\(OperatorPlace.folder)/",
        "  done",
      ]
    }
    return lines.joined(separator: "\n")
  }

  /// The interfaces with their cables, the loopbacks, and the routes.
  private var network: String {
    var lines = ports.map { port in
      let words =
        [port.name, port.bridge, port.interface, port.hardwareAddress]
        + (port.address.map { [$0.description] } ?? [])
      return "plug " + Shell.command(words)
    }
    lines += machine.loopbacks.map { "ip -n machine address add \($0) dev lo" }
    if !machine.routes.contains(where: { $0.network.prefix == 0 }) {
      lines.append("ip -n machine route add default via \(gateway)")
    }
    // Several next hops of one network are as many routes.
    lines += machine.routes.map { "ip -n machine route append \($0.network) via \($0.nextHop)" }
    return lines.map { "  " + $0 }.joined(separator: "\n")
  }
}

/// Something of this computer that a machine sees under a path of its own.
struct Bind: Sendable, Equatable {
  var source: String
  var target: String
  var isReadOnly: Bool
  /// A symbolic link to it.
  var link: String?
}

extension Program {
  func appending(_ more: [String]) -> Program { Program(words + more) }
}
