// SPDX-License-Identifier: Apache-2.0

extension JoinProbe {
  /// What both programs set first.
  static let setting = """
    set +x
    PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    LC_ALL=C
    export PATH LC_ALL
    # A login's proxy is not the kubelet's.
    unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
    umask 077
    """

  static let tools = #"""
    # limit SECONDS COMMAND...
    limit() {
      if command -v timeout >/dev/null 2>&1; then
        timeout -s KILL "$@"
      else
        shift
        "$@"
      fi
    }

    hex() { od -An -v -tx1 | tr -d ' \n'; }

    # say KEY TEXT [BYTES]: text of others, bounded and as digits.
    say() { printf '%s %s\n' "$1" "$(printf '%s' "$2" | head -c "${3:-1000}" | hex)"; }

    # ask ARGUMENT...: curl's configuration comes over standard input, as arguments are everyone's to read.
    ask() {
      (
        environment
        limit $((patience + 1)) curl -q -sS -K - --connect-timeout 5 -m "$patience" "$@" 2>&1
      )
    }

    # ask_api ARGUMENT...: trusts the cluster's authority alone.
    ask_api() { ask --cacert "$authority" --capath /dev/null "$@"; }

    # cut_secrets: $text without what begins like a signature or a token.
    cut_secrets() {
      text=${text%%X-Amz-*}
      text=${text%%x-amz-*}
      text=${text%%k8s-aws-v1.*}
      [ -z "$token" ] || text=${text%%"$token"*}
    }
    """#

  static let network = #"""
    nameservers() {
      while read -r key value _; do
        [ "$key" != nameserver ] || printf 'nameserver %s\n' "$value"
      done </etc/resolv.conf
    }

    resolve() {
      case $host in
        *[!0-9.]*) ;;
        *)
          echo 'resolve address'
          return
          ;;
      esac
      command -v getent >/dev/null 2>&1 || return 0
      if ! found=$(limit 9 getent ahosts "$host"); then
        echo 'resolve failed'
        return
      fi
      printf '%s\n' "$found" | {
        seen=' '
        while read -r address _; do
          case $seen in
            *" $address "*) ;;
            *)
              seen="$seen$address "
              printf 'address %s\n' "$address"
              ;;
          esac
        done
      }
    }

    authority() {
      state=missing
      if [ -f "$authority" ]; then
        state=empty
        while read -r line; do
          case $line in *'BEGIN CERTIFICATE'* | *'BEGIN TRUSTED CERTIFICATE'*) state=ok ;; esac
        done <"$authority"
      fi
      printf 'authority %s\n' "$state"
    }

    # connect: sets $trusted to yes where the endpoint showed a certificate of the cluster's authority.
    connect() {
      trusted=no
      answer=$(ask_api -o /dev/null -D - -w 'result %{http_code} %{time_connect} %{remote_ip}\n' "$endpoint/version")
      code=$?
      time=$(date +%s)
      [ "$code" -ne 0 ] || trusted=yes
      reason=''
      if [ "$code" -eq 7 ]; then
        # Since 7.86 curl keeps the system's own word for it to itself, unless it is asked to tell all.
        reason=$(
          ask_api -m 2 -v -o /dev/null "$endpoint/version" | while read -r line; do
            case $line in
              ('* '*[Rr]efused* | '* '*'o route to'* | '* '*unreachable*) printf ': %s' "${line##*: }" && break ;;
            esac
          done
        )
      fi
      printf 'clock %s\n' "$time"
      printf '%s\n' "$answer" | {
        result='' message='' date=''
        while read -r line; do
          case $line in
            'result '*) result=${line#result } ;;
            'curl: '*) message=${line#curl: } ;;
            [Dd]ate:*) date=${line#*:} ;;
          esac
        done
        say connect "$code $result"
        say connect-message "$message$reason"
        say date "$date"
      }
      # Where nobody answered, or all is well, there is no more to learn.
      case $code in 0 | 6 | 7 | 28 | 124 | 137) return 0 ;; esac
      # The time is no secret, and nothing of ours goes there: what an untrusted server says of it helps.
      answer=$(ask -k -I -m 3 "$endpoint/version")
      printf 'clock %s\n' "$(date +%s)"
      printf '%s\n' "$answer" | while read -r line; do
        case $line in [Dd]ate:*) say date "${line#*:}" ;; esac
      done
    }
    """#
}
