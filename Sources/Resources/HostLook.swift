// SPDX-License-Identifier: Apache-2.0

import Values

/// Conditions by which a host finds out itself whether it holds a resource, with the functions they call.
///
/// Where a look of `observe` prints what is wanted, that is the condition.
package struct HostLook: Sendable {
  private(set) var functions: [String] = []
  /// The position of each resource.
  let numbers: [ResourceID: Int]
  let fingerprints: [ResourceID: Digest]
  /// Variables that hold the fingerprints of files with placeholders, which only the host can compute.
  let late: [ResourceID: String]

  init(
    numbers: [ResourceID: Int],
    fingerprints: [ResourceID: Digest],
    late: [ResourceID: String]
  ) {
    self.numbers = numbers
    self.fingerprints = fingerprints
    self.late = late
  }

  mutating func add(_ shell: String) {
    if !functions.contains(shell) { functions.append(shell) }
  }

  /// A look prints exactly this.
  mutating func says(
    _ line: String,
    _ function: String,
    _ words: [String],
    definedBy shell: String
  ) -> String {
    says(word: Shell.quote(line), function, words, definedBy: shell)
  }

  /// The same with a line that the host puts together.
  mutating func says(
    word: String,
    _ function: String,
    _ words: [String],
    definedBy shell: String
  ) -> String {
    add(shell)
    add(Self.comparing)
    return "says \(word) " + Shell.command([function, "x"] + words)
  }

  /// A regular file with this digest, which is a word of the shell.
  mutating func isFile(_ path: String, _ digest: String) -> String {
    add(Self.comparing)
    return "is_file \(Shell.quote(path)) \(digest)"
  }

  /// A regular file with these bytes.
  mutating func isFile(_ path: String, holding bytes: [UInt8]) -> String {
    // A digest does not compress; the bytes stand elsewhere in the program anyway.
    ShellContent.word(bytes).map { word in
      "digest printf '%s' \(word) && " + isFile(path, "\"$sum\"")
    } ?? isFile(path, Digest(of: bytes).hex)
  }

  /// Mode, owner and group; owners may be given by number.
  mutating func owned(
    _ path: String,
    _ mode: FileMode,
    _ owner: String,
    _ group: String
  ) -> String {
    add(Self.comparing)
    return "owned " + Shell.command([path, String(mode.bits, radix: 8), owner, group])
  }

  /// None of these has to be changed first; nil where none is of this host.
  mutating func untouched(_ ids: [ResourceID]) -> String? {
    let positions = ids.compactMap { numbers[$0] }.sorted()
    guard !positions.isEmpty else { return nil }
    add(Self.comparing)
    return "untouched " + positions.map(String.init).joined(separator: " ")
  }

  /// The stamp of a unit that depends on these, as a word of the shell.
  func stamp(of unit: Unit) -> String {
    isLate(unit)
      ? "\"$stamp_\(numbers[unit.id] ?? 0)\"" : unit.stamp(fingerprints).hex
  }

  func isLate(_ unit: Unit) -> Bool { unit.dependsOn.contains { late[$0] != nil } }

  static let comparing = """
    # says LINE FUNCTION ARGUMENT...: a look prints exactly this.
    says() {
      wanted=$1
      shift
      [ "$("$@")" = "$wanted" ]
    }

    # owned PATH MODE OWNER GROUP, by name or number.
    owned() {
      # shellcheck disable=SC2046 # five words
      set -- "$2" "$3" "$4" $(stat -c '%a %u %U %g %G' "$1" 2>/dev/null)
      [ "$1" = "$4" ] && { [ "$2" = "$5" ] || [ "$2" = "$6" ]; } &&
        { [ "$3" = "$7" ] || [ "$3" = "$8" ]; }
    }

    # is_file PATH DIGEST
    is_file() {
      [ -f "$1" ] && [ ! -L "$1" ] && digest cat "$1" && [ "$sum" = "$2" ]
    }

    # untouched NUMBER...
    untouched() {
      for other; do
        case $needed in
          *" $other "*) return 1 ;;
        esac
      done
    }
    """
}
