// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Resources
import Values

/// A shell with the programs that it finds.
package enum Userland: String, CaseIterable {
  case dash
  case bash
  case busybox

  /// Those that take programs from PATH; Debian's busybox takes its own first, whatever stands in for them.
  package static let wrappable: [Userland] = [.dash, .bash]

  package var shell: [String] {
    switch self {
    case .dash: ["dash"]
    case .bash: ["bash", "--posix"]
    case .busybox: ["busybox", "sh"]
    }
  }

  /// Busybox alone in one, coreutils in the others.
  package var path: String { self == .busybox ? "/busybox" : "/usr/sbin:/usr/bin" }
}

/// A root file system of its own, in which programs run in namespaces of their own: what a program
/// does to "the host" happens there.
///
/// systemctl and journalctl are stand-ins that keep their state in /stub. A folder `local` of the sandbox
/// stands for /usr/local, and one called `settings` for /proc/sys.
package struct Sandbox {
  let scratch: Scratch
  package let userland: Userland
  package var root: String { scratch.path }

  package init(_ userland: Userland = .dash) async throws {
    scratch = try Scratch()
    self.userland = userland
    // Another test of the process may have changed its mask.
    let layout = """
      set -e
      umask 022
      cd "$1"
      chmod 0755 .
      mkdir -p etc/systemd/system var/lib opt tmp run/systemd/system proc sys dev usr root busybox \\
        stub/active stub/enabled stub/failing stub/dying stub/falling
      for name in bin sbin lib lib32 lib64; do
        [ ! -e "/usr/$name" ] || ln -s "usr/$name" "$name"
      done
      /usr/bin/busybox --install -s busybox
      printf 'root:x:0:0:root:/root:/bin/sh\\nnobody:x:65534:65534::/:/bin/false\\n' >etc/passwd
      printf 'root:x:0:\\nnogroup:x:65534:\\n' >etc/group
      printf '127.0.0.1 localhost\\n' >etc/hosts
      printf 'x\\n' >var/data
      """
    _ = try await Command.run(["sh", "-c", layout, "layout", root])
    try write(Self.systemctl, to: "/stub/systemctl", mode: 0o755)
    try write("#!/bin/sh\necho \"log of $2\"\n", to: "/stub/journalctl", mode: 0o755)
  }

  /// Runs `program` as a transport would: over standard input.
  package func run(
    _ program: String,
    path extra: String = "",
    environment: [String] = []
  ) async throws -> Command.Result {
    let enter = """
      set -e
      umask 022
      root=$1
      shift
      mount --bind "$root" "$root"
      mount --rbind /usr "$root/usr"
      mount -o remount,bind,ro "$root/usr"
      mount -t proc proc "$root/proc"
      mount -t sysfs sys "$root/sys"
      mount --rbind /dev "$root/dev"
      [ ! -d "$root/local" ] || mount --bind "$root/local" "$root/usr/local"
      [ ! -d "$root/settings" ] || mount --bind "$root/settings" "$root/proc/sys"
      set +e
      chroot "$root" "$@"
      exit $?
      """
    let words =
      ["unshare", "-m", "-n", "-p", "-f", "--propagation", "private", "sh", "-c", enter, "enter"]
      + [root, "/usr/bin/env", "-i", "PATH=\(extra)/stub:\(userland.path)"] + environment
      + ["/usr/bin/\(userland.shell[0])"] + userland.shell.dropFirst()
    return try await Command.run(words, input: program)
  }

  /// Puts text into the sandbox's file system.
  package func write(_ text: String, to path: String, mode: Int = 0o644) throws {
    try scratch.write(text, to: String(path.dropFirst()), mode: mode)
  }

  package func bytes(of path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: root + path).map { Array($0) }
  }

  package func text(of path: String) -> String? {
    bytes(of: path).map { String(decoding: $0, as: UTF8.self) }
  }

  package func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root + path)
  }

  /// Everything that a program may touch: types, modes, owners, names, targets, contents.
  package func snapshot() async throws -> String {
    let look = """
      cd "$1"
      find etc opt var -printf '%y %m %U %G %p -> %l\\n' | LC_ALL=C sort
      find etc opt var -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum
      """
    return try await Command.run(["sh", "-c", look, "look", root]).output
  }

  package func manifest() throws -> Manifest {
    try Manifest.parse(text(of: Program.manifestPath) ?? "")
  }

  /// What would be done to the sandbox now.
  package func changes(for desired: [Resource]) async throws -> [Change] {
    let result = try await run(Program.observe(desired))
    guard result.exitCode == 0 else { throw Unexpected(result) }
    return Program.changes(
      desired: desired,
      observed: try Program.parse(observations: result.output),
      manifest: try manifest().entries
    )
  }

  /// The program that would do it, with what it needs in the cache.
  package func program(for desired: [Resource], _ changes: [Change]) throws -> String {
    for case .binary(let binary) in desired where changes.contains(where: { $0.id == binary.id }) {
      let path = Program.cachePath(binary.digest)
      if !exists(path) { try write(binary.source, to: path) }
    }
    return Program.apply(
      ApplyRequest(
        cluster: "demo",
        host: "one",
        stage: "all",
        desired: desired,
        changes: changes,
        manifest: try manifest().entries
      )
    )
  }

  /// Observes, plans and applies, and returns what was done.
  @discardableResult
  package func converge(_ desired: [Resource]) async throws -> [Change] {
    let changes = try await changes(for: desired)
    guard !changes.isEmpty else { return [] }
    let result = try await run(program(for: desired, changes))
    guard result.exitCode == 0 else { throw Unexpected(result) }
    return changes
  }

  package func reset() async throws -> Command.Result {
    try await run(Program.reset(cluster: "demo", manifest: manifest().entries))
  }

  /// What systemctl was asked for, without mere questions.
  package func unitCalls() -> [String] {
    (text(of: "/stub/log") ?? "").split(separator: "\n").map(String.init)
  }

  private static let systemctl = """
    #!/bin/sh
    words=''
    for word; do
      case $word in
        -p | --no-reload | --no-block) ;;
        *) words="$words $word" ;;
      esac
    done
    set -- $words
    verb=$1 unit=$2
    case $verb in
      is-active)
        if [ -e "/stub/falling/$unit" ]; then echo activating; exit 3; fi
        if [ -e "/stub/active/$unit" ]; then echo active; exit 0; fi
        if [ -e "/stub/failing/$unit" ]; then echo failed; else echo inactive; fi
        exit 3
        ;;
      is-enabled)
        if [ -e "/stub/enabled/$unit" ]; then echo enabled; else echo disabled; exit 1; fi
        exit 0
        ;;
      show)
        # One of /stub/falling fails as often as its file says, once a look, with its second word, else another
        # status each time.
        case $words in
          ' show SubState Result ExecMainStatus '*)
            for unit; do :; done
            status=7 state=dead
            [ ! -e "/stub/active/$unit" ] || state=running
            if [ -e "/stub/falling/$unit" ]; then
              state=auto-restart
              read -r left status <"/stub/falling/$unit"
            fi
            printf 'Result=exit-code\\nExecMainStatus=%s\\nSubState=%s\\n' "${status:-$left}" "$state"
            exit 0
            ;;
          ' show ExecMainPID '*)
            for unit; do :; done
            read -r left status <"/stub/falling/$unit"
            echo "ExecMainPID=$left"
            echo "$((left - 1)) $status" >"/stub/falling/$unit"
            [ "$left" -gt 1 ] || rm "/stub/falling/$unit"
            exit 0
            ;;
        esac
        for unit; do
          case $unit in
            show | Id | SubState | UnitFileState | NeedDaemonReload) continue ;;
            LoadState | ActiveState) continue ;;
            # One of /stub/dying is as its file says once somebody has looked.
            ActiveEnterTimestampMonotonic)
              for unit; do :; done
              printf 'ActiveEnterTimestampMonotonic=%s\\n' "$(cat "/stub/active/$unit" 2>/dev/null)"
              case $(cat "/stub/dying/$unit" 2>/dev/null) in
                dead) rm -f "/stub/active/$unit" ;;
                again) echo again >"/stub/active/$unit" ;;
              esac
              exit 0
              ;;
            ControlGroup) echo ControlGroup=; continue ;;
          esac
          load=not-found active=inactive enabled=''
          [ ! -e "/etc/systemd/system/$unit" ] || { load=loaded; enabled=disabled; }
          [ ! -e "/stub/active/$unit" ] || active=active
          [ ! -e "/stub/enabled/$unit" ] || enabled=enabled
          [ "$words" = " show LoadState $unit" ] && { echo "LoadState=$load"; continue; }
          [ "$words" = " show ControlGroup $unit" ] && continue
          printf 'Id=%s\\nLoadState=%s\\nActiveState=%s\\nUnitFileState=%s\\nNeedDaemonReload=no\\n\\n' \\
            "$unit" "$load" "$active" "$enabled"
        done
        exit 0
        ;;
    esac
    echo "$verb${unit:+ $unit}" >>/stub/log
    case $verb in
      start | restart | reload-or-restart)
        if [ -e "/stub/failing/$unit" ]; then
          rm -f "/stub/active/$unit"
          echo "Job for $unit failed." >&2
          exit 1
        fi
        wc -l </stub/log >"/stub/active/$unit"
        file=/etc/systemd/system/$unit
        # One that does not stay is run to its end.
        if [ -e "$file" ] && grep -q '^Type=oneshot$' "$file" &&
          ! grep -q '^RemainAfterExit=' "$file"; then
          $(sed -n 's/^ExecStart=//p' "$file") >>/stub/journal 2>&1
          rm -f "/stub/active/$unit"
        fi
        ;;
      stop) rm -f "/stub/active/$unit" ;;
      enable) : >"/stub/enabled/$unit" ;;
      disable) rm -f "/stub/enabled/$unit" ;;
      mask) ln -sf /dev/null "/etc/systemd/system/$unit" ;;
      unmask) rm -f "/etc/systemd/system/$unit" ;;
    esac
    """
}

/// A program that ended otherwise than the test wants.
package struct Unexpected: Error, CustomStringConvertible {
  package let description: String

  package init(_ result: Command.Result) {
    let events = result.output.split(separator: "\n").compactMap { line in
      Program.parse(resultLine: String(line))
    }
    let failures = events.filter { $0.phase == .fail }.map {
      "\($0.id): \($0.message) \($0.log)"
    }
    description =
      "exit \(result.exitCode): \(result.error) \(failures) "
      + (failures.isEmpty ? String(result.output.suffix(2000)) : "")
  }
}
