// SPDX-License-Identifier: Apache-2.0

import Spec
import Values

/// The POSIX sh script of `PodRoutes`.
///
/// Starting twice is starting once: rules change in one transaction, routes that are no longer
/// wanted go.
struct NetworkScript {
  let text: String

  static let filterChains = ["KUBEWRIGHT-FORWARD", "KUBEWRIGHT-INPUT"]
  static let masqueradeChain = "KUBEWRIGHT-MASQ"

  /// Marks our rules among others' in configuration that is not ours alone.
  static let mark = "kubewright"

  /// Marks our routes in the kernel's table; no routing daemon uses the number.
  static let routeProtocol = 157

  /// Whether it can say what of it is in force: rules and routes that somebody else may take away.
  static func checks(_ context: HostContext) -> Bool {
    context.cluster.network.cni == .bridge || !filters(context).isEmpty
  }

  init(_ context: HostContext) throws {
    let filters = Self.filters(context)
    // In the order of starting.
    let checked =
      (filters.isEmpty ? [] : ["check_filters"])
      + (context.cluster.network.cni == .bridge ? ["check_routes"] : [])
    let parts =
      (PodRoutes.forwardsAll(context) ? [("policy", Self.policyFunctions)] : [])
      + (filters.isEmpty ? [] : [("filters", Self.filterFunctions(filters))])
      + [("routes", Self.routes(context))]
    text = """
      #!/bin/sh
      # Written by kubewright: this host's pod routes and filter rules.
      #   start  makes them so, and takes away what is no longer wanted
      #   stop   takes all of them away
      \(checked.isEmpty ? "" : "#   check  says what of them is in force no longer\n")\
      set -eu

      \(parts.reversed().map(\.1).joined(separator: "\n"))
      case ${1-} in
        start)
      \(parts.map { "    start_\($0.0)" }.joined(separator: "\n"))
          ;;
        stop)
      \(parts.reversed().map { "    stop_\($0.0)" }.joined(separator: "\n"))
          ;;
      \(checked.isEmpty ? "" : "  check)\n    \(checked.joined(separator: " && "))\n    ;;\n")\
        *)
          echo "usage: $0 start|stop\(checked.isEmpty ? "" : "|check")" >&2
          exit 64
          ;;
      esac

      """
  }

  // MARK: Routes

  /// `SUBNET NODE`, a line for each other worker: in a large cluster the bulk of what there is to render.
  private static func wanted(_ context: HostContext) -> String {
    guard context.cluster.network.cni == .bridge else { return "" }
    var lines = ""
    for host in context.cluster.hosts where host.name != context.host.name {
      guard host.roles.contains(.worker), let subnet = context.podSubnets[host.name] else {
        continue
      }
      lines += "\(subnet) \(host.nodeIP)\n"
    }
    return lines
  }

  /// Only who sets routes from its address needs it.
  private static func awaiting(_ context: HostContext) -> String {
    guard context.cluster.network.cni == .bridge else { return "await_address() { :; }\n" }
    return """
      # At boot the address may come late.
      await_address() {
        n=0
        while ! ip -4 addr show | grep -qF ' \(context.host.nodeIP)/'; do
          n=$((n + 1))
          [ "$n" -lt 300 ] || { echo "the address \(context.host.nodeIP) is not on this host" >&2; return 1; }
          sleep 1
        done
      }

      """
  }

  private static func routes(_ context: HostContext) -> String {
    let lines = wanted(context)
    return """
      # SUBNET NODE, a line for each other worker.
      routes() {
        cat <<'EOF'
      \(lines)EOF
      }

      \(awaiting(context))
      # Where the other node is not a neighbour, whoever routes between the nodes routes to the pods too.
      add_route() {
        case $(ip route get "$2" 2>/dev/null) in
          '' | *" via "*) return 0 ;;
        esac
        said=$(ip route replace "$1" via "$2" proto \(routeProtocol) 2>&1) && return 0
        [ -z "$(ip route show "$1")" ] || return 0
        echo "no route to $1 via $2: $said" >&2
        return 1
      }

      start_routes() {
        await_address
        ip route show proto \(routeProtocol) | while read -r subnet _; do
          routes | grep -q "^$subnet " || ip route del "$subnet" proto \(routeProtocol)
        done
        failed=0
        while read -r subnet node; do
          [ -n "$subnet" ] || continue
          add_route "$subnet" "$node" || failed=1
        done <<EOF
      $(routes)
      EOF
        return "$failed"
      }

      \(context.cluster.network.cni == .bridge ? checkRoutes : "")\
      stop_routes() {
        ip route show proto \(routeProtocol) | while read -r subnet _; do
          ip route del "$subnet" proto \(routeProtocol)
        done
      }

      """
  }

  private static let checkRoutes = """
    # One that somebody else's routing made is as good.
    check_routes() {
      have=$(ip route show proto \(routeProtocol))
      while read -r subnet node; do
        [ -n "$subnet" ] || continue
        case "
    $have" in
          *"
    $subnet "*) continue ;;
        esac
        case $(ip route get "$node" 2>/dev/null) in
          '' | *" via "*) continue ;;
        esac
        [ -n "$(ip route show "$subnet")" ] || { echo "no route to $subnet"; return 1; }
      done <<EOF
    $(routes)
    EOF
    }


    """

