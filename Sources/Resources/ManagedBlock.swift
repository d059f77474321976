// SPDX-License-Identifier: Apache-2.0

package import Values

/// Lines of ours between two markers in a file that is somebody else's (/etc/hosts).
package struct ManagedBlock: Sendable, Equatable {
  package var path: String
  /// Distinguishes blocks of ours in one file: `kubewright NAME`.
  package var label: String
  package var lines: [String]
  /// The first line where there is no such file yet, which is made executable then: `#!/bin/sh`.
  package var interpreter: String?
  package var reason: String

  package init(
    path: String,
    label: String,
    lines: [String],
    interpreter: String? = nil,
    reason: String
  ) {
    self.interpreter = interpreter
    self.path = path
    self.label = label
    self.lines = lines
    self.reason = reason
  }
}

extension ManagedBlock: HostResource {
  package static let kind = "block"

  package var id: ResourceID { ResourceID(kind: Self.kind, name: path) }
  package var manifestFields: [String] {
    ["label=\(label)"] + (interpreter.map { ["interpreter=\($0)"] } ?? [])
  }
  package var fingerprint: Digest { Digest(of: "\(path)\0\(label)\0" + text) }

  private var text: String { lines.map { $0 + "\n" }.joined() }
  private static func begin(_ label: String) -> String { "# BEGIN kubewright \(label)" }
  private static func end(_ label: String) -> String { "# END kubewright \(label)" }

  package func observe(as label: String, in program: inout ObservationProgram) {
    program.add(
      [label, path, Self.begin(self.label), Self.end(self.label)],
      to: "blocks",
      definedBy: Self.observing
    )
  }

  package func change(from observed: Observation, in context: PlanContext) -> Change? {
    let wanted = Array(text.utf8)
    guard observed.exists else {
      return change(
        .create,
        "\(lines.count) lines, marked '\(label)'",
        diff: UnifiedDiff.text(old: nil, new: wanted, path: path)
      )
    }
    guard observed.content != wanted else { return nil }
    return change(
      .update,
      "lines marked '\(label)'",
      diff: UnifiedDiff.text(old: observed.content ?? [], new: wanted, path: path)
    )
  }

  package func holds(in look: inout HostLook) -> String {
    let words = [path, Self.begin(label), Self.end(label)]
    // Hexadecimal digits do not compress; the lines stand elsewhere in the program anyway.
    guard let lines = ShellContent.word(Array(text.utf8)) else {
      return look.says(
        "block x \(Hex.encode(text.utf8))",
        "blocks",
        words,
        definedBy: Self.observing
      )
    }
    let line = "\"block x $(printf '%s' \(lines) | hex)\""
    return look.says(word: line, "blocks", words, definedBy: Self.observing)
  }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    let place = PlacedPath(path)
    let body = Array((Self.begin(label) + "\n" + text + Self.end(label) + "\n").utf8)
    return place.fresh
      + "without_block \(Shell.command([path, Self.begin(label), Self.end(label)])) || return 1\n"
      + (interpreter.map {
        "[ -e \(Shell.quote(path)) ] || printf '%s\\n' \(Shell.quote($0)) >>\"$temp\"\n"
      } ?? "")
      + ShellContent.printing(body) + " >>\"$temp\" || return 1\n"
      + "replace_other \(Shell.command([path] + (interpreter == nil ? [] : ["755"]))) || return 1\n"
  }

  package static func removal(of entry: ManifestEntry) -> String {
    let path = entry.id.name
    let label = entry["label"] ?? ""
    return "[ -f \(Shell.quote(path)) ] || return 0\n" + PlacedPath(path).fresh
      + "without_block \(Shell.command([path, begin(label), end(label)])) || return 1\n"
      + (entry["interpreter"].map { "drop_empty \(Shell.command([path, $0])) && return 0\n" } ?? "")
      + "replace_other \(Shell.quote(path)) || return 1\n"
  }

  private static let observing = """
    # blocks LABEL PATH BEGIN END...
    blocks() {
      while [ $# -gt 0 ]; do
        block="" inside="" seen=""
        if [ -f "$2" ]; then
          while IFS= read -r line || [ -n "$line" ]; do
            case $line in
              "$3") inside=1 seen=1 ;;
              "$4") inside="" ;;
              *) [ -z "$inside" ] || block="$block$line
    " ;;
            esac
          done <"$2"
        fi
        [ -z "$seen" ] || printf 'block %s %s\\n' "$1" "$(printf '%s' "$block" | hex)"
        shift 4
      done
    }
    """

  package static let functions = [
    PlacedPath.functions, editing,
    """
    # without_block PATH BEGIN END: the file without our lines, byte for byte, goes to $temp.
    without_block() {
      true >"$temp" || return 1
      set +C
      [ -f "$1" ] || return 0
      number=0 first='' last=''
      while IFS= read -r line || [ -n "$line" ]; do
        number=$((number + 1))
        case $line in
          "$2") [ -n "$first" ] || first=$number ;;
          "$3") [ -z "$first" ] || [ -n "$last" ] || last=$number ;;
        esac
      done <"$1"
      if [ -z "$last" ]; then
        # An end that somebody deleted: only the marker itself is surely ours.
        last=$first
      fi
      if [ -z "$first" ]; then
        cat "$1" >>"$temp" || return 1
      else
        [ "$first" -eq 1 ] || head -n "$((first - 1))" "$1" >>"$temp" || return 1
        tail -n "+$((last + 1))" "$1" >>"$temp" || return 1
      fi
      # Our first line must not continue somebody's last.
      [ ! -s "$temp" ] || [ -z "$(tail -c 1 "$temp")" ] || printf '\\n' >>"$temp"
    }

    # drop_empty PATH INTERPRETER: removes a script of which nothing else than its first line is left.
    drop_empty() {
      [ "$(cat "$temp")" = "$2" ] || return 1
      rm -f "$temp" "$1"
    }
    """,
  ]

  /// For files that are not ours.
  static let editing = """
    # replace_other PATH [MODE]: $temp takes the mode and owner that PATH has.
    replace_other() {
      owned=root:root mode=${2-644}
      if [ -f "$1" ]; then
        owned=$(stat -c %u:%g "$1") && mode=$(stat -c %a "$1") || return 1
      fi
      target=$1
      # A link stays one: what it leads to is replaced.
      if [ -L "$1" ]; then target=$(readlink -f "$1") || return 1; fi
      if mountpoint_of "$target"; then
        # A file that is bound in from elsewhere (containers) cannot be renamed over.
        cat "$temp" >"$target" && rm -f "$temp"
        return
      fi
      if [ "$target" != "$1" ]; then
        away=${target%/*}/${temp##*/}
        cat "$temp" >"$away" && rm -f "$temp" || return 1
        temp=$away
      fi
      place "$target" "$mode" "$owned"
    }

    mountpoint_of() {
      while read -r _ point _; do
        [ "$point" != "$1" ] || return 0
      done </proc/self/mounts
      return 1
    }
    """
}
