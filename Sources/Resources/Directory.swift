// SPDX-License-Identifier: Apache-2.0

package import Values

/// A directory; what it holds is not ours unless listed itself.
package struct Directory: Sendable, Equatable {
  package var path: String
  package var mode: FileMode
  package var owner: String
  package var group: String
  package var reason: String
  /// `reset` removes it with all it holds (data, caches), not only when it is empty.
  ///
  /// What held something before us stays whatever this says.
  package var ownsContents: Bool

  package init(
    path: String,
    mode: FileMode = 0o755,
    owner: String = "root",
    group: String = "root",
    ownsContents: Bool = false,
    reason: String
  ) {
    self.path = path
    self.mode = mode
    self.owner = owner
    self.group = group
    self.ownsContents = ownsContents
    self.reason = reason
  }
}

extension Directory: HostResource {
  package static let kind = "directory"

  package var id: ResourceID { ResourceID(kind: Self.kind, name: path) }
  package var prior: PriorState { .directory(path) }
  package var manifestFields: [String] { ownsContents ? ["contents=ours"] : [] }
  package var fingerprint: Digest { Digest(of: "\(path)\0\(mode)\0\(owner):\(group)") }

  package func observe(as label: String, in program: inout ObservationProgram) {
    // Through a link that the machine's owner put there.
    program.stat(label, path + "/.")
  }

  package func change(from observed: Observation, in context: PlanContext) -> Change? {
    let contents = ownsContents ? ", reset removes its contents" : ""
    guard observed.exists else {
      return change(.create, "mode \(mode), \(owner):\(group)\(contents)")
    }
    var differences = Differences()
    differences.compare(observed, mode: mode, owner: owner, group: group)
    guard differences.isEmpty else { return change(.update, differences.summary) }
    // What is put into it from now on is found by reset only if it is listed.
    return ownsContents && context.entry == nil ? change(.update, "recorded for reset") : nil
  }

  package func holds(in look: inout HostLook) -> String {
    let there =
      "[ -d \(Shell.quote(path + "/.")) ] && " + look.owned(path + "/.", mode, owner, group)
    return ownsContents ? there + " && [ -n \"$known\" ]" : there
  }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    "directory \(Shell.command([path, mode.description, "\(owner):\(group)"])) || return 1\n"
  }

  package static func removal(of entry: ManifestEntry) -> String {
    let words = [
      entry.id.name, entry["contents"] == "ours" ? "ours" : "-", entry["@prior"] ?? "N",
      entry["@made"] ?? "0", entry["@was"] ?? "",
    ]
    return "leave_directory \(Shell.command(words)) || return 1\n"
  }

  package static let functions = [
    PlacedPath.functions, Mounts.functions,
    """
    # directory PATH MODE OWNER:GROUP
    directory() {
      if [ ! -d "$1" ]; then
        if [ -e "$1" ] || [ -L "$1" ]; then
          refuse "$1 is there and no directory"
          return 1
        fi
        folder "${1%/*}" && mkdir "$1" && label "$1" || return 1
      fi
      chown "$3" "$1" && chmod "$2" "$1"
    }

    # leave_directory PATH OURS-OR-DASH PRIOR LEVELS MODE:OWNER:GROUP. PRIOR: N nothing was there, E it was
    # empty, D it held something, which may be anybody's.
    leave_directory() {
      [ -d "$1" ] || return 0
      if [ "$2" = ours ] && [ "$3" != D ]; then
        unmount_below "$1" || return 1
        for inside in "$1"/* "$1"/.[!.]* "$1"/..?*; do
          if [ -e "$inside" ] || [ -L "$inside" ]; then rm -rf "$inside" || return 1; fi
        done
      fi
      if [ "$3" != N ]; then
        [ -z "$5" ] || { chown "${5#*:}" "$1/." && chmod "${5%%:*}" "$1/."; }
        return
      fi
      if [ -L "$1" ]; then return 0; fi
      rmdir "$1" 2>/dev/null || return 0
      leave "$1" "$4"
    }
    """,
  ]
}

/// Mounts below a folder of ours: pods' volumes, layers of containers.
enum Mounts {
  static let functions = """
    # unmount_below PATH: the latest mount first. Fails where one stays, so that nobody deletes through it.
    unmount_below() {
      below=$(readlink -f "$1") || return 1
      points=''
      while read -r _ point _; do
        # The kernel writes blanks and backslashes of names as octal escapes.
        case $point in
          *\\\\*) plain=$(printf '%b/' "$point") plain=${plain%/} ;;
          *) plain=$point ;;
        esac
        case $plain in
          "$below"/*) points="$point $points" ;;
        esac
      done </proc/self/mounts
      for point in $points; do
        plain=$(printf '%b/' "$point") plain=${plain%/}
        umount "$plain" 2>/dev/null || umount -l "$plain" || return 1
      done
    }
    """
}
