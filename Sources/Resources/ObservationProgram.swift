// SPDX-License-Identifier: Apache-2.0

import Values

/// Collects what is to be looked at, so that one process looks at many things.
package struct ObservationProgram: Sendable {
  private struct Batch {
    var function: String
    var group: Int
    var items: [[String]] = []
  }

  private var batches: [Batch] = []
  private var functions: [String] = []

  /// Argument lists are rebuilt item by item on the host, so long ones cost their square.
  private static let batchSize = 64

  /// Adds `item`, the words of one thing, to a call of `function`, which `shell` defines.
  mutating func add(_ item: [String], to function: String, definedBy shell: String) {
    if !functions.contains(shell) { functions.append(shell) }
    if let index = batches.lastIndex(where: { $0.function == function }) {
      if batches[index].items.count < Self.batchSize {
        batches[index].items.append(item)
        return
      }
    }
    batches.append(Batch(function: function, group: batches.count, items: [item]))
  }

  /// Type, mode, owner, size.
  mutating func stat(_ label: String, _ path: String) {
    add([label, path], to: "stat_paths", definedBy: Self.statPaths)
  }

  /// The digest of a regular file, and its contents where they differ from `shown`.
  mutating func digest(_ label: String, _ path: String, showingUnless shown: Digest?) {
    // Some programs escape such names, others print them raw, over two lines.
    let odd = path.utf8.contains { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\\") }
    add(
      [label, shown?.hex ?? "-", path],
      to: odd ? "digest_odd_paths" : "digest_paths",
      definedBy: Self.digestPaths
    )
  }

  /// The whole program for `ids`, whose labels are their positions.
  func text(ids: [ResourceID]) -> String {
    let names = ids.enumerated().map { "id \($0.offset) \($0.element.token)" }
    let table =
      names.isEmpty ? "" : "  printf '%s\\n' \(Shell.quote(names.joined(separator: "\n")))\n"
    let calls = batches.map { batch in
      let items = batch.items.map { "    " + Shell.command($0) }
      return "  \(batch.function) \\\n" + items.joined(separator: " \\\n") + " || exit 1\n"
    }
    return """
      #!/bin/sh
      # kubewright: looks at \(ids.count) things and changes none of them.
      # shellcheck disable=\(Shell.allowances)
      \(Shell.setting)
      \(Self.sha256)
      \(functions.joined(separator: "\n"))
      main() {
        state=\(Program.stateFolder)
      \(table)\(calls.joined())  printf 'end\\n'
      }
      { main; exit; } </dev/null

      """
  }

  private static let statPaths = """
    # stat_paths LABEL PATH...
    stat_paths() {
      labels='' count=$#
      while [ "$count" -gt 0 ]; do
        if [ -e "$2" ] || [ -L "$2" ]; then
          labels="$labels $1"
          set -- "$@" "$2"
        fi
        shift 2
        count=$((count - 2))
      done
      [ $# -gt 0 ] || return 0
      found=$(stat -c '%f %s %u %g %U/%G' "$@") || return 1
      printf '%s\\n' "$found" | while IFS= read -r line; do
        labels=${labels# }
        printf 'stat %s %s\\n' "${labels%% *}" "$line"
        labels=${labels#"${labels%% *}"}
      done
    }
    """

  private static let digestPaths = """
    # digest_paths LABEL DIGEST-OR-DASH PATH...: contents travel where they differ from DIGEST.
    digest_paths() {
      labels='' count=$#
      while [ "$count" -gt 0 ]; do
        if [ -f "$3" ] && [ ! -L "$3" ]; then
          labels="$labels $1=$2"
          set -- "$@" "$3"
        fi
        shift 3
        count=$((count - 3))
      done
      [ $# -gt 0 ] || return 0
      found=$(sha256 "$@") || return 1
      printf '%s\\n' "$found" | while read -r sum _; do
        labels=${labels# }
        show_digest "${labels%% *}" "$sum" "$1"
        labels=${labels#"${labels%% *}"}
        shift
      done
    }

    digest_odd_paths() {
      while [ $# -gt 0 ]; do
        if [ -f "$3" ] && [ ! -L "$3" ]; then
          sum=$(sha256 <"$3") || return 1
          show_digest "$1=$2" "${sum%% *}" "$3"
        fi
        shift 3
      done
    }

    # show_digest LABEL=WANTED SUM PATH
    show_digest() {
      printf 'sha256 %s %s\\n' "${1%%=*}" "$2"
      case ${1#*=} in
        - | "$2") return 0 ;;
      esac
      [ "$(wc -c <"$3")" -lt 65536 ] || return 0
      printf 'content %s %s\\n' "${1%%=*}" "$(hex <"$3")"
    }
    """

  /// Defines `sha256`, whose lines begin with 64 digits.
  static let sha256 = """
    if command -v sha256sum >/dev/null 2>&1; then
      sha256() { sha256sum "$@"; }
    elif command -v openssl >/dev/null 2>&1; then
      sha256() { openssl dgst -sha256 -r "$@"; }
    else
      sha256() { busybox sha256sum "$@"; }
    fi
    """
}

extension Shell {
  /// What every program sets first.
  ///
  /// Folders of the system come after those of PATH: sudo may leave them out.
  static let setting = """
    PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    LC_ALL=C
    TZ=UTC0
    export PATH LC_ALL TZ
    umask 077
    hex() { od -An -v -tx1 | tr -d ' \\n'; }
    """

  /// What shellcheck would say of generated text without reason: quoted contents hold `$`, quotes and
  /// backslashes (SC2016, SC1003, SC1111, SC1112, SC2028), steps are called by name (SC2317, SC2329), set
  /// what later ones read (SC2034), and not every program hands every function arguments (SC2119, SC2120).
  static let allowances =
    "SC2016,SC1003,SC1111,SC1112,SC2028,SC2034,SC2119,SC2120,SC2317,SC2329"
}
