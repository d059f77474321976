// SPDX-License-Identifier: Apache-2.0

package import Values

/// A system user and group of the same name without login.
package struct SystemUser: Sendable, Equatable {
  package var name: String
  package var home: String
  /// Its number, where what it owns outlives the list of users; nil: the host's choice.
  package var uid: Int?
  package var reason: String

  package init(name: String, home: String = "/nonexistent", uid: Int? = nil, reason: String) {
    self.name = name
    self.home = home
    self.uid = uid
    self.reason = reason
  }
}

extension SystemUser: HostResource {
  package static let kind = "user"

  package var id: ResourceID { ResourceID(kind: Self.kind, name: name) }
  package var fingerprint: Digest { Digest(of: name) }

  package func observe(as label: String, in program: inout ObservationProgram) {
    program.add([label, name], to: "users", definedBy: Self.observing)
  }

  package func change(from observed: Observation, in context: PlanContext) -> Change? {
    let number = uid.map { ", number \($0)" } ?? ""
    guard observed.exists else {
      return change(.create, "system user and group without login\(number)")
    }
    guard let uid, observed["value"] != String(uid) else { return nil }
    return change(.update, "number \(TerminalText.escape(observed["value"] ?? "none")) -> \(uid)")
  }

  package func holds(in look: inout HostLook) -> String {
    look.add(Self.observing)
    let word = Shell.quote(name)
    return "has_user \(word)" + (uid.map { " && [ \"$(id -u \(word))\" = \($0) ]" } ?? "")
  }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    "user \(Shell.command([name, home, uid.map(String.init) ?? "-"])) || return 1\n"
  }

  package static func removal(of entry: ManifestEntry) -> String {
    "remove_user \(Shell.quote(entry.id.name)) || return 1\n"
  }

  private static let observing = """
    has_user() { id -u "$1" >/dev/null 2>&1; }

    has_group() {
      while IFS=: read -r group _; do
        [ "$group" != "$1" ] || return 0
      done </etc/group
      return 1
    }

    users() {
      while [ $# -gt 0 ]; do
        if has_user "$2"; then
          printf 'exists %s\\n' "$1"
          printf 'value %s %s\\n' "$1" "$(id -u "$2")"
        fi
        shift 2
      done
    }
    """

  package static let functions = [
    observing,
    """
    # user NAME HOME NUMBER-OR-DASH
    user() {
      if has_user "$1"; then
        [ "$3" = - ] || [ "$(id -u "$1")" = "$3" ] && return 0
        refuse "the user $1 is there with the number $(id -u "$1"), and $3 is needed: remove it"
        return 1
      fi
      name=$1 home=$2 number=$3 shell=/bin/false
      for candidate in /sbin/nologin /usr/sbin/nologin; do
        [ ! -x "$candidate" ] || shell=$candidate
      done
      set --
      if command -v useradd >/dev/null 2>&1; then
        [ "$number" = - ] || set -- --gid "$number"
        has_group "$name" || groupadd --system "$@" "$name" || return 1
        [ "$number" = - ] || set -- --uid "$number"
        useradd --system --no-create-home --home-dir "$home" --shell "$shell" --gid "$name" "$@" "$name"
      else
        [ "$number" = - ] || set -- -g "$number"
        has_group "$name" || addgroup -S "$@" "$name" || return 1
        [ "$number" = - ] || set -- -u "$number"
        adduser -S -D -H -h "$home" -s "$shell" -G "$name" "$@" "$name"
      fi
    }

    remove_user() {
      if has_user "$1"; then
        if command -v userdel >/dev/null 2>&1; then
          userdel "$1" || return 1
        else
          deluser "$1" || return 1
        fi
      fi
      has_group "$1" || return 0
      if command -v groupdel >/dev/null 2>&1; then groupdel "$1"; else delgroup "$1"; fi
    }
    """,
  ]
}
