// SPDX-License-Identifier: Apache-2.0

package import Values

/// A large file that travels apart from the program, once a host and content.
package struct Binary: Sendable, Equatable {
  package var path: String
  package var digest: Digest
  package var size: Int
  package var mode: FileMode
  /// Where the operator's side has it.
  package var source: String
  /// Where the host itself may fetch it, if the spec allows that; after a `#` its name in an archive.
  package var url: String?
  /// Whether somebody else may put a file of theirs in its place: theirs is no drift, as ours would not last.
  ///
  /// What was never put there by us is put there; what we put there and is gone, or is ours and of another
  /// version, as well.
  package var mayBeReplaced: Bool
  package var reason: String

  package init(
    path: String,
    digest: Digest,
    size: Int,
    mode: FileMode = 0o755,
    source: String,
    url: String? = nil,
    mayBeReplaced: Bool = false,
    reason: String
  ) {
    self.path = path
    self.digest = digest
    self.size = size
    self.mode = mode
    self.source = source
    self.url = url
    self.mayBeReplaced = mayBeReplaced
    self.reason = reason
  }
}

extension Binary: HostResource {
  package static let kind = "binary"

  package var id: ResourceID { ResourceID(kind: Self.kind, name: path) }
  package var prior: PriorState { .path(path) }
  package var fingerprint: Digest { Digest(of: "\(path)\0\(mode)\0\(digest)") }

  /// A digest with what `stat` said when it was right: hashing hundreds of MiB at every plan takes seconds.
  private static func seal(of path: String) -> String {
    "\(Program.stateFolder)/seals/\(Digest(of: path).short)"
  }

  package func observe(as label: String, in program: inout ObservationProgram) {
    program.stat(label, path)
    program.add([label, path, Self.seal(of: path)], to: "binaries", definedBy: Self.observing)
    if mayBeReplaced {
      program.add([label, path, Self.seal(of: path)], to: "replaced", definedBy: Self.comparing)
    }
  }

  package func change(from observed: Observation, in context: PlanContext) -> Change? {
    guard observed.exists else {
      return change(.create, "sha256:\(digest.short), \(size) bytes, mode \(mode)")
    }
    guard !mayBeReplaced || observed["replaced"] != "yes" else { return nil }
    var differences = Differences()
    if differences.compareType(observed, "file") {
      let found = observed["sha256"].flatMap { Digest(hex: $0) }
      differences.compare("content", found.map { "sha256:\($0.short)" }, "sha256:\(digest.short)")
      differences.compare(observed, mode: mode, owner: "root", group: "root")
    }
    return differences.isEmpty ? nil : change(.update, differences.summary)
  }

