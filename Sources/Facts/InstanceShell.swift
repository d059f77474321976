// SPDX-License-Identifier: Apache-2.0

/// How a host's shell asks the instance metadata service (IMDS), by curl alone.
///
/// The rules are those of the native client: version 2 with its token; version 1 where it is allowed and the
/// service does not know tokens; a service that is late is waited for. No answer is believed before its
/// shape is checked, and the token is in no argument that `ps` shows.
package struct InstanceShell: Sendable, Equatable {
  /// Whether a service without tokens (version 1) may be asked.
  package var allowsVersion1: Bool
  /// Seconds to wait for a service that does not answer yet.
  package var patience: Int
  /// Seconds to wait for one answer; twice as long where only the token's does not come.
  package var wait: Int

  package init(allowsVersion1: Bool = true, patience: Int = 30, wait: Int = 2) {
    self.allowsVersion1 = allowsVersion1
    self.patience = patience
    self.wait = wait
  }

  /// Statements that come before the first call.
  package var setting: String {
    """
    imds_allows_1=\(allowsVersion1 ? "yes" : "no") imds_patience=\(patience)
    case ${AWS_EC2_METADATA_V1_DISABLED-} in
      [Tt][Rr][Uu][Ee]) imds_allows_1=no ;;
    esac
    imds_endpoint=${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}
    imds_endpoint=${imds_endpoint%/} imds_version='' imds_header='' imds_wait=\(wait)

    """
  }

  /// Shell functions: `instance` sets `$instance_id`, `_type`, `_zone`, `_region`, `_address`, `_hostname`
  /// and `_networks`, or fails and says in `$why`; `instance_tags` prints the tags for a probe.
  package static let functions = asking + "\n\n" + identity

  /// What `Probe` adds to its answers.
  static let probing = """
    instance_facts() {
      if ! instance; then
        printf 'instance-problem %s\\n' "$why"
        return 0
      fi
      printf 'instance-version %s\\n' "$imds_version"
      printf 'instance-id %s\\n' "$instance_id"
      printf 'instance-type %s\\n' "$instance_type"
      printf 'instance-zone %s\\n' "$instance_zone"
      printf 'instance-region %s\\n' "$instance_region"
      printf 'instance-address %s\\n' "$instance_address"
      printf 'instance-hostname %s\\n' "$instance_hostname"
      for network in $instance_networks; do printf 'instance-network %s\\n' "$network"; done
      instance_tags || printf 'instance-problem %s\\n' "$why"
      instance_profile
    }

    # instance_profile: CODE ARN ROLE, or `none`; nothing where nobody can tell. Credentials are not asked for.
    instance_profile() {
      code='' arn=- role=-
      imds_get meta-data/iam/info
      case $? in
        0) code=$(imds_member Code) arn=$(imds_member InstanceProfileArn) ;;
        4) ;;
        *) return 0 ;;
      esac
      imds_get meta-data/iam/security-credentials/
      case $? in
        0) role=${body%%"
    "*} ;;
        4) ;;
        *) return 0 ;;
      esac
      case $role in
        '' | *[!A-Za-z0-9+=,.@_-]*) role=- ;;
      esac
      case $code$role in
        -) echo 'instance-profile none' ;;
        # No answer of EC2.
        -*) ;;
        *) printf 'instance-profile %s %s %s\\n' "${code:-Success}" "$arn" "$role" ;;
      esac
    }

    # imds_member NAME: the text of a member of the JSON in $body; a dash for what is no single word.
    imds_member() {
      member=${body#*'"'"$1"'"'}
      [ "$member" != "$body" ] || member=''
      member=${member#*'"'}
      member=${member%%'"'*}
      case $member in
        '' | *[!!-~]*) member=- ;;
      esac
      printf '%s' "$member"
    }

    # instance_tags: EC2 allows 50 of them; names and values as hexadecimal digits.
    instance_tags() {
      imds_get meta-data/tags/instance
      case $? in
        0) ;;
        4) return 0 ;;
        *) return 1 ;;
      esac
      case $body in
        *[!A-Za-z0-9+=.,_:@/"
    "-]*) imds_bad 'a tag' || return 1 ;;
      esac
      echo 'instance-tags yes'
      keys=$body count=50
      for key in $keys; do
        [ "$count" -gt 0 ] || return 0
        count=$((count - 1))
        case /$key/ in
          */./* | */../*) continue ;;
        esac
        imds_get "meta-data/tags/instance/$key" || return 1
        [ "${#body}" -le 1024 ] || imds_bad "the tag $key" || return 1
        printf 'instance-tag %s %s\\n' "$(printf '%s' "$key" | imds_hex)" \\
          "$(printf '%s' "$body" | imds_hex)"
      done
    }

    imds_hex() { od -An -v -tx1 | tr -d ' \\n'; }
    """

  private static let asking = """
    # imds_ask PATH CURL-OPTION...: sets $status and $body, or fails: curl's exit code is in $broken then.
    imds_ask() {
      imds_path=$1
      shift
      answer=$({
        printf '%s' "$imds_header" | curl -q -K - -s -g --noproxy '*' -m "$imds_wait" -w '\\n%{http_code}' \\
          "$@" "$imds_endpoint$imds_path" 2>/dev/null
        printf ' %s' "$?"
      } | tr '\\000' '\\001' | head -c 65536)
      body=${answer%"
    "*} status=${answer##*"
    "} broken=${answer##* }
      case $status in
        [0-9][0-9][0-9]' '[0-9]*) status=${status%% *} ;;
        *) broken=63 ;;
      esac
      case $broken in
        0) return 0 ;;
        6 | 7) why='nobody listens there' ;;
        28) why='nothing comes in time' ;;
        63) why='its answer is too long' ;;
        127) why='there is no curl on this host' ;;
        *) why="curl failed with exit code $broken" ;;
      esac
      return 1
    }

    # imds_session: gets a token, or finds that there are none. 1: not yet, as $why says; 2: never.
    imds_session() {
      [ -z "$imds_version" ] || return 0
      imds_header=''
      if imds_ask /latest/api/token -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 21600'; then
        case $status in
          200)
            case $body in
              '' | *[!!-~]* | *'"'* | *"\\\\"*)
                why='its token is no token'
                return 1
                ;;
            esac
            imds_version=2 imds_header="header = \\"X-aws-ec2-metadata-token: $body\\""
            return 0
            ;;
          403) imds_forbidden ;;
          404 | 405 | 501)
            why="instance metadata have no version 2 (HTTP $status), and version 1 is forbidden"
            [ "$imds_allows_1" = yes ] || return 2
            imds_version=1
            return 0
            ;;
          *)
            why="HTTP $status for a token"
            return 1
            ;;
        esac
        return 2
      fi
      [ "$broken" != 127 ] || return 2
      # A late answer, or one that has too few hops to live? Time tells: the next try waits twice as long.
      [ "$broken" = 28 ] && imds_ask /latest/meta-data/ || return 1
      why="not to PUT (for a token) within $imds_wait s, though to GET: likely the hop limit is too low for"
      why="$why this network: aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2"
      imds_wait=$((imds_wait * 2))
      case $status in
        200)
          if [ "$imds_allows_1" = yes ]; then
            imds_version=1
            return 0
          fi
          ;;
        401) ;;
        *) why="HTTP $status" ;;
      esac
      return 1
    }

    imds_forbidden() {
      why='instance metadata are switched off for this instance (HTTP 403):'
      why="$why aws ec2 modify-instance-metadata-options --http-endpoint enabled"
    }

    # imds_clock: sets $now to seconds that no time server changes.
    imds_clock() {
      read -r now _ </proc/uptime
      now=${now%%.*}
    }

    # imds_get PATH: sets $body. 4: there is none; 1: $why says what is wrong.
    imds_get() {
      imds_clock
      imds_until=$((now + imds_patience))
      while :; do
        imds_session
        case $? in
          2) return 1 ;;
          0)
            if imds_ask "/latest/$1"; then
              case $status in
                200) return 0 ;;
                404)
                  why="this instance's metadata have no ${1#meta-data/}"
                  return 4
                  ;;
                401) imds_version='' why='HTTP 401: its token is not taken' ;;
                403)
                  imds_forbidden
                  return 1
                  ;;
                *) why="HTTP $status" ;;
              esac
            fi
            ;;
        esac
        imds_clock
        if [ $((now + 1)) -ge "$imds_until" ]; then
          why="instance metadata at $imds_endpoint do not answer: $why"
          return 1
        fi
        sleep 1
        [ "$imds_wait" -le $((imds_until - now)) ] || imds_wait=$((imds_until - now))
      done
    }

    # imds_line NAME: sets $body to one line of printable characters.
    imds_line() {
      imds_get "meta-data/$1" || return
      case $body in
        '') why="this instance's metadata have no $1" ;;
        *[!\\ -~]*) imds_bad "$1" ;;
        *)
          [ "${#body}" -gt 1024 ] || return 0
          imds_bad "$1"
          ;;
      esac
      return 1
    }

    # imds_bad NAME: fails, and $why says of what.
    imds_bad() {
      why="'$(printf '%.60s' "$body" | tr -c ' -~' '?')' is not what instance metadata say for $1:"
      why="$why see whether something else answers at $imds_endpoint"
      return 1
    }
    """

  private static let identity = """
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