  // MARK: Policy

  /// What was before lies in /run, which a reboot empties as it does the kernel's tables.
  private static let policyFunctions = """
    was_dropped=/run/kubewright-forward-was-dropped

    start_policy() {
      policy=$(iptables -w -S FORWARD) || return 1
      case $policy in
        '-P FORWARD DROP'*)
          : >"$was_dropped"
          iptables -w -P FORWARD ACCEPT
          ;;
      esac
    }

    stop_policy() {
      [ -e "$was_dropped" ] || return 0
      iptables -w -P FORWARD DROP
      rm -f "$was_dropped"
    }

    """

  // MARK: Filters

  /// What each of our chains says.
  static func filters(_ context: HostContext) -> [FilterTable] {
    let pods = context.cluster.network.podCIDR
    let etcd = OpenPort(ports: 2379...2380, isUDP: false, use: "etcd")
    var filters: [FilterTable] = []
    let isOurs = context.cluster.network.cni != .none
    if context.isWorker, isOurs {
      let members = context.cluster.hosts(with: .etcd).map {
        FilterRule(
          source: pods,
          destination: CIDR(base: $0.nodeIP, prefix: 32),
          port: etcd,
          verdict: .drop
        )
      }
      filters.append(
        FilterTable(
          table: "filter",
          parent: "FORWARD",
          chain: "KUBEWRIGHT-FORWARD",
          rules: members + [
            FilterRule(source: pods, verdict: .accept),
            FilterRule(destination: pods, verdict: .accept),
          ]
        )
      )
      filters.append(
        FilterTable(
          table: "nat",
          parent: "POSTROUTING",
          chain: masqueradeChain,
          rules: [
            FilterRule(source: pods, destination: pods, verdict: .leave),
            FilterRule(
              source: pods,
              destination: CIDR(base: IPv4Address(raw: 0xE000_0000), prefix: 4),
              verdict: .leave
            ),
            FilterRule(source: pods, verdict: .masquerade),
          ]
        )
      )
    }
    let guarded =
      context.isEtcd && isOurs ? [FilterRule(source: pods, port: etcd, verdict: .drop)] : []
    let opened = OpenPort.needed(context).map { FilterRule(port: $0, verdict: .accept) }
    if !(guarded + opened).isEmpty {
      filters.append(
        FilterTable(
          table: "filter",
          parent: "INPUT",
          chain: "KUBEWRIGHT-INPUT",
          rules: guarded + opened
        )
      )
    }
    return filters
  }

  private static func filterFunctions(_ filters: [FilterTable]) -> String {
    let tables = ["filter", "nat"].compactMap { table -> String? in
      let chains = filters.filter { $0.table == table }
      guard !chains.isEmpty else { return nil }
      let declared = chains.map { ":\($0.chain) - [0:0]" }
      let rules = chains.flatMap { filter in
        filter.rules.map { "-A \(filter.chain) \($0.iptables)" }
      }
      return (["*\(table)"] + declared + rules + ["COMMIT"]).joined(separator: "\n")
    }
    let jumps = filters.map { "  jump \($0.table) \($0.parent) \($0.chain)" }
    let held = filters.flatMap { filter in
      ["  held \(filter.table) \(filter.parent) -j \(filter.chain) || return 1"]
        + filter.rules.map {
          "  held \(filter.table) \(filter.chain) \($0.iptables) || return 1"
        }
    }
    let removals = filters.map { "  drop \($0.table) \($0.parent) \($0.chain)" }
    return """
      # Declaring a chain empties it; a table changes whole or not at all.
      rules() {
        cat <<'EOF'
      \(tables.joined(separator: "\n"))
      EOF
      }

      # The option to wait for the lock came with iptables 1.6.2.
      restore() {
        if iptables-restore --help </dev/null 2>&1 | grep -q -e --wait; then
          iptables-restore -w --noflush
        else
          iptables-restore --noflush
        fi
      }

      jump() {
        iptables -w -t "$1" -C "$2" -j "$3" 2>/dev/null || iptables -w -t "$1" -I "$2" 1 -j "$3"
      }

      drop() {
        while iptables -w -t "$1" -D "$2" -j "$3" 2>/dev/null; do :; done
        iptables -w -t "$1" -F "$3" 2>/dev/null || return 0
        iptables -w -t "$1" -X "$3"
      }

      start_filters() {
        rules | restore
      \(jumps.joined(separator: "\n"))
      }

      held() {
        table=$1 chain=$2
        shift 2
        iptables -w -t "$table" -C "$chain" "$@" 2>/dev/null || { echo "$chain lacks $*"; return 1; }
      }

      check_filters() {
      \(held.joined(separator: "\n"))
      }

      stop_filters() {
      \(removals.joined(separator: "\n"))
      }

      """
  }
}
