// SPDX-License-Identifier: Apache-2.0

package import Values

/// A package of the host's own package manager.
///
/// Installed if absent; never upgraded or removed by us unless we installed it. What it drew in
/// stays for the manager's own autoremove.
package struct Package: Sendable, Equatable {
  package var name: String
  package var manager: String
  /// A program whose presence is enough, whoever put it there: another vendor's package would be torn
  /// out by the distribution's.
  package var program: String?
  /// The file of the repository that it comes from, where that is put on the host by an earlier step.
  package var repository: String?
  package var reason: String

  package init(
    name: String,
    manager: String,
    program: String? = nil,
    repository: String? = nil,
    reason: String
  ) {
    self.name = name
    self.manager = manager
    self.program = program
    self.repository = repository
    self.reason = reason
  }

  /// Packages of one batch can be installed by one run of the manager.
  var batch: String { "\(manager) \(repository ?? "")" }
}

extension Package: HostResource {
  package static let kind = "package"

  package var id: ResourceID { ResourceID(kind: Self.kind, name: name) }
  package var manifestFields: [String] { ["manager=\(manager)"] }
  package var fingerprint: Digest { Digest(of: "\(manager)\0\(name)") }

  package func observe(as label: String, in program: inout ObservationProgram) {
    program.add(
      [label, name, self.program ?? "-"],
      to: "packages_\(family)",
      definedBy: Self.observing
    )
  }

  private var family: String { Self.family(of: manager) }

  private static func family(of manager: String) -> String { manager == "apt" ? "deb" : "rpm" }

  package func change(from observed: Observation, in context: PlanContext) -> Change? {
    observed.exists ? nil : change(.create, "install with \(manager)")
  }

  package func holds(in look: inout HostLook) -> String {
    look.add(Self.observing)
    look.add(Self.collecting)
    let mode = repository == nil ? "batch" : "alone"
    return "has_package packages_\(family) \(Shell.command([name, program ?? "-", mode]))"
  }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    // The first step installs them all: one run of the manager takes as long as another. Not what a
    // repository has that is not there yet: the managers refuse all for one that they do not find.
    guard let packages = context.packages else {
      let others = repository == nil ? " $packages" : ""
      return "# shellcheck disable=SC2086 # a list of names\n"
        + "install_\(family) \(Shell.command([manager, name]))\(others) || return 1\n"
    }
    let names = [name] + (packages[batch] ?? []).filter { $0 != name }
    return "install_\(family) \(Shell.command([manager] + names)) || return 1\n"
  }

  private static let collecting = """
    # has_package FUNCTION NAME PROGRAM-OR-DASH MODE: what is missing of a batch is collected in $packages.
    has_package() {
      [ -z "$("$1" x "$2" "$3")" ] || return 0
      [ "$4" = alone ] || packages="$packages $2"
      return 1
    }
    """

  package static func removal(of entry: ManifestEntry) -> String {
    let manager = entry["manager"] ?? "apt"
    return "remove_\(family(of: manager)) \(Shell.command([manager, entry.id.name])) || return 1\n"
  }

  private static let observing = """
    has_deb() {
      case $(dpkg-query -W -f '${Status} ' "$1" 2>/dev/null) in
        *'install ok installed '*) return 0 ;;
      esac
      return 1
    }

    has_rpm() { rpm -q --whatprovides "$1" >/dev/null 2>&1; }

    # packages_deb LABEL NAME PROGRAM-OR-DASH...
    packages_deb() {
      while [ $# -gt 0 ]; do
        if has_deb "$2" || command -v "$3" >/dev/null 2>&1; then printf 'exists %s\\n' "$1"; fi
        shift 3
      done
    }

    packages_rpm() {
      while [ $# -gt 0 ]; do
        if has_rpm "$2" || command -v "$3" >/dev/null 2>&1; then printf 'exists %s\\n' "$1"; fi
        shift 3
      done
    }
    """

  package static let functions = [
    observing,
    """
    # install_deb MANAGER NAME...: those that are missing. Conffiles that lie there already are ours.
    install_deb() {
      shift
      wanted=$1 missing=''
      has_deb "$1" && return 0
      for name; do has_deb "$name" || missing="$missing $name"; done
      tries=60 updated=''
      while :; do
        # shellcheck disable=SC2086 # a list of names
        DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \\
          -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confdef \\
          -o Dpkg::Options::=--force-confold install $missing >"$state/tmp/packages" 2>&1 && break
        said=$(cat "$state/tmp/packages")
        case $said in
          *'ould not get lock'* | *'nable to acquire the dpkg frontend lock'*)
            # Its Lock::Timeout is younger than apt 1.9.
            tries=$((tries - 1))
            [ "$tries" -gt 0 ] || { printf '%s\\n' "$said"; return 1; }
            sleep 2
            ;;
          *)
            [ -z "$updated" ] || { printf '%s\\n' "$said"; return 1; }
            updated=1
            apt-get -q update || return 1
            ;;
        esac
      done
      has_deb "$wanted" || refuse "apt-get did not install $wanted"
    }

    # install_rpm MANAGER NAME...
    install_rpm() {
      manager=$1 wanted=$2 missing=''
      shift
      has_rpm "$1" && return 0
      for name; do has_rpm "$name" || missing="$missing $name"; done
      # Not quietly: it would not say why a repository does not answer.
      # shellcheck disable=SC2086 # a list of names
      "$manager" -y install $missing || return 1
      has_rpm "$wanted" || refuse "$manager did not install $wanted"
    }

    remove_deb() {
      [ -n "$(dpkg-query -W -f '${Status}' "$2" 2>/dev/null)" ] || return 0
      DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 purge "$2"
    }

    remove_rpm() {
      ! rpm -q "$2" >/dev/null 2>&1 || "$1" -q -y remove "$2"
    }
    """,
  ]
}
