// SPDX-License-Identifier: Apache-2.0

extension InstanceShell {
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
}
