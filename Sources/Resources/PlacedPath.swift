// SPDX-License-Identifier: Apache-2.0

import Values

/// A name in the file system that we fill: written beside it and renamed into place, and given back on removal.
struct PlacedPath {
  let path: String

  init(_ path: String) {
    self.path = path
  }

  private var parent: String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  /// The same at every run, so that what an interrupted one left is found; short, so that it fits wherever
  /// the name itself does.
  private var temporary: String { "\(parent)/.kubewright-\(Digest(of: path).short)" }

  /// Where what was there before is kept.
  var kept: String { "\(Program.stateFolder)/prior/\(Digest(of: path).short)" }

  /// Folders that systemd reads; it has to be told of what changes there.
  static let unitFolders = [
    "/etc/systemd/system/", "/usr/lib/systemd/system/", "/lib/systemd/system/",
  ]

  private var isUnitFile: Bool { Self.unitFolders.contains { path.hasPrefix($0) } }

  /// The statement that makes `$temp` a free name.
  var fresh: String { "fresh \(Shell.command([path, temporary])) || return 1\n" }

  /// The statement that gives `$temp` its mode and owner and renames it.
  func place(mode: FileMode, owner: String, group: String) -> String {
    "place \(Shell.command([path, mode.description, "\(owner):\(group)"])) || return 1\n" + reload
  }

  var reload: String { isUnitFile ? "reload=1\n" : "" }

  func write(_ bytes: [UInt8], mode: FileMode, owner: String, group: String) -> String {
    write(printing: ShellContent.printing(bytes), mode: mode, owner: owner, group: group)
  }

  /// The same of what a command prints.
  func write(printing command: String, mode: FileMode, owner: String, group: String) -> String {
    fresh + command + " >\"$temp\" || return 1\n"
      + place(mode: mode, owner: owner, group: group)
  }

  func link(to target: String) -> String {
    fresh + "ln -s -- \(Shell.quote(target)) \"$temp\" || return 1\n"
      + "place_link \(Shell.quote(path)) || return 1\n" + reload
  }

  func removal(_ entry: ManifestEntry) -> String {
    let words = [path, temporary, kept, entry["@prior"] ?? "N", entry["@made"] ?? "0"]
    return "give_back \(Shell.command(words)) || return 1\n" + reload
  }

  static let functions = """
    # fresh PATH TEMPORARY: makes its folder; $temp is free, and is only ever written as a new file.
    fresh() {
      folder "${1%/*}" || return 1
      temp=$2
      if [ -e "$temp" ] || [ -L "$temp" ]; then
        rm -f "$temp" || return 1
      fi
      set -C
    }

    # place PATH MODE OWNER:GROUP: $temp becomes PATH, on the disk before it has the name.
    place() {
      set +C
      chown "$3" "$temp" && chmod "$2" "$temp" || return 1
      sync "$temp" 2>/dev/null || sync
      place_link "$1"
    }

    place_link() {
      set +C
      if [ -d "$1" ]; then
        # mv would move into it.
        [ -L "$1" ] || { refuse "$1 is a directory"; return 1; }
        rm -f "$1" || return 1
      fi
      mv -f "$temp" "$1" && label "$1"
    }

    # label PATH: SELinux goes by the label of the place where a file came to be, which a rename or a link
    # keeps: a program out of our cache would be one that no unit may start.
    label() {
      if [ -z "${labels-}" ]; then
        labels=no
        if command -v restorecon >/dev/null 2>&1 && selinuxenabled 2>/dev/null; then labels=yes; fi
      fi
      # Not every file system holds labels.
      [ "$labels" = no ] || restorecon "$1" || return 0
    }

    # folder PATH
    folder() {
      [ -z "$1" ] || [ -d "$1" ] && return 0
      umask 022
      mkdir -p "$1"
      made=$?
      umask 077
      return "$made"
    }

    # give_back PATH TEMPORARY KEPT PRIOR LEVELS: takes PATH away, or puts back what was there before us,
    # and the folders that we made for it where they are empty.
    give_back() {
      rm -f "$2" || return 1
      if [ "$4" = K ]; then
        # Once it is given back, PATH is no longer ours.
        if [ -e "$3" ] || [ -L "$3" ]; then mv -f "$3" "$1" && label "$1" || return 1; fi
        return 0
      fi
      if [ -d "$1" ] && [ ! -L "$1" ]; then
        refuse "$1 is a directory now, and not ours"
        return 1
      fi
      rm -f "$1" || return 1
      leave "$1" "$5"
    }

    # leave PATH LEVELS: removes as many folders above it, as far as they are empty.
    leave() {
      up=${1%/*} levels=$2
      while [ -n "$up" ] && [ "$levels" -gt 0 ]; do
        if [ -d "$up" ]; then rmdir "$up" 2>/dev/null || return 0; fi
        up=${up%/*} levels=$((levels - 1))
      done
    }
    """
}
