// SPDX-License-Identifier: Apache-2.0

/// What EKS's pod network leaves on a host: the DaemonSet aws-node and the plugin aws-cni, which reset ends
/// without asking them to clear up.
///
/// Names, priorities and forms are those of aws/amazon-vpc-cni-k8s v1.7 to v1.23 (pkg/networkutils/network.go,
/// names.go, iptables_connmark.go and nftables_connmark.go, cmd/routed-eni-cni-plugin/driver, cmd/aws-vpc-cni).
/// What has only a number in common with them is another's and stays: rules of other forms at those
/// priorities, tables that no pod's rule leads to, routes in them that are not an interface's gateway.
enum VPCCNI {
  /// Chains of iptables that begin so; rules without a chain of their own are known by their comments.
  static let chainPrefixes = ["AWS-SNAT-CHAIN-", "AWS-CONNMARK-CHAIN-"]

  /// What goes, for people.
  static let listing = [
    "the VPC CNI's 10-aws.conflist, plugins and records of pods, and /run/aws-node",
    "its interfaces of pods: eni and 11 hexadecimal digits, vlan.eth.N",
    "its IP rules (priorities 10, 512, 1024, 1535, 1536, 32765) and the gateways in the tables that pods' rules lead to",
    "its rules of iptables beside its chains, and its table aws-cni of nftables",
  ]

  static let functions = """
    # remove_vpc_cni: what aws-node and its plugin made.
    remove_vpc_cni() {
      if command -v ip >/dev/null 2>&1; then
        remove_cni_rules -4 && remove_cni_rules -6 || return 1
        for name in $(cni_interfaces); do
          ip link delete "$name" || ! ip link show "$name" >/dev/null 2>&1 || return 1
        done
      fi
      drop_rules '*--comment "AWS, CONNMARK" -j CONNMARK *' '*--comment "AWS, primary ENI" *-j CONNMARK *' \\
        '*--comment "Block Node Local Pod access via IPv'[46]'" -j REJECT*' || return 1
      remove_tables aws-cni || return 1
      file=/etc/cni/net.d/10-aws.conflist
      case $(cat "$file" 2>/dev/null) in
        *'"aws-cni"'*) rm -f "$file" || return 1 ;;
      esac
      for name in aws-cni egress-cni egress-v4-cni egress-v6-cni aws-cni-support.sh; do
        rm -f "/opt/cni/bin/$name" || return 1
      done
      rm -rf /run/aws-node /run/cni/v4pd /run/cni/v6pd /var/lib/cni/networks/aws-cni \\
        /var/lib/cni/results/aws-cni-* /var/lib/cni/cache/results/aws-cni-*
    }

    # is_cni_name INTERFACE: a pod's pair on the host's side, or the VLAN of one that has an interface of its own.
    is_cni_name() {
      case $1 in
        vlan.eth.[0-9]*) return 0 ;;
        eni???????????) ;;
        *) return 1 ;;
      esac
      case ${1#eni} in
        *[!0-9a-f]*) return 1 ;;
      esac
    }

    # cni_interfaces: both have another end, which shows behind their names.
    cni_interfaces() {
      ip -o link show 2>/dev/null | while read -r _ name _; do
        case $name in
          *@*) ! is_cni_name "${name%%@*}" || printf '%s\\n' "${name%%@*}" ;;
        esac
      done
    }

    # remove_cni_rules -4|-6: a pod's rule shows which tables are the CNI's, so it goes after them.
    remove_cni_rules() {
      ip "$1" rule show 2>/dev/null | sort -rn >"$state/tmp/rules"
      tables=' '
      while read -r pref from source rest; do
        case "$pref $from" in
          '1536: from') ! is_way_out "$source" "$rest" || tables="$tables${rest##*lookup } " ;;
        esac
      done <"$state/tmp/rules"
      for table in $tables; do remove_gateway "$1" "$table" || return 1; done
      while read -r pref from source rest; do
        is_cni_rule "$pref" "$source" "$rest" || continue
        case $rest in
          # What ip says of an interface that is gone is no word that it takes.
          *' [detached] '*) rest="${rest%% '[detached]'*} ${rest#*'[detached] '}" ;;
        esac
        # shellcheck disable=SC2086 # words of ip
        ip "$1" rule del pref "${pref%:}" "$from" "$source" $rest || return 1
      done <"$state/tmp/rules"
    }

    # is_way_out SOURCE REST: from one address, by a table that has a number and no name; older releases had a rule
    # for each network.
    is_way_out() {
      case $1 in
        all | */*) return 1 ;;
      esac
      case $2 in
        'lookup '*[!0-9]* | *' lookup '*[!0-9]*) return 1 ;;
        'lookup '[0-9]* | 'to '*' lookup '[0-9]*) return 0 ;;
      esac
      return 1
    }

    # is_cni_rule PRIORITY: SOURCE REST
    is_cni_rule() {
      case "$1 $2 $3" in
        '512: all to '*/*) return 1 ;;
        # To a pod, or to a network that is reached by the first interface.
        '512: all to '*' lookup main' | '1535: all to '*' lookup main') return 0 ;;
        # What came in by the first interface leaves by it: marked with bits that nothing else looks at.
        '1024: all fwmark '*/*' lookup main')
          mark=${3#fwmark } mark=${mark%% *}
          [ "${mark%/*}" = "${mark#*/}" ]
          ;;
        '10: all iif '*' lookup '[0-9]*)
          name=${3#iif }
          is_cni_name "${name%% *}"
          ;;
        # From a pod, or from an interface's own address.
        '1536: '* | '32765: '*)
          is_way_out "$2" "$3" || return 1
          case $tables in
            *" ${3##*lookup } "*) return 0 ;;
          esac
          return 1
          ;;
        *) return 1 ;;
      esac
    }

    # remove_gateway -4|-6 TABLE: the way out by an interface; other routes of the table stay.
    remove_gateway() {
      ip "$1" route show table "$2" 2>/dev/null >"$state/tmp/routes"
      while read -r default via gateway dev _; do
        [ "$default $via $dev" = 'default via dev' ] || continue
        ip "$1" route del "$gateway" table "$2" 2>/dev/null
        ip "$1" route del default via "$gateway" table "$2" || return 1
      done <"$state/tmp/routes"
    }
    """
}
