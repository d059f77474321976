// SPDX-License-Identifier: Apache-2.0

package import Values

/// That firewalld has policies of ours in force, whose files are `File`s that come before.
///
/// firewalld reads files when it is reloaded; what it made of them is sealed by a digest, by which a policy that
/// somebody changed or took away while it ran is found out.
package struct FirewalldPolicies: Sendable, Equatable {
  package var names: [String]
  package var reason: String

  package init(names: [String], reason: String) {
    self.names = names
    self.reason = reason
  }
}

extension FirewalldPolicies: HostResource {
  package static let kind = "firewalld"

  /// Where firewalld has an administrator's policies.
  package static let folder = "/etc/firewalld/policies"

  package var id: ResourceID { ResourceID(kind: Self.kind, name: "policies") }
  package var fingerprint: Digest { Digest(of: names.joined(separator: "\0")) }
  package var manifestFields: [String] { names.map { "policy=\($0)" } }

  private static let seal = "\(Program.stateFolder)/seals/firewalld"

  private var files: [ResourceID] {
    names.map { ResourceID(kind: File.kind, name: "\(Self.folder)/\($0).xml") }
  }

  package func observe(as label: String, in program: inout ObservationProgram) {
    program.add(
      [label, Self.seal, names.joined(separator: " ")],
      to: "policies_held",
      definedBy: Self.observing
    )
  }

  package func change(from observed: Observation, in context: PlanContext) -> Change? {
    let isHeld = observed["value"] == "held"
    guard context.entry != nil else {
      return change(.create, "reload firewalld, which reads \(names.joined(separator: ", "))")
    }
    if files.contains(where: context.changed.contains) {
      return change(.reload, "for its changed policies")
    }
    return isHeld ? nil : change(.reload, "it does not have them as their files are")
  }

  package func holds(in look: inout HostLook) -> String {
    let isHeld = look.says(
      "value x held",
      "policies_held",
      [Self.seal, names.joined(separator: " ")],
      definedBy: Self.observing
    )
    return (look.untouched(files).map { "\($0) && " } ?? "") + isHeld
  }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    "reload_firewalld || return 1\n"
      + "seal_policies \(Shell.command([Self.seal] + names)) || return 1\n"
  }

  /// The files go first, because firewalld forgets what it does not read.
  package static func removal(of entry: ManifestEntry) -> String {
    let files = entry.values("policy").map { "\(folder)/\($0).xml" }
    return "rm -f \(Shell.command(files + [seal])) || return 1\n"
      + "[ \"$(systemctl is-active firewalld.service 2>/dev/null)\" != active ] || reload_firewalld "
      + "|| return 1\n"
  }

  private static let observing = """
    # policies_live NAME...: as firewalld has them now. Over the bus: firewall-cmd takes a third of a second.
    policies_live() {
      for name; do
        busctl call org.fedoraproject.FirewallD1 /org/fedoraproject/FirewallD1 \\
          org.fedoraproject.FirewallD1.policy getPolicySettings s "$name" 2>/dev/null || return 1
      done
    }

    # policies_held LABEL SEAL NAMES...
    policies_held() {
      while [ $# -gt 0 ]; do
        sealed='' held=no
        if [ -f "$2" ]; then read -r sealed <"$2"; fi
        # shellcheck disable=SC2086 # names
        if live=$(policies_live $3); then
          live=$(printf '%s' "$live" | sha256)
          [ "${live%% *}" != "$sealed" ] || held=held
        fi
        printf 'value %s %s\\n' "$1" "$held"
        shift 3
      done
    }
    """

  package static let functions = [
    observing,
    """
    # reload_firewalld: what is in force and not kept would be lost, as a way in that somebody opened for now.
    reload_firewalld() {
      firewalld_zones >"$state/tmp/now" && firewalld_zones --permanent >"$state/tmp/kept" || return 1
      if ! cmp -s "$state/tmp/now" "$state/tmp/kept"; then
        diff "$state/tmp/kept" "$state/tmp/now"
        why='firewalld has in force what it does not keep, and a reload would end that: keep it by'
        refuse "$why firewall-cmd --runtime-to-permanent, or give it up by firewall-cmd --reload"
        return 1
      fi
      firewall-cmd --reload
    }

    # firewalld_zones [--permanent]: interfaces stay where they are.
    firewalld_zones() {
      zones=$(firewall-cmd "$@" --list-all-zones) || return 1
      printf '%s\\n' "$zones" | sed -e 's/ (.*)$//' -e '/^ *interfaces:/d'
    }

    # seal_policies SEAL NAME...
    seal_policies() {
      seal=$1
      shift
      if ! live=$(policies_live "$@"); then
        refuse "firewalld does not take its policies: see its journal"
        return 1
      fi
      live=$(printf '%s' "$live" | sha256)
      printf '%s\\n' "${live%% *}" >"$seal.new" && mv -f "$seal.new" "$seal"
    }
    """,
  ]
}
