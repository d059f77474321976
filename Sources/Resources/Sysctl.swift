// SPDX-License-Identifier: Apache-2.0

package import Values

/// A kernel setting, applied at once and kept by a drop-in of our own; `reset` puts the prior value back.
package struct Sysctl: Sendable, Equatable {
  /// `net.ipv4.ip_forward`.
  package var key: String
  package var value: String
  /// Not an error where the kernel has no such key (a module is missing, a container hides it).
  package var optional: Bool
  package var reason: String

  package init(key: String, value: String, optional: Bool = false, reason: String) {
    self.key = key
    self.value = value
    self.optional = optional
    self.reason = reason
  }
}

extension Sysctl: HostResource {
  package static let kind = "sysctl"

  package var id: ResourceID { ResourceID(kind: Self.kind, name: key) }
  package var prior: PriorState { .setting(Self.file(of: key), dropIn: Self.dropIn(of: key).path) }
  package var fingerprint: Digest { Digest(of: "\(key)=\(value)") }

  /// By the rule of sysctl.d(5): whichever of dot and slash comes first separates.
  private static func file(of key: String) -> String {
    let separator = key.first { $0 == "." || $0 == "/" } ?? "."
    let swapped: [Character: Character] = separator == "." ? [".": "/", "/": "."] : [:]
    return "/proc/sys/" + String(key.map { swapped[$0] ?? $0 })
  }

  /// One drop-in a key: a key comes and goes without touching the others.
  ///
  /// Sorts behind 99-sysctl.conf, by which Debian reads the user's /etc/sysctl.conf, because a
  /// cluster whose nodes lose a setting at boot is worse than a setting that has to be looked for.
  private static func dropIn(of key: String) -> PlacedPath {
    PlacedPath("/etc/sysctl.d/99-zz-kubewright-\(Token.encode(key.replacingSlashes)).conf")
  }

  private var dropInBytes: [UInt8] {
    Array("# Made by kubewright: \(reason)\n\(key) = \(value)\n".utf8)
  }

  package func observe(as label: String, in program: inout ObservationProgram) {
    program.add([label, Self.file(of: key)], to: "settings", definedBy: Self.observing)
    program.digest(label + ".dropin", Self.dropIn(of: key).path, showingUnless: nil)
  }

  package func change(from observed: Observation, in context: PlanContext) -> Change? {
    var differences = Differences()
    let found = observed["value"].map { $0.normalizedBlanks }
    // The module that brings the key may be loaded by this very run, or by a later boot: what keeps the
    // setting is there either way, and systemd-sysctl passes over keys that are not.
    if !optional || found != nil { differences.compare("value", found, value.normalizedBlanks) }
    if observed["dropin.sha256"] != Digest(of: dropInBytes).hex { differences.add("kept at boot") }
    guard !differences.isEmpty else { return nil }
    return change(context.entry == nil ? .create : .update, differences.summary)
  }

  package func holds(in look: inout HostLook) -> String {
    look.add(Self.comparing)
    let file = Shell.quote(Self.file(of: key))
    let isSet = "set_to \(file) \(Shell.quote(value))"
    return (optional ? "{ [ ! -e \(file) ] || \(isSet); }" : isSet) + " && "
      + look.isFile(Self.dropIn(of: key).path, holding: dropInBytes)
  }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    let words = [Self.file(of: key), value, optional ? "optional" : "needed"]
    return "setting \(Shell.command(words)) || return 1\n"
      + Self.dropIn(of: key).write(dropInBytes, mode: 0o644, owner: "root", group: "root")
  }

  package static func removal(of entry: ManifestEntry) -> String {
    let key = entry.id.name
    var text = dropIn(of: key).removal(entry)
    if let value = entry["@prior"].flatMap({ Hex.decode($0.utf8) }), !value.isEmpty {
      let words = [file(of: key), String(decoding: value, as: UTF8.self), "optional"]
      text += "setting \(Shell.command(words)) || return 1\n"
    }
    return text
  }

  private static let observing = """
    settings() {
      while [ $# -gt 0 ]; do
        # Not by read: it takes a byte at a time, and the kernel gives a number's first read only.
        if value=$(cat "$2" 2>/dev/null); then
          printf 'value %s %s\\n' "$1" "$value"
        fi
        shift 2
      done
    }
    """

  static let comparing = """
    # set_to FILE VALUE: kernels print lists with tabs or blanks.
    set_to() {
      value=$(cat "$1" 2>/dev/null) wanted=$2
      set -f
      # shellcheck disable=SC2086 # its words
      set -- $value
      value=$*
      # shellcheck disable=SC2086 # its words
      set -- $wanted
      set +f
      [ "$*" = "$value" ]
    }
    """

  package static let functions = [
    PlacedPath.functions,
    """
    # setting FILE VALUE optional|needed
    setting() {
      if [ ! -e "$1" ]; then
        [ "$3" = needed ] || return 0
        refuse "the kernel has no $1: a module is missing, or it was built without"
        return 1
      fi
      value=$(cat "$1" 2>/dev/null) || value=''
      [ "$value" = "$2" ] || printf '%s\\n' "$2" >"$1"
    }
    """,
  ]
}

extension String {
  fileprivate var replacingSlashes: String { String(map { $0 == "/" ? "." : $0 }) }

  /// As kernels print lists: with tabs or blanks.
  fileprivate var normalizedBlanks: String {
    TerminalText.escape(split { $0 == " " || $0 == "\t" }.joined(separator: " "))
  }
}
