// SPDX-License-Identifier: Apache-2.0

package import Values

/// What the programs we run leave on a host while they run, for `reset` to take away: nothing is made for
/// it, it is only listed.
package struct Footprint: Sendable, Equatable {
  /// Distinguishes footprints of one host: `pods`, `kube-proxy`.
  package var name: String
  /// Network interfaces, exact or ending in `*`; a bridge takes the veths attached to it along.
  package var interfaces: [String]
  /// Whatever is mounted below these folders.
  package var mountsBelow: [String]
  /// Chains of iptables and ip6tables that begin so (`KUBE-`), and the rules that lead to them.
  package var chainPrefixes: [String]
  /// Named network namespaces under /run/netns that begin so (`cni-`).
  package var networkNamespacePrefixes: [String]
  /// Whether CRI-O pinned namespaces, each under a UUID.
  package var pinnedNamespaces: Bool
  /// Whether pods' containers are killed: they outlive the runtime that made them.
  package var containers: Bool
  /// Whether Docker is asked to remove the containers that a kubelet had it make.
  package var dockerContainers: Bool
  /// Tables of nftables with exactly these names, of IPv4 and IPv6.
  package var nftTables: [String]
  /// Whether EKS's pod network is the VPC CNI, of which much remains that is in no chain or folder.
  package var vpcCNI: Bool
  package var reason: String

  package init(
    name: String,
    interfaces: [String] = [],
    mountsBelow: [String] = [],
    chainPrefixes: [String] = [],
    networkNamespacePrefixes: [String] = [],
    pinnedNamespaces: Bool = false,
    containers: Bool = false,
    dockerContainers: Bool = false,
    nftTables: [String] = [],
    vpcCNI: Bool = false,
    reason: String
  ) {
    self.name = name
    self.interfaces = interfaces
    self.mountsBelow = mountsBelow
    self.chainPrefixes = chainPrefixes
    self.networkNamespacePrefixes = networkNamespacePrefixes
    self.pinnedNamespaces = pinnedNamespaces
    self.containers = containers
    self.dockerContainers = dockerContainers
    self.nftTables = nftTables
    self.vpcCNI = vpcCNI
    self.reason = reason
  }
}

extension Footprint: HostResource {
  package static let kind = "footprint"

  package var id: ResourceID { ResourceID(kind: Self.kind, name: name) }
  package var fingerprint: Digest { Digest(of: manifestFields.joined(separator: "\0")) }

  package var manifestFields: [String] {
    let chains = chainPrefixes + (vpcCNI ? VPCCNI.chainPrefixes : [])
    return interfaces.map { "interface=\($0)" } + mountsBelow.map { "mounts=\($0)" }
      + chains.map { "chains=\($0)" }
      + networkNamespacePrefixes.map { "namespaces=\($0)" }
      + (pinnedNamespaces ? ["pinned=crio"] : [])
      + (containers ? ["containers=pods"] : [])
      + (dockerContainers ? ["containers=docker"] : []) + nftTables.map { "nft=\($0)" }
      + (vpcCNI ? ["cni=aws"] : [])
  }

  package func observe(as label: String, in program: inout ObservationProgram) {}

  package func change(from observed: Observation, in context: PlanContext) -> Change? {
    context.entry == nil ? change(.create, "recorded for reset") : nil
  }

