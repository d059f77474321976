// SPDX-License-Identifier: Apache-2.0

import Values

/// What is asked of the host and done for each resource: functions that end in its number.
///
/// All of one resource stands together, because that compresses best.
struct Convergence {
  private(set) var functions: [String] = []
  private(set) var definitions = ""
  private(set) var main = ""

  init(_ request: ConvergeRequest, _ look: inout HostLook) {
    let desired = request.desired
    var digestUses: [Digest: Int] = [:]
    for case .binary(let binary) in desired { digestUses[binary.digest, default: 0] += 1 }
    let context = ApplyContext(
      packages: nil,
      digestUses: digestUses,
      fingerprints: look.fingerprints
    )
    for (index, resource) in desired.enumerated() {
      let number = index + 1
      let body = resource.body
      if case .file(let file) = resource {
        definitions += "content_\(number)() {\n\(LateContent(file.bytes).printing)\n}\n"
      }
      for chunk in type(of: body).functions where !functions.contains(chunk) {
        functions.append(chunk)
      }
      let isSole =
        if case .binary(let binary) = resource { digestUses[binary.digest] == 1 } else { false }
      if let (call, shell) = BriefLine.call(resource, sole: isSole) {
        look.add(HostLook.comparing)
        for chunk in shell { look.add(chunk) }
        definitions += "line_\(number)() { \(call); }\n\n"
        continue
      }
      definitions += "has_\(number)() {\n\(body.holds(in: &look))\n}\n"
      definitions += "step_\(number)() {\n\(Self.step(resource, number, look, context))}\n"
      let words = ManifestEntry(id: body.id, fields: body.manifestFields).words
      definitions += "line_\(number)() { \"$1\" \(body.prior.listing(words)); }\n\n"
    }
    let hasUnits = desired.contains { if case .unit = $0 { true } else { false } }
    let ends = request.stageEnds + [desired.count]
    let stages = zip([0] + ends, ends).map { "stage \($0) \($1)" }.joined(separator: "\n  ")
    main = """
        lines="$nl$(cat "$state/manifest" 2>/dev/null)$nl"
        count=\(desired.count) needed=' ' ids=' ' owed='' packages='' going=''
        each look
        unwanted
        if [ "$needed" = ' ' ]; then
          say 'everything is as it should be'
          exit 0
        fi
        # shellcheck disable=SC2086 # a list of names
        [ -z "$owed" ] || rm -f $owed || stop 'cannot remove stamps'
        \(stages)
        \(hasUnits ? "settle \(request.settling)\n  " : "")say 'everything is as it should be now'

      """
  }

  private static func step(
    _ resource: Resource,
    _ number: Int,
    _ look: HostLook,
    _ context: ApplyContext
  ) -> String {
    switch resource {
    case .file(let file):
      PlacedPath(file.path).write(
        printing: "content_\(number)",
        mode: file.mode,
        owner: file.owner,
        group: file.group
      )
    case .unit(let unit): unit.convergeIfDue(in: look)
    default:
      resource.body.converge(
        Change(id: resource.id, action: .create, summary: "", reason: ""),
        in: context
      )
    }
  }

  static let functions = """
    nl='
    '

    # digest COMMAND...: sets $sum to the digest of what it prints.
    digest() {
      sum=$("$@" | sha256) && sum=${sum%% *} && [ "${#sum}" -eq 64 ]
    }

    # say MESSAGE: on the console, and in the journal.
    say() {
      printf 'kubewright: %s\\n' "$1"
      ! command -v logger >/dev/null 2>&1 || logger -t kubewright "$1" 2>/dev/null || :
    }

    stop() {
      say "$1" >&2
      exit 1
    }

    # each FUNCTION: calls it with the words of every resource's line; $nth is the resource's number.
    each() {
      nth=0
      while [ "$nth" -lt "$count" ]; do
        nth=$((nth + 1))
        has=has_$nth step=step_$nth
        "line_$nth" "$1" || return 1
      done
    }

    # line_of ID: the manifest's line: $known, $planned, and $found, what was found out when it was listed.
    line_of() {
      known='' planned='' found=''
      case $lines in
        *"$nl$1$nl"*)
          known=1
          return 0
          ;;
        *"$nl$1 "*) known=1 ;;
        *) return 0 ;;
      esac
      rest=${lines#*"$nl$1 "}
      for word in ${rest%%"$nl"*}; do
        case $word in
          @*) found="$found $word" ;;
          *) planned="$planned${planned:+ }$word" ;;
        esac
      done
    }

    # look FUNCTION ID FIELDS...: notes what is not as it should be.
    look() {
      ids="$ids$2 "
      line_of "$2"
      if [ -z "$known" ] || [ "$planned" = "$3" ]; then
        ! "$has" || return 0
      fi
      needed="$needed$nth "
    }

    # drop FUNCTION ID FIELDS...: what is listed otherwise than it should be is listed anew.
    drop() {
      is_needed || return 0
      line_of "$2"
      [ -z "$known" ] || [ "$planned" = "$3" ] || dropped="$dropped $2"
    }

    # stage FROM TO: the resources of these numbers.
    stage() {
      from=$1 to=$2 dropped=''
      each drop
      rewrite_manifest entries || stop 'cannot write the manifest'
      each make
    }

    entries() { each list; }

    # list FUNCTION ID FIELDS...: the manifest's line of what is not; what was found out first stays.
    list() {
      is_needed || return 0
      case " $dropped " in
        *" $2 "*)
          line_of "$2"
          printf '%s\\n' "$2${3:+ $3}$found"
          ;;
        *) "$@" ;;
      esac
    }

    # is_needed: whether it belongs to this stage, and something is to be done.
    is_needed() {
      [ "$nth" -gt "$from" ] && [ "$nth" -le "$to" ] || return 1
      case $needed in
        *" $nth "*) return 0 ;;
      esac
      return 1
    }

    # unwanted: what the manifest lists besides stays, as another run may have put it there.
    unwanted() {
      rest=${lines#"$nl"}
      rest=${rest#*"$nl"}
      while [ -n "$rest" ]; do
        line=${rest%%"$nl"*} rest=${rest#*"$nl"}
        case $ids in
          *" ${line%% *} "*) ;;
          *) [ -z "$line" ] || say "${line%% *} is no longer wanted and stays: kubewright reset removes it" ;;
        esac
      done
    }

    # make FUNCTION ID FIELDS...
    make() {
      is_needed || return 0
      "$step" >"$state/tmp/log" 2>&1
      status=$?
      set +C +f
      umask 077
      if [ "$status" -eq 0 ]; then
        printf 'kubewright: made %s\\n' "$2"
        return 0
      fi
      tail -n 20 "$state/tmp/log"
      stop "$2 failed: $(tail -n 1 "$state/tmp/log")"
    }
    """
}
