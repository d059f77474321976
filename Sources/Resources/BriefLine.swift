// SPDX-License-Identifier: Apache-2.0

import Values

/// What the commonest kinds of resource have in common in a program that has to be small: one function a
/// kind knows how to look, list and make, and each resource is one call with what is its own.
///
/// The functions call what the full form calls. `$has` and `$step` name what looks and what makes.
enum BriefLine {
  /// The call of a kind's function; nil where only the full form does.
  static func call(_ resource: Resource, sole: Bool) -> (call: String, functions: [String])? {
    switch resource {
    case .file(let file) where isPlain(file.path):
      let words = [file.path, file.mode.description, file.owner, file.group]
      return ("file_line \"$1\" \(Shell.command(words))", [naming, fileLine])
    case .binary(let binary) where isPlain(binary.path):
      let words = [
        binary.path, binary.mode.description, binary.digest.hex, String(binary.size),
        binary.url ?? "-", sole ? "link" : "copy",
      ]
      return (
        "\(binary.mayBeReplaced ? "replaceable" : "binary")_line \"$1\" \(Shell.command(words))",
        [naming, binaryLine, Binary.observing]
          + (binary.mayBeReplaced ? [replaceableLine] : [])
      )
    case .sysctl(let sysctl) where isPlain(sysctl.key) && !sysctl.key.contains("/"):
      let words = [
        sysctl.key, sysctl.value, sysctl.optional ? "optional" : "needed", sysctl.reason,
      ]
      return ("sysctl_line \"$1\" \(Shell.command(words))", [naming, sysctlLine, Sysctl.comparing])
    default: return nil
    }
  }

  /// A name that stands in an id as it is.
  private static func isPlain(_ name: String) -> Bool { Token.encode(name) == name }

  private static let naming = """
    # named PATH: sets $short, by which what belongs to a path is called.
    named() {
      digest printf '%s' "$1"
      short=$(printf '%.12s' "$sum")
    }

    # put COMMAND...: what it prints becomes $path, as PlacedPath writes.
    put() {
      named "$path"
      fresh "$path" "${path%/*}/.kubewright-$short" || return 1
      "$@" >"$temp" || return 1
      place "$path" "$mode" "$owner:$group" || return 1
      case $path in
        \(PlacedPath.unitFolders.map { $0 + "*" }.joined(separator: " | "))) reload=1 ;;
      esac
    }
    """

  private static let fileLine = """
    # file_line FUNCTION PATH MODE OWNER GROUP
    file_line() {
      path=$2 mode=$3 owner=$4 group=$5 has=has_file step=step_file
      named "$2"
      "$1" entry_path "file:$2" '' "$2" "$state/prior/$short"
    }

    has_file() {
      owned "$path" "${mode#0}" "$owner" "$group" && digest "content_$nth" && is_file "$path" "$sum"
    }

    step_file() { put "content_$nth"; }
    """

  private static let binaryLine = """
    # binary_line FUNCTION PATH MODE DIGEST SIZE URL link|copy
    binary_line() {
      path=$2 mode=$3 hex=$4 size=$5 url=$6 way=$7 owner=root group=root has=${8-has_binary} step=step_binary
      named "$2"
      seal=$state/seals/$short
      "$1" entry_path "binary:$2" '' "$2" "$state/prior/$short"
    }

    has_binary() {
      says "sha256 x $hex" binaries x "$path" "$seal" && owned "$path" "${mode#0}" root root
    }

    step_binary() {
      cached "$state/cache/$hex" "$hex" "$url" "$path" || return 1
      fresh "$path" "${path%/*}/.kubewright-$short" || return 1
      take_cached "$state/cache/$hex" "$size" "$way" || return 1
      place "$path" "$mode" root:root || return 1
      [ "$way" = copy ] || rm -f "$state/cache/$hex" || return 1
      seal "$path" "$seal" "$hex"
    }
    """

  private static let replaceableLine = """
    replaceable_line() { binary_line "$@" has_either; }

    # has_either: one that is not as it was put there is theirs.
    has_either() {
      has_binary || { read -r sealed _ <"$seal" && digest cat "$path" && [ "$sum" != "$sealed" ]; } 2>/dev/null
    }
    """

  private static let sysctlLine = """
    # sysctl_line FUNCTION KEY VALUE optional|needed REASON
    sysctl_line() {
      key=$2 set=$3 way=$4 reason=$5 owner=root group=root mode=0644 has=has_sysctl step=step_sysctl
      path=/etc/sysctl.d/99-zz-kubewright-$2.conf
      file=/proc/sys/$(printf '%s' "$2" | tr . /)
      "$1" entry_setting "sysctl:$2" '' "$file" "$path"
    }

    kept_sysctl() { printf '# Made by kubewright: %s\\n%s = %s\\n' "$reason" "$key" "$set"; }

    has_sysctl() {
      { [ "$way" = optional ] && [ ! -e "$file" ]; } || set_to "$file" "$set" || return 1
      digest kept_sysctl && is_file "$path" "$sum"
    }

    step_sysctl() {
      setting "$file" "$set" "$way" || return 1
      put kept_sysctl
    }
    """
}
