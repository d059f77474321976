// SPDX-License-Identifier: Apache-2.0

extension Probe {
  /// What filters the host's traffic: rules of iptables, firewalld, and chains of nftables.
  ///
  /// Chains of ip6, bridge and the like see nothing of a cluster's. Tables of iptables' names are iptables', which
  /// shows them itself; firewalld's are changed by firewalld alone. Neither is listed: with kube-proxy's rules
  /// they have tens of thousands of lines.
  static let filterFunctions = """
    filters() {
      if command -v iptables >/dev/null 2>&1; then
        iptables -S INPUT 2>/dev/null | while read -r line; do printf 'rule %s\\n' "$line"; done
      fi
      if command -v firewall-cmd >/dev/null 2>&1 &&
        [ "$(systemctl is-active firewalld.service 2>/dev/null)" = active ]; then
        printf 'firewalld %s\\n' "$(firewalld_version)"
      fi
      command -v nft >/dev/null 2>&1 || return 0
      nft list tables 2>/dev/null | while read -r _ family table; do
        case "$family $table" in
          'ip filter') nft list chain ip filter INPUT 2>/dev/null ;;
          'ip nat' | 'ip mangle' | 'ip raw' | 'ip security' | *' firewalld' | *' kube-proxy') ;;
          'ip '* | 'inet '*) nft list table "$family" "$table" 2>/dev/null ;;
        esac
      done | chains
      return 0
    }

    # Over the bus, as firewall-cmd takes a third of a second to start.
    firewalld_version() {
      busctl get-property org.fedoraproject.FirewallD1 /org/fedoraproject/FirewallD1 \\
        org.fedoraproject.FirewallD1 version 2>/dev/null || firewall-cmd --version 2>/dev/null
    }

    # chains: of rules as nft lists them, those of base chains that filter what comes in or passes through.
    chains() {
      within='' table=''
      while read -r first second third rest; do
        case $first in
          table) table="$second $third" within='' ;;
          chain) chain=$second within='' ;;
          '}') within='' ;;
          type)
            case "$second $third $rest" in
              'filter hook input '* | 'filter hook forward '*) ;;
              *) continue ;;
            esac
            case $table in
              'ip filter') printf 'rule %s\\n' "$third $rest" ;;
              *) within=1; printf 'chain %s\\n' "$table $chain $third $rest" ;;
            esac
            ;;
          *) [ -z "$within" ] || printf 'chain-rule %s\\n' "$first $second $third $rest" ;;
        esac
      done
    }
    """
}
