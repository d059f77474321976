// SPDX-License-Identifier: Apache-2.0

extension JoinProbe {
  static let credentials = #"""
    # credential: sets $token, which is printed nowhere.
    credential() {
      token='' out='' said='' text='' code=1
      # Through files without a name: who leaves the session keeps a pipe open for as long as it likes.
      if folder=$(mktemp -d /run/kubewright.XXXXXX || mktemp -d); then
        # shellcheck disable=SC2094 # read when it has ended
        exec 3>"$folder/out" 4<"$folder/out" 5>"$folder/said" 6<"$folder/said"
        rm -rf "$folder"
        (
          environment
          # Blocks of 512 or 1024 bytes, for who writes without end.
          ulimit -f 65536
          credential_command >&3 2>&5 3>&- 4<&- 5>&- 6<&-
        )
        code=$?
        out=$(head -c 131072 <&4)
        said=$(tail -c 8192 <&6)
        exec 3>&- 4<&- 5>&- 6<&-
      else
        said='there is no place for what it prints'
      fi
      text=$(
        printf '%s\n' "$said" | {
          last=''
          while read -r line; do [ -z "$line" ] || last=$line; done
          printf '%s' "$last"
        }
      )
      if [ "${#out}" -ge 131072 ]; then
        [ "$code" -ne 0 ] || code=1
        out='' text='it prints more than a credential has'
      fi
      field token
      case $value in
        *[!A-Za-z0-9._~+/=-]*) ;;
        *) token=$value ;;
      esac
      cut_secrets
      printf 'credential %s\n' "$code"
      say credential-message "$text"
      field expirationTimestamp
      say expiration "$value" 64
      case $token in
        k8s-aws-v1.?*) echo 'token eks' ;;
        '') echo 'token none' ;;
        *) echo 'token other' ;;
      esac
    }

    # field NAME: sets $value to the text of a JSON member of $out.
    field() {
      value=''
      case $out in
        *"\"$1\""*) ;;
        *) return 0 ;;
      esac
      value=${out#*"\"$1\""}
      value=${value#*\"}
      value=${value%%\"*}
    }

    # metadata: whether the instance gives a role's credentials at all.
    metadata() {
      base=$(
        environment
        printf '%s' "${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}"
      )
      base=${base%/}
      session=$(ask --noproxy '*' -m 4 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' \
        -w '\n%{http_code}' "$base/latest/api/token")
      code=$?
      status=${session##*"$newline"}
      session=${session%%"$newline"*}
      case $session in *[!A-Za-z0-9+/=_-]*) session='' ;; esac
      if [ "$code" -ne 0 ] || [ "$status" != 200 ]; then
        printf 'metadata %s %s\n' "$code" "$status"
        return
      fi
      answer=$(
        printf 'header = "X-aws-ec2-metadata-token: %s"\n' "$session" |
          ask --noproxy '*' -m 4 -w '\n%{http_code}' "$base/latest/meta-data/iam/security-credentials/"
      )
      printf 'metadata %s %s\n' "$?" "${answer##*"$newline"}"
      case $answer in
        *"${newline}200") say metadata-role "${answer%%"$newline"*}" 200 ;;
      esac
    }

    # identity: whom STS takes the token's bearer for. The token is a URL, and the URL a credential.
    identity() {
      payload=${token#k8s-aws-v1.}
      [ "$payload" != "$token" ] || return 0
      case $((${#payload} % 4)) in
        2) payload=$payload== ;;
        3) payload=$payload= ;;
      esac
      url=$(printf '%s' "$payload" | tr -- '-_' '+/' | base64 -d)
      case $url in
        *[!A-Za-z0-9%\&=:/?._~+,-]*) url='' ;;
        https://?*) ;;
        *) url='' ;;
      esac
      if [ -z "$url" ]; then
        echo 'token malformed'
        return
      fi
      place=${url#https://}
      say sts-host "${place%%[/?]*}" 300
      scope=${url#*X-Amz-Credential=}
      scope=${scope%%&*}
      # Who / day / region / service: a slash may be written as %2F.
      scope=${scope#*%2[Ff]}
      scope=${scope#*%2[Ff]}
      scope=${scope%%"%2"[Ff]*}
      say signed-region "$scope" 64
      text=$(
        printf 'url = "%s"\n' "$url" |
          ask -H "x-k8s-aws-id: $cluster" -H 'Accept: application/json' -w '\n%{http_code}'
      )
      code=$?
      status=${text##*"$newline"}
      text=${text%"$newline"*}
      cut_secrets
      printf 'sts %s %s %s\n' "$code" "$status" "$(printf '%s' "$text" | head -c 4096 | hex)"
    }
    """#

  static let answers = #"""
    # api KEY PATH: what the API answers to the token.
    api() {
      text=$(
        printf 'header = "Authorization: Bearer %s"\n' "$token" |
          ask_api -H 'Accept: application/json' -w '\n%{http_code}' "$endpoint$2"
      )
      code=$?
      status=${text##*"$newline"}
      text=${text%"$newline"*}
      case $text in *"$token"*) text='' ;; esac
      printf '%s %s %s %s\n' "$1" "$code" "$status" "$(printf '%s' "$text" | head -c 262144 | hex)"
    }
    """#

  static let services = #"""
    # service KEY UNIT
    service() {
      if command -v systemctl >/dev/null 2>&1; then
        state=$(limit 5 systemctl show -p LoadState -p ActiveState -p SubState -p Result \
          -p ExecMainStatus -p NRestarts "$2" | tr '\n' ' ')
        printf 'unit %s %s\n' "$1" "$state"
      fi
      command -v journalctl >/dev/null 2>&1 || return 0
      # A kubelet without a node says so ten times a second, which hides the reason.
      lines=$(
        limit 9 journalctl -u "$2" -n 500 --no-pager -o cat | tail -c 131072 |
          while IFS= read -r line; do
            case $line in
              (*'Error getting node'* | *'kubelet.go:'*'] node "'*'" not found') ;;
              (*X-Amz-* | *k8s-aws-v1.* | *[Bb]earer\ *) ;;
              (*) printf '%s\n' "$line" ;;
            esac
          done | tail -n 80 | tail -c 24576
      )
      say "log-$1" "$lines" 24576
    }

    network_configuration() {
      [ -d "$cni" ] || return 0
      echo 'cni-folder yes'
      for file in "$cni"/*.conf "$cni"/*.conflist "$cni"/*.json; do
        [ ! -f "$file" ] || say cni "${file##*/}" 255
      done
    }
    """#
}