  package func holds(in look: inout HostLook) -> String { "[ -n \"$known\" ]" }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    // The program has listed it before its first step.
    "return 0\n"
  }

  package static func removal(of entry: ManifestEntry) -> String {
    // Containers first: they hold the rest.
    let containers = entry.values("containers")
    var calls = containers.contains("docker") ? ["remove_docker_pods"] : []
    calls += containers.contains("pods") ? ["kill_pods"] : []
    calls += entry.values("mounts").map { "unmount_below_if_there \(Shell.quote($0))" }
    calls += entry.values("namespaces").map { "remove_namespaces \(Shell.quote($0))" }
    if !entry.values("pinned").isEmpty { calls.append("remove_crio_state") }
    calls += entry.values("interface").map { "remove_interfaces \(Shell.quote($0))" }
    calls += entry.values("chains").map { "remove_chains \(Shell.quote($0))" }
    calls += entry.values("nft").map { "remove_tables \(Shell.quote($0))" }
    if entry.values("cni").contains("aws") { calls.append("remove_vpc_cni") }
    return calls.map { $0 + " || return 1\n" }.joined() + "return 0\n"
  }

  /// What `removal` takes away, for people: a line each.
  package static func listing(of entry: ManifestEntry) -> [String] {
    func line(_ key: String, _ what: String, _ end: String = "") -> [String] {
      let values = entry.values(key).map { TerminalText.escape($0) + end }
      return values.isEmpty ? [] : ["\(what) \(values.joined(separator: ", "))"]
    }
    return (entry.values("containers").isEmpty ? [] : ["the containers of pods"])
      + line("mounts", "what is mounted below")
      + line("namespaces", "network namespaces", "*")
      + (entry.values("pinned").isEmpty ? [] : ["namespaces that CRI-O pinned, and /run/crio"])
      + line("interface", "network interfaces")
      + line("chains", "chains of iptables and what leads to them:", "*")
      + line("nft", "tables of nftables")
      + (entry.values("cni").contains("aws") ? VPCCNI.listing : [])
  }

  package static let functions = [
    Mounts.functions, DockerShell.observing, DockerShell.changing, VPCCNI.functions,
    """
    # kill_pods: shims of the namespace k8s.io, and whatever runs in a pod's control group.
    kill_pods() {
      tries=20
      while pod_processes; do
        # shellcheck disable=SC2086 # a list of processes
        kill -9 $doomed 2>/dev/null
        [ "$tries" -gt 0 ] || { refuse "pods' processes do not die:$doomed"; return 1; }
        tries=$((tries - 1))
        sleep 0.2 2>/dev/null || sleep 1
      done
      return 0
    }

    # pod_processes: sets $doomed; fails where there are none.
    pod_processes() {
      doomed=''
      for process in /proc/[0-9]*; do
        number=${process#/proc/}
        [ "$number" != "$$" ] || continue
        groups='' command=''
        { while IFS= read -r line; do groups="$groups $line"; done <"$process/cgroup"; } 2>/dev/null
        case $groups in
          *kubepods*)
            # What is dead and not yet waited for is in its group still.
            { read -r line <"$process/stat"; } 2>/dev/null || continue
            case ${line##*') '} in
              Z*) ;;
              *) doomed="$doomed $number" ;;
            esac
            continue
            ;;
        esac
        command=$({ tr '\\000' ' ' <"$process/cmdline" | head -c 4096; } 2>/dev/null)
        case $command in
          *containerd-shim*' -namespace k8s.io '*) doomed="$doomed $number" ;;
          # CRI-O's monitors, which may be in system.slice, and the machines of sandboxed pods.
          *conmon*' /var/run/crio/exits '* | *conmon*' /run/crio/exits '*) doomed="$doomed $number" ;;
          */containerd-shim-kata-v2' '* | *qemu*' -name sandbox-'*) doomed="$doomed $number" ;;
        esac
      done
      [ -n "$doomed" ]
    }

    unmount_below_if_there() {
      [ ! -d "$1" ] || unmount_below "$1"
    }

    # remove_namespaces PREFIX
    remove_namespaces() {
      for space in /run/netns/"$1"*; do
        [ -e "$space" ] || continue
        umount "$space" 2>/dev/null || umount -l "$space" 2>/dev/null
        rm -f "$space" || return 1
      done
      return 0
    }

    # interfaces [master NAME]: asked of the kernel; /sys may be another network namespace's.
    interfaces() {
      ip -o link show "$@" 2>/dev/null | while read -r _ name _; do
        name=${name%:}
        printf '%s\\n' "${name%%@*}"
      done
    }

    # remove_crio_state: namespaces that CRI-O pinned, by their UUIDs, as /run/netns has others' too; and
    # what it knew of containers.
    remove_crio_state() {
      hex='[0-9a-f]' four='[0-9a-f][0-9a-f][0-9a-f][0-9a-f]'
      for kind in net ipc uts user pid; do
        # shellcheck disable=SC2231 # patterns
        for space in /run/"$kind"ns/$four$four-$four-$four-$four-$hex*; do
          [ -e "$space" ] || continue
          umount "$space" 2>/dev/null || umount -l "$space" 2>/dev/null
          rm -f "$space" || return 1
        done
        [ "$kind" = net ] || rmdir "/run/${kind}ns" 2>/dev/null
      done
      rm -rf /run/crio
    }

    # ports BRIDGE: busybox's ip cannot tell.
    ports() {
      if ip -o link show master "$1" >/dev/null 2>&1; then
        interfaces master "$1"
        return
      fi
      for port in "/sys/class/net/$1"/brif/*; do
        [ ! -e "$port" ] || printf '%s\\n' "${port##*/}"
      done
    }

    # remove_interfaces NAME-OR-PATTERN
    remove_interfaces() {
      command -v ip >/dev/null 2>&1 || return 0
      for name in $(interfaces); do
        case $1 in
          *'*') case $name in "${1%?}"*) ;; *) continue ;; esac ;;
          *) [ "$name" = "$1" ] || continue ;;
        esac
        for port in $(ports "$name"); do
          case $port in veth*) ip link delete "$port" 2>/dev/null ;; esac
        done
        # It may go together with its other end.
        ip link delete "$name" || ! ip link show "$name" >/dev/null 2>&1 || return 1
      done
      return 0
    }

    # remove_tables NAME
    remove_tables() {
      command -v nft >/dev/null 2>&1 || return 0
      for family in ip ip6; do
        if nft list table "$family" "$1" >/dev/null 2>&1; then
          nft delete table "$family" "$1" || return 1
        fi
      done
      return 0
    }

    # remove_chains PREFIX: with the rules that lead to them.
    remove_chains() {
      drop_rules ":$1*" "*] -A $1*" "* -j $1*" "* -g $1*"
    }

    # drop_rules PATTERN...: one atomic replacement a table; rules of others stay, with their counters.
    drop_rules() {
      for tool in iptables ip6tables; do
        command -v "$tool-save" >/dev/null 2>&1 || continue
        for table in filter nat mangle; do
          "$tool-save" -c -t "$table" >"$state/tmp/rules" 2>/dev/null || continue
          found=''
          while IFS= read -r line; do
            for pattern; do
              # shellcheck disable=SC2254 # a pattern
              case $line in
                $pattern)
                  found=1
                  continue 2
                  ;;
              esac
            done
            printf '%s\\n' "$line"
          done <"$state/tmp/rules" >"$state/tmp/rules.new"
          [ -z "$found" ] || "$tool-restore" -c -T "$table" "$state/tmp/rules.new" || return 1
        done
      done
      return 0
    }
    """,
  ]
}
