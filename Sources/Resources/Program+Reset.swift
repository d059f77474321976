// SPDX-License-Identifier: Apache-2.0

import Values

extension Program {
  /// The program that removes exactly what `manifest` lists, the latest first, and then our own
  /// records.
  ///
  /// It goes on after a failure, tells each, and exits with 1 if there was one; what is gone
  /// already is no failure, so that it can be run again.
  package static func reset(cluster: String, manifest: [ManifestEntry]) -> String {
    var steps = Steps()
    let latestFirst = Array(manifest.reversed())
    // Images need the runtime, containers outlive it, and both hold what is mounted and owned.
    let order: [(ManifestEntry) -> Bool] = [
      { $0.id.kind == ContainerImage.kind && !ContainerImage.isDocker($0) },
      { $0.id.kind == Unit.kind }, { $0.id.kind == Footprint.kind },
      { ContainerImage.isDocker($0) },
      {
        ![ContainerImage.kind, Unit.kind, Footprint.kind].contains($0.id.kind)
          && $0.id != StateHome.linkID
      },
    ]
    for belongs in order {
      for entry in latestFirst where belongs(entry) {
        steps.add(entry.id, entry.removal, using: entry.removalFunctions)
      }
    }
    // Whoever used the host before us gets back what we took over.
    let running = manifest.filter {
      $0.id.kind == Unit.kind && $0["@prior"]?.contains("a") == true
    }
    return HostProgram(
      title: "cluster \(cluster), remove \(manifest.count) things",
      cluster: cluster,
      functions: steps.functions,
      definitions: steps.definitions + Self.finishing,
      main: "  rm -f \(bootScript) || exit 1\n  failed=0\n" + steps.calls(by: "attempt")
        + "  finish \(Shell.command(running.map(\.id.name)))".trimmingEnd + "\n"
    ).text
  }

  private static let finishing = """
    # finish UNIT...: our own records go last; while something is left they say what.
    finish() {
      if [ -d /run/systemd/system ]; then
        systemctl daemon-reload || failed=$((failed + 1))
        for name; do
          # A unit that went since with its package cannot be started again.
          [ "$(systemctl show -p LoadState "$name" 2>/dev/null)" = LoadState=loaded ] || continue
          systemctl start "$name" && continue
          printf 'kubewright: %s ran before and does not start again\\n' "$name" >&2
          failed=$((failed + 1))
        done
      fi
      [ "$failed" -eq 0 ] || stop "$failed things could not be removed or put back"
      for folder in cache prior seals stamps tmp; do
        rm -rf "${state:?}/$folder" || exit 1
      done
      rm -f "$state/manifest.new" "$state/manifest" "$state/lock" || exit 1
      if [ ! -L "$state" ]; then
        rmdir "$state" || stop "$state holds something that is not ours"
        return
      fi
      up=$(readlink "$state") levels=3
      rmdir "$up" || stop "$up holds something that is not ours"
      rm -f "$state" || exit 1
      # The folders that were made for it, as far as they are empty.
      while [ "$levels" -gt 0 ]; do
        up=${up%/*} levels=$((levels - 1))
        rmdir "$up" 2>/dev/null || return 0
      done
    }

    """ + "\n"
}

extension String {
  fileprivate var trimmingEnd: String { hasSuffix(" ") ? String(dropLast()) : self }
}
