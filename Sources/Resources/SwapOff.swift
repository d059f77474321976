// SPDX-License-Identifier: Apache-2.0

package import Values

/// No active swap, now and after a reboot: fstab's lines are commented out, and swap.target, which draws in
/// every swap unit (fstab's, partitions found by their type, zram), is masked.
package struct SwapOff: Sendable, Equatable {
  package var reason: String

  package init(reason: String) {
    self.reason = reason
  }
}

extension SwapOff: HostResource {
  package static let kind = "swap"

  package var id: ResourceID { ResourceID(kind: Self.kind, name: "off") }
  package var prior: PriorState { .mask("swap.target") }
  package var fingerprint: Digest { Digest(of: "off") }

  package func observe(as label: String, in program: inout ObservationProgram) {
    program.add([label], to: "swap_state", definedBy: Self.observing)
  }

  package func change(from observed: Observation, in context: PlanContext) -> Change? {
    var differences = Differences()
    if let active = observed["active"], active != "0" {
      differences.add("turn off \(TerminalText.escape(active)) active swap areas")
    }
    if let lines = observed["fstab"], lines != "0" {
      differences.add("comment out \(TerminalText.escape(lines)) lines of /etc/fstab")
    }
    if observed["masked"] == "no" { differences.add("mask swap.target") }
    guard !differences.isEmpty else { return nil }
    return change(context.entry == nil ? .create : .update, differences.summary)
  }

  package func holds(in look: inout HostLook) -> String {
    look.says("swap x 0 0 yes", "swap_state", [], definedBy: Self.observing)
  }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    PlacedPath("/etc/fstab").fresh + "set +C\nswap_off || return 1\n"
  }

  package static func removal(of entry: ManifestEntry) -> String {
    PlacedPath("/etc/fstab").fresh + "set +C\nswap_back \(Shell.quote(entry["@prior"] ?? "N")) "
      + "|| return 1\n"
  }

  private static let observing = """
    swap_state() {
      areas=-1 lines=0 masked=no
      if [ -r /proc/swaps ]; then
        while read -r _; do areas=$((areas + 1)); done </proc/swaps
      fi
      [ "$areas" -ge 0 ] || areas=0
      if [ -r /etc/fstab ]; then
        while read -r device _ type _ || [ -n "$device" ]; do
          case $device in
            '' | '#'*) ;;
            *) [ "$type" != swap ] || lines=$((lines + 1)) ;;
          esac
        done </etc/fstab
      fi
      # Where systemd is not process 1 there is no target to mask.
      if [ ! -d /run/systemd/system ] || [ "$(readlink /etc/systemd/system/swap.target)" = /dev/null ]
      then
        masked=yes
      fi
      printf 'swap %s %s %s %s\\n' "$1" "$areas" "$lines" "$masked"
    }
    """

  package static let functions = [
    PlacedPath.functions, ManagedBlock.editing,
    """
    swap_off() {
      swapoff -a || return 1
      if [ -d /run/systemd/system ]; then systemctl mask swap.target || return 1; fi
      [ -f /etc/fstab ] || return 0
      found=''
      set -f
      while IFS= read -r line || [ -n "$line" ]; do
        # shellcheck disable=SC2086 # its fields
        set -- $line
        case ${1-} in
          '' | '#'*) ;;
          *)
            if [ "${3-}" = swap ]; then
              found=1
              line="#kubewright-swap# $line"
            fi
            ;;
        esac
        printf '%s\\n' "$line"
      done </etc/fstab >"$temp" || return 1
      set +f
      if [ -n "$found" ]; then replace_other /etc/fstab; else rm -f "$temp"; fi
    }

    # swap_back PRIOR
    swap_back() {
      if [ "$1" != masked ] && [ -d /run/systemd/system ]; then
        systemctl unmask swap.target || return 1
      fi
      [ -f /etc/fstab ] || return 0
      found=''
      while IFS= read -r line || [ -n "$line" ]; do
        case $line in
          '#kubewright-swap# '*) found=1 line=${line#'#kubewright-swap# '} ;;
        esac
        printf '%s\\n' "$line"
      done </etc/fstab >"$temp" || return 1
      if [ -z "$found" ]; then
        rm -f "$temp"
        return
      fi
      replace_other /etc/fstab || return 1
      swapon -a
    }
    """,
  ]
}
