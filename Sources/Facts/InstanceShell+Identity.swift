// SPDX-License-Identifier: Apache-2.0

extension InstanceShell {
  /// What an instance is, each answer checked by its shape.
  static let identity = """
    # instance: what this instance says of itself, in variables that begin so.
    instance() {
      why='instance metadata are switched off: AWS_EC2_METADATA_DISABLED is true'
      case ${AWS_EC2_METADATA_DISABLED-} in
        [Tt][Rr][Uu][Ee]) return 1 ;;
      esac
      imds_line instance-id || return 1
      is_instance "$body" || imds_bad instance-id || return 1
      instance_id=$body
      imds_line instance-type || return 1
      is_type "$body" || imds_bad instance-type || return 1
      instance_type=$body
      imds_line placement/availability-zone || return 1
      is_zone "$body" || imds_bad placement/availability-zone || return 1
      instance_zone=$body
      instance_region || return 1
      imds_line local-ipv4 || return 1
      is_ipv4 "$body" || imds_bad local-ipv4 || return 1
      instance_address=$body
      imds_line local-hostname || return 1
      # With several domains in the DHCP options there are several names.
      instance_hostname=${body%% *}
      is_host "$instance_hostname" || imds_bad local-hostname || return 1
      instance_networks
    }

    is_instance() {
      case ${1#[mi]-} in
        "$1" | '' | *[!0-9a-f]*) return 1 ;;
      esac
    }

    is_type() {
      case $1 in
        *[!a-z0-9.-]* | *.*.* | .* | *.) return 1 ;;
        *.*) ;;
        *) return 1 ;;
      esac
    }

    is_zone() {
      case $1 in
        *[!a-z0-9-]* | [!a-z]*) return 1 ;;
        *-[0-9]*) ;;
        *) return 1 ;;
      esac
    }

    is_host() {
      case $1 in
        '' | *[!A-Za-z0-9.-]* | [!A-Za-z0-9]* | *[!A-Za-z0-9]) return 1 ;;
      esac
    }

    # instance_region: metadata of before 2020 do not name it; it ends with the zone's first number.
    instance_region() {
      imds_line placement/region
      case $? in
        0)
          case $body in
            *[!0-9]) imds_bad placement/region || return 1 ;;
          esac
          is_zone "$body" || imds_bad placement/region || return 1
          instance_region=$body
          ;;
        4)
          instance_region=${instance_zone%%[0-9]*}
          body=${instance_zone#"$instance_region"}
          instance_region=$instance_region${body%%[!0-9]*}
          ;;
        *) return 1 ;;
      esac
    }

    # instance_networks: the VPC's, by the first interface.
    instance_networks() {
      instance_networks=''
      imds_line mac
      case $? in
        0) ;;
        4) return 0 ;;
        *) return 1 ;;
      esac
      octet='[0-9A-Fa-f][0-9A-Fa-f]'
      # shellcheck disable=SC2254 # a pattern
      case $body in
        $octet:$octet:$octet:$octet:$octet:$octet) ;;
        *) imds_bad mac || return 1 ;;
      esac
      imds_get "meta-data/network/interfaces/macs/$body/vpc-ipv4-cidr-blocks"
      case $? in
        0) ;;
        4) return 0 ;;
        *) return 1 ;;
      esac
      case $body in
        *[!0-9./"
    "]*) imds_bad vpc-ipv4-cidr-blocks || return 1 ;;
      esac
      for network in $body; do
        is_network "$network" || imds_bad vpc-ipv4-cidr-blocks || return 1
        instance_networks="$instance_networks $network"
      done
    }

    is_network() {
      case ${1#*/} in
        [0-9] | [12][0-9] | 3[0-2]) is_ipv4 "${1%%/*}" ;;
        *) return 1 ;;
      esac
    }

    # is_ipv4 TEXT: dotted decimal without leading zeros.
    is_ipv4() {
      case $1 in
        *.*.*.*.* | *[!0-9.]*) return 1 ;;
        *.*.*.*) ;;
        *) return 1 ;;
      esac
      octets=$1.
      while [ -n "$octets" ]; do
        case ${octets%%.*} in
          [0-9] | [1-9][0-9] | 1[0-9][0-9] | 2[0-4][0-9] | 25[0-5]) octets=${octets#*.} ;;
          *) return 1 ;;
        esac
      done
    }
    """
}
