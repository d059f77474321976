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
    mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work root
    mount --bind var-lib root/var/lib
    if [ -d /lib/modules ]; then
      mount --bind /lib/modules root/usr/lib/modules
      mount -o remount,bind,ro root/usr/lib/modules
    fi
    # What systemd-nspawn and ip leave in /run is to stay in here.
    mkdir -p /run/systemd/nspawn
    mount -t tmpfs -o mode=0755 tmpfs /run/systemd/nspawn
    mount -t tmpfs -o mode=0755 tmpfs /run/netns

    # plug PORT BRIDGE INTERFACE MAC [ADDRESS]
    plug() {
      ip link delete dev "$1" 2>/dev/null || :
      ip link add name "$1" type veth peer name "$3" address "$4" netns machine
      ip link set dev "$1" master "$2"
      ip link set dev "$1" up
      [ -z "${5:-}" ] || ip -n machine address add "$5" dev "$3"
      ip -n machine link set dev "$3" up
    }

    code=133
    # systemd-nspawn's code for "reboot" under --keep-unit.
    while [ "$code" = 133 ]; do
      while IFS= read -r group; do
        find "$group" -mindepth 1 -depth -type d -exec rmdir {} \; 2>/dev/null || :
      done <control-groups
      [ ! -e /run/netns/machine ] || ip netns delete machine
      ip netns add machine
      ip -n machine link set dev lo up
    \#(plugs)
      ip -n machine route add default via \#(gateway)
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
          --machine=\#(names.machine(machine.name)) --hostname=\#(machine.name) --directory=root \
          --network-namespace-path=/run/netns/machine --capability=all \
          --system-call-filter='@mount bpf keyctl @raw-io @module @swap' --bind=/dev/kmsg \
          --resolv-conf=off --timezone=off --link-journal=no
      ) || code=$?
      echo "the machine ended with code $code"
    done
    exit "$code"

    """#
  }

  private var plugs: String {
    ports.map { port in
      let words =
        [port.name, port.bridge, port.interface, port.hardwareAddress]
        + (port.address.map { [$0.description] } ?? [])
      return "  plug " + Shell.command(words)
    }.joined(separator: "\n")
  }
}

extension Program {
  func appending(_ more: [String]) -> Program { Program(words + more) }
}