  package func holds(in look: inout HostLook) -> String {
    let seal = Self.seal(of: path)
    let isOurs =
      look.says("sha256 x \(digest.hex)", "binaries", [path, seal], definedBy: Self.observing)
      + " && " + look.owned(path, mode, "root", "root")
    guard mayBeReplaced else { return isOurs }
    let isTheirs = look.says("replaced x yes", "replaced", [path, seal], definedBy: Self.comparing)
    return "{ \(isOurs); } || \(isTheirs)"
  }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    let place = PlacedPath(path)
    let cached = Program.cachePath(digest)
    let sole = (context.digestUses[digest] ?? 1) == 1
    return "cached \(Shell.command([cached, digest.hex, url ?? "-", path])) || return 1\n"
      + place.fresh
      + "take_cached \(Shell.command([cached, String(size), sole ? "link" : "copy"])) || return 1\n"
      + place.place(mode: mode, owner: "root", group: "root")
      // A link less changes the file's ctime, which the seal holds.
      + (sole ? "rm -f \(Shell.quote(cached)) || return 1\n" : "")
      + "seal \(Shell.command([path, Self.seal(of: path), digest.hex])) || return 1\n"
  }

  package static func removal(of entry: ManifestEntry) -> String {
    "rm -f \(Shell.quote(seal(of: entry.id.name))) || return 1\n"
      + PlacedPath(entry.id.name).removal(entry)
  }

  static let observing = """
    # binaries LABEL PATH SEAL...
    binaries() {
      while [ $# -gt 0 ]; do
        if [ -f "$2" ] && [ ! -L "$2" ]; then
          sum='' sealed='' now=''
          if [ -f "$3" ]; then
            read -r sum sealed <"$3"
            now=$(stat -c '%s %i %y %z' "$2") || return 1
          fi
          if [ -z "$now" ] || [ "$sealed" != "$now" ]; then
            sum=$(sha256 <"$2") || return 1
          fi
          printf 'sha256 %s %s\\n' "$1" "${sum%% *}"
        fi
        shift 3
      done
    }
    """

  static let comparing = """
    # replaced LABEL PATH SEAL...: a file that is not the one that was put there.
    replaced() {
      while [ $# -gt 0 ]; do
        if [ -f "$2" ] && [ -f "$3" ]; then
          read -r sealed _ <"$3"
          sum=$(sha256 <"$2") || return 1
          [ "${sum%% *}" = "$sealed" ] || printf 'replaced %s yes\\n' "$1"
        fi
        shift 3
      done
    }
    """

  package static let functions = [
    PlacedPath.functions,
    """
    # seal PATH SEAL DIGEST
    seal() {
      now=$(stat -c '%s %i %y %z' "$1") || return 1
      printf '%s %s\\n' "$3" "$now" >"$2.new" && mv -f "$2.new" "$2"
    }

    # fetch URL FILE: what follows a # is a file in the archive that the URL is of.
    fetch() {
      case $1 in
        *'#'*) fetch_member "${1%%'#'*}" "${1#*'#'}" "$2"; return ;;
      esac
      tries=40
      while :; do
        if command -v curl >/dev/null 2>&1; then
          curl -qfsSL --connect-timeout 10 --speed-limit 1024 --speed-time 30 -o "$2" "$1"
        else
          wget -q -O "$2" "$1"
        fi
        came=$?
        case $came in
          # No name, no way, cut off: at boot the network may come late.
          5 | 6 | 7 | 18 | 28 | 35 | 52 | 56) ;;
          *) return "$came" ;;
        esac
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return "$came"
        sleep 15
      done
    }

    # fetch_member URL NAME FILE: the archive stays for the next one that is in it.
    fetch_member() {
      archive=$state/tmp/archive held=''
      if [ -f "$archive.url" ]; then read -r held <"$archive.url"; fi
      if [ "$held" != "$1" ]; then
        rm -f "$archive.url" || return 1
        fetch "$1" "$archive" && printf '%s\\n' "$1" >"$archive.url" || return 1
      fi
      tar -xzOf "$archive" "$2" >"$3" && return
      rm -f "$archive" "$archive.url"
      return 1
    }

    # cached FILE DIGEST URL-OR-DASH PATH: FILE is in the cache, or PATH has its contents, or it is fetched.
    cached() {
      [ ! -f "$1" ] || return 0
      if [ -f "$4" ] && [ ! -L "$4" ]; then
        sum=$(sha256 <"$4") || return 1
        if [ "${sum%% *}" = "$2" ]; then
          cp "$4" "$1.new" && mv -f "$1.new" "$1"
          return
        fi
      fi
      if [ "$3" = - ]; then
        refuse "$1 is missing: it was to be sent before"
        return 1
      fi
      fetch "$3" "$1.new" || return 1
      sum=$(sha256 <"$1.new") || return 1
      if [ "${sum%% *}" != "$2" ]; then
        rm -f "$1.new" "$state/tmp/archive.url"
        refuse "$3 has sha256 ${sum%% *}, not $2"
        return 1
      fi
      mv -f "$1.new" "$1"
    }

    # take_cached FILE SIZE link|copy: $temp gets its contents, which were checked when it came.
    take_cached() {
      if [ "$(wc -c <"$1")" -ne "$2" ]; then
        rm -f "$1"
        refuse "$1 was damaged; it is sent anew by the next run"
        return 1
      fi
      if [ "$3" = link ] && ln "$1" "$temp" 2>/dev/null; then return 0; fi
      cat "$1" >"$temp"
    }
    """,
  ]
}
