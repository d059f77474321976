// SPDX-License-Identifier: Apache-2.0

extension InstanceShell {
  /// Requests over HTTP: a token where there are any, and another try where nothing comes.
  static let asking = """
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
}
