// SPDX-License-Identifier: Apache-2.0

package import Values

/// A system user and group of the same name without login.
package struct SystemUser: Sendable, Equatable {
  package var name: String
  package var home: String
  package var reason: String

  package init(name: String, home: String = "/nonexistent", reason: String) {
    self.name = name
    self.home = home
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
    observed.exists ? nil : change(.create, "system user and group without login")
  }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    "user \(Shell.command([name, home])) || return 1\n"
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
        ! has_user "$2" || printf 'exists %s\\n' "$1"
        shift 2
      done
    }
    """

  package static let functions = [
    observing,
    """
    # user NAME HOME
    user() {
      ! has_user "$1" || return 0
      shell=/bin/false
      for candidate in /sbin/nologin /usr/sbin/nologin; do
        [ ! -x "$candidate" ] || shell=$candidate
      done
      if command -v useradd >/dev/null 2>&1; then
        if has_group "$1"; then set -- "$1" "$2" --gid "$1"; else set -- "$1" "$2" --user-group; fi
        useradd --system --no-create-home --home-dir "$2" --shell "$shell" "$3" ${4+"$4"} "$1"
      else
        has_group "$1" || addgroup -S "$1" || return 1
        adduser -S -D -H -h "$2" -s "$shell" -G "$1" "$1"
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
