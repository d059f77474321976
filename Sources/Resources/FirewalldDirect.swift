// SPDX-License-Identifier: Apache-2.0

package import Values

/// Direct rules of firewalld, in force and kept, told from others' by a mark in their comment.
package struct FirewalldDirect: Sendable, Equatable {
  package var mark: String
  /// As firewalld lists them: `ipv4 filter INPUT 0 -p tcp …`, each with the mark.
  package var rules: [String]
  package var reason: String

  package init(mark: String, rules: [String], reason: String) {
    self.mark = mark
    self.rules = rules
    self.reason = reason
  }
}

extension FirewalldDirect: HostResource {
  package static let kind = "firewalld-direct"

  package var id: ResourceID { ResourceID(kind: Self.kind, name: mark) }
  package var prior: PriorState { .path(Self.file) }
  package var fingerprint: Digest { Digest(of: rules.joined(separator: "\n")) }

  /// Where firewalld keeps all direct rules; it leaves an empty one behind, with the one before it.
  private static let file = "/etc/firewalld/direct.xml"

  package func observe(as label: String, in program: inout ObservationProgram) {
    program.add(
      [label, mark, rules.joined(separator: "\n")],
      to: "direct_held",
      definedBy: Self.observing
    )
  }

  package func change(from observed: Observation, in context: PlanContext) -> Change? {
    let counts = (observed["value"] ?? "").split(separator: " ").compactMap { Int($0) }
    if context.entry == nil {
      return change(.create, "\(rules.count) rules, now and after a reload")
    }
    guard counts.count == 2 else { return change(.update, "\(rules.count) rules") }
    var differences = Differences()
    if counts[0] > 0 { differences.add("\(counts[0]) missing") }
    if counts[1] > 0 { differences.add("\(counts[1]) no longer wanted") }
    return differences.isEmpty ? nil : change(.update, differences.summary)
  }

  package func holds(in look: inout HostLook) -> String {
    look.says(
      "value x 0 0",
      "direct_held",
      [mark, rules.joined(separator: "\n")],
      definedBy: Self.observing
    )
  }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    "direct_rules \(Shell.command([mark] + rules)) || return 1\n"
  }

  package static func removal(of entry: ManifestEntry) -> String {
    let isNew = (entry["@prior"] ?? "N") == "N"
    return "direct_rules \(Shell.quote(entry.id.name)) || return 1\n"
      + (isNew ? "direct_empty \(file)\n" : "")
  }

  private static let observing = """
    # direct_held LABEL MARK RULES...: how many are missing, and how many are there that are not among them, in
    # force and kept.
    direct_held() {
      while [ $# -gt 0 ]; do
        missing=0 other=0
        for where in '' --permanent; do
          # shellcheck disable=SC2086 # a word or none
          has=$(firewall-cmd $where --direct --get-all-rules 2>/dev/null) || has=''
          has=$(printf '%s\\n' "$has" | grep -F -e " --comment $2 ")
          missing=$((missing + $(printf '%s\\n' "$3" | without "$has")))
          other=$((other + $(printf '%s\\n' "$has" | without "$3")))
        done
        printf 'value %s %s\\n' "$1" "$missing $other"
        shift 3
      done
    }

    # without LINES: how many of those it is given are not among them.
    without() {
      count=0
      while IFS= read -r line; do
        [ -n "$line" ] || continue
        among "$line" "$1" || count=$((count + 1))
      done
      printf '%s' "$count"
    }

    # among LINE LINES
    among() {
      case "
    $2
    " in
        *"
    $1
    "*) return 0 ;;
      esac
      return 1
    }
    """

  package static let functions = [
    observing,
    """
    # direct_rules MARK RULE...: those with the mark are these, in force and kept. Nothing is reloaded.
    direct_rules() {
      mark=$1
      shift
      wanted=''
      places='--permanent now'
      if [ "$(systemctl is-active firewalld.service 2>/dev/null)" != active ]; then
        command -v firewall-offline-cmd >/dev/null 2>&1 || return 0
        places=offline
      fi
      for rule; do
        wanted="$wanted$rule
    "
      done
      for where in $places; do
        has=$(direct_rule --get-all-rules) || return 1
        printf '%s\\n' "$has" | while IFS= read -r rule; do
          case $rule in
            *" --comment $mark "*) among "$rule" "$wanted" || change_rule remove || exit 1 ;;
          esac
        done || return 1
        for rule; do
          among "$rule" "$has" || change_rule add || return 1
        done
      done
    }

    # direct_empty FILE: it goes where nothing is in it.
    direct_empty() {
      grep -q -e '<rule' -e '<chain' -e '<passthrough' "$1" 2>/dev/null || rm -f "$1" "$1.old"
    }

    # direct_rule WORD...: of what is in force, or kept, or kept while firewalld does not run.
    direct_rule() {
      case $where in
        now) firewall-cmd --direct "$@" ;;
        offline) firewall-offline-cmd --direct "$@" ;;
        *) firewall-cmd "$where" --direct "$@" ;;
      esac
    }

    # change_rule VERB: $rule is one of ours, or has our mark, and holds words without blanks and patterns.
    change_rule() {
      set -f
      # shellcheck disable=SC2086 # its words
      direct_rule "--$1-rule" $rule >/dev/null
      changed=$?
      set +f
      return "$changed"
    }
    """,
  ]
}
