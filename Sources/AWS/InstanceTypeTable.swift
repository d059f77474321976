// SPDX-License-Identifier: Apache-2.0

package import Values

/// Instance types in a compact text: one line for all types of one size that share their figures.
///
///     # interfaces, addresses per interface, vCPUs, + takes prefixes or -, size, families
///     3 10 2 + large m5 m5a m5d
package struct InstanceTypeTable: Sendable, Equatable {
  private let types: [String: InstanceType]

  package init(_ types: [InstanceType]) {
    self.types = Dictionary(types.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Parses the text form; lines that start with # are comments.
  /// - Throws: `Failure` (`invalidInput`) that starts with `file:line:column`.
  package init(parsing text: String, file: String) throws {
    var types: [InstanceType] = []
    for (index, line) in text.lines.enumerated()
    where !line.isEmpty && !line.hasPrefix("#") {
      let words = line.split(separator: " ")
      let numbers = words.prefix(3).compactMap { Int($0) }
      guard words.count >= 6, numbers.count == 3, numbers.allSatisfy({ (1...10_000).contains($0) }),
        words[3] == "+" || words[3] == "-"
      else {
        let position = SourcePosition(file: file, line: index + 1, column: 1)
        let message = "expected INTERFACES ADDRESSES VCPUS +|- SIZE FAMILY…"
        throw Failure(.invalidInput, Diagnostic(.error, at: position, message).description)
      }
      types += words.dropFirst(5).map { family in
        InstanceType(
          name: "\(family).\(words[4])",
          interfaces: numbers[0],
          addressesPerInterface: numbers[1],
          vCPUs: numbers[2],
          takesPrefixes: words[3] == "+"
        )
      }
    }
    self.init(types)
  }

  package var all: [InstanceType] { types.values.sorted { $0.name < $1.name } }

  package subscript(name: String) -> InstanceType? { types[name] }

  /// Types by the number of pods that they may have; those that do not go with the settings are left out, and
  /// those on which programs for `architecture` do not run.
  package func maxPods(
    _ settings: MaxPods.Settings = .init(),
    for architecture: Architecture
  ) -> [Int: [String]] {
    let runs = architecture == .x86 ? .amd64 : architecture
    var numbers: [Int: [String]] = [:]
    for type in types.values where type.architecture == runs {
      guard let pods = try? MaxPods(type, settings, source: "") else { continue }
      numbers[pods.value, default: []].append(type.name)
    }
    return numbers.mapValues { $0.sorted() }
  }

  /// The text form, lines of at most 96 columns, the same for the same types.
  package var text: String {
    var groups: [Group: [String]] = [:]
    for type in all {
      guard let dot = type.name.firstIndex(of: ".") else { continue }
      let group = Group(
        figures: [type.interfaces, type.addressesPerInterface, type.vCPUs],
        prefixes: type.takesPrefixes ? "+" : "-",
        size: String(type.name[type.name.index(after: dot)...])
      )
      groups[group, default: []].append(String(type.name[..<dot]))
    }
    var text = ""
    for (group, families) in groups.sorted(by: { $0.key < $1.key }) {
      let start =
        group.figures.map(String.init).joined(separator: " ")
        + " \(group.prefixes) \(group.size)"
      var line = start
      for family in families.sorted() {
        if line.count + 1 + family.count > 96, line != start {
          text += line + "\n"
          line = start
        }
        line += " \(family)"
      }
      text += line + "\n"
    }
    return text
  }

  private struct Group: Hashable, Comparable {
    let figures: [Int]
    let prefixes: String
    let size: String

    static func < (left: Self, right: Self) -> Bool {
      if left.figures != right.figures {
        return left.figures.lexicographicallyPrecedes(right.figures)
      }
      return (left.prefixes, left.size) < (right.prefixes, right.size)
    }
  }
}

extension InstanceTypeTable {
  /// The table that this program carries.
  /// - Throws: never for the text that tests have read.
  package static var embedded: Self {
    get throws { try Self(parsing: embeddedText, file: "the embedded table") }
  }
}
