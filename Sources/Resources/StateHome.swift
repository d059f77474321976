// SPDX-License-Identifier: Apache-2.0

package import Values

/// Where our records of a host really lie: on some hosts the root file system does not outlive a reload,
/// and their folder is a link to a place that does.
enum StateHome {
  /// The link that makes it so; it is there before anything else and goes last, by no step.
  static let linkID = ResourceID(kind: Link.kind, name: Program.stateFolder)

  /// Where `desired` has the records; nil: in their usual folder.
  static func target(in desired: [Resource]) -> String? {
    for case .link(let link) in desired where link.path == Program.stateFolder {
      return link.target
    }
    return nil
  }

  /// Shell statements by which `$state` leads to `target`.
  static func settling(_ target: String) -> String {
    """
    home=\(Shell.quote(target))
    # Whoever owns data there has to pass through.
    umask 022
    mkdir -p "$home" "${state%/*}" || exit 1
    umask 077
    if [ "$(readlink "$state")" != "$home" ]; then
      if [ -d "$state" ] && [ ! -L "$state" ]; then
        echo "kubewright: $state is a folder, and should be a link to $home" >&2
        exit 1
      fi
      ln -sfn "$home" "$state" || exit 1
    fi

    """
  }
}

extension Program {
  /// A program that prints which of `digests` the host's cache has, a line each; a file is there under
  /// its digest only after it was checked.
  package static func cached(_ digests: [Digest], desired: [Resource]) -> String {
    let tests = digests.map { digest in
      "[ -f \(Shell.quote(cachePath(digest))) ] && printf '%s\\n' \(digest.hex)\n"
    }
    let settling = StateHome.target(in: desired).map {
      "state=\(stateFolder)\n" + StateHome.settling($0)
    }
    return (settling ?? "") + tests.joined() + "exit 0\n"
  }
}
