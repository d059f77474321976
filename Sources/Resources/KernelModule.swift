// SPDX-License-Identifier: Apache-2.0

package import Values

/// A module loaded now and at boot; one that is built in counts as loaded.
///
/// It stays loaded after `reset`: others may have come to use it.
package struct KernelModule: Sendable, Equatable {
  package var name: String
  /// A path whose existence shows that the kernel has it, loaded or built in: `/proc/sys/net/bridge`.
  package var shownBy: String?
  package var reason: String

  package init(name: String, shownBy: String? = nil, reason: String) {
    self.name = name
    self.shownBy = shownBy
    self.reason = reason
  }
}

extension KernelModule: HostResource {
  package static let kind = "module"
  package static let functions = [PlacedPath.functions, observing]

  package var id: ResourceID { ResourceID(kind: Self.kind, name: name) }
  package var prior: PriorState { .path(Self.dropIn(of: name).path) }
  package var fingerprint: Digest { Digest(of: name) }

  private static func dropIn(of name: String) -> PlacedPath {
    PlacedPath("/etc/modules-load.d/kubewright-\(Token.encode(name)).conf")
  }

  private var dropInBytes: [UInt8] { Array("# Made by kubewright: \(reason)\n\(name)\n".utf8) }

  /// As /sys/module has it.
  private var systemName: String { String(name.map { $0 == "-" ? "_" : $0 }) }

  package func observe(as label: String, in program: inout ObservationProgram) {
    program.add([label, systemName, shownBy ?? "-"], to: "modules", definedBy: Self.observing)
    program.digest(label + ".dropin", Self.dropIn(of: name).path, showingUnless: nil)
  }

  package func change(from observed: Observation, in context: PlanContext) -> Change? {
    switch observed["state"] {
    // Naming what is built in at boot makes systemd-modules-load fail where there is no /lib/modules.
    case "builtin": return nil
    case "loaded":
      guard observed["dropin.sha256"] != Digest(of: dropInBytes).hex else { return nil }
      return change(context.entry == nil ? .create : .update, "load at boot")
    default: return change(.create, "load now and at boot")
    }
  }

  package func holds(in look: inout HostLook) -> String {
    look.add(Self.observing)
    let isKept = look.isFile(Self.dropIn(of: name).path, holding: dropInBytes)
    return "module_state \(Shell.command([systemName, shownBy ?? "-"])) && "
      + "{ [ \"$module\" = builtin ] || { [ \"$module\" = loaded ] && \(isKept); }; }"
  }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    let words = Shell.command([systemName, shownBy ?? "-"])
    return "module_state \(words) && [ \"$module\" != absent ] || modprobe "
      + "\(Shell.quote(name)) || return 1\n"
      + "module_state \(words)\n"
      + "[ \"$module\" = loaded ] || return 0\n"
      + Self.dropIn(of: name).write(dropInBytes, mode: 0o644, owner: "root", group: "root")
  }

  package static func removal(of entry: ManifestEntry) -> String {
    dropIn(of: entry.id.name).removal(entry)
  }

  private static let observing = """
    # module_state NAME SHOWN-BY-OR-DASH: sets $module to loaded, builtin or absent.
    module_state() {
      module=absent
      if [ -e "/sys/module/$1/initstate" ]; then
        module=loaded
      elif [ -d "/sys/module/$1" ] || { [ "$2" != - ] && [ -e "$2" ]; }; then
        module=builtin
      else
        builtin_list=$(cat "/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null)
        dashed=$(printf '%s' "$1" | tr _ -)
        case $builtin_list in
          *"/$1.ko"* | *"/$dashed.ko"*) module=builtin ;;
        esac
      fi
    }

    # modules LABEL NAME SHOWN-BY-OR-DASH...
    modules() {
      while [ $# -gt 0 ]; do
        module_state "$2" "$3"
        printf 'module %s %s\\n' "$1" "$module"
        shift 3
      done
    }
    """
}
