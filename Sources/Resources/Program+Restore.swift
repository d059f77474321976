// SPDX-License-Identifier: Apache-2.0

import Values

extension Program {
  /// The program that a host runs at boot where nothing but `folder` outlives a reload: it brings back the
  /// rest of `desired`, by the very statements that made it.
  ///
  /// Files, programs and data lie below `folder`, where nothing is lost; links to them, folders, users,
  /// kernel settings, lines in other files, images and units come back. It goes on after a failure, and
  /// starts units without waiting for them: they may need hosts that boot too.
  package static func restore(
    cluster: String,
    host: String,
    desired: [Resource],
    keeping folder: String
  ) -> String {
    var steps = Steps()
    let context = ApplyContext(packages: [:], digestUses: [:], fingerprints: [:])
    for resource in desired where !resource.outlivesReload(keeping: folder) {
      let body = resource.body
      let change = Change(id: body.id, action: .create, summary: "", reason: "")
      let statements =
        if case .unit(let unit) = resource {
          "boot_unit \(Shell.quote(unit.name)) || return 1\n"
        } else {
          body.converge(change, in: context)
        }
      steps.add(body.id, statements, using: type(of: body).functions)
    }
    return HostProgram(
      title: "cluster \(cluster), host \(host), after a reload",
      cluster: cluster,
      functions: steps.functions + [again],
      definitions: steps.definitions,
      home: StateHome.target(in: desired),
      main: "  failed=0\n" + steps.calls(by: "again")
        + "  [ \"$failed\" -eq 0 ] || stop \"$failed things could not be brought back\"\n"
    ).text
  }

  private static let again = """
    # again ID FUNCTION: for a journal that people read.
    again() {
      "$2" >"$state/tmp/log" 2>&1
      status=$?
      set +C +f
      umask 077
      [ "$status" -ne 0 ] || return 0
      failed=$((failed + 1))
      printf 'cannot bring back %s: %s\\n' "$1" "$(tail -n 5 "$state/tmp/log")"
    }
    """
}

extension Resource {
  /// Whether a reload takes nothing of it away.
  fileprivate func outlivesReload(keeping folder: String) -> Bool {
    switch self {
    // Below the folder, or below a link to it.
    case .file, .binary: true
    // A host whose root file system is new at every boot installs nothing.
    case .package: true
    // Listed, not made.
    case .footprint: true
    case .link(let link): link.path.hasPrefix(folder + "/") || id == StateHome.linkID
    case .directory(let directory): directory.path.hasPrefix(folder + "/")
    case .block(let block): block.path.hasPrefix(folder + "/")
    case .sysctl, .kernelModule, .user, .swap, .image, .unit, .absence, .firewalld,
      .firewalldDirect:
      false
    }
  }
}
