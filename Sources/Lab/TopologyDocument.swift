// SPDX-License-Identifier: Apache-2.0

import Values
import Yams

/// A YAML document being read: hands out typed values and collects what is wrong, with positions.
struct TopologyDocument {
  /// One place in the document.
  struct Entry {
    let node: Node
    /// `spec.hosts[2].name`; empty for the root.
    let path: String

    var isList: Bool {
      if case .sequence = node { true } else { false }
    }
  }

  /// Larger files are refused before they are parsed; a topology of hundreds of machines is far smaller.
  static let largest = 256 * 1024

  let file: String
  private(set) var diagnostics: [Diagnostic] = []

  init(file: String) {
    self.file = file
  }

  /// The document's root, or nil with a diagnostic.
  mutating func parse(_ text: String) -> Entry? {
    let start = SourcePosition(file: file, line: 1, column: 1)
    guard text.utf8.count <= Self.largest else {
      diagnostics.append(
        Diagnostic(.error, at: start, "the file is larger than \(Self.largest / 1024) KiB")
      )
      return nil
    }
    do {
      guard let node = try compose(yaml: text) else {
        diagnostics.append(Diagnostic(.error, at: start, "the file is empty"))
        return nil
      }
      return Entry(node: node, path: "")
    } catch {
      diagnostics.append(diagnostic(for: error))
      return nil
    }
  }

  mutating func error(
    at entry: Entry,
    _ message: String,
    allowed: [String] = [],
    suggestion: String? = nil
  ) {
    diagnostics.append(
      Diagnostic(
        .error,
        at: position(entry.node),
        keyPath: entry.path,
        message,
        allowed: allowed,
        suggestion: suggestion
      )
    )
  }

  mutating func warn(at entry: Entry, _ message: String) {
    diagnostics.append(
      Diagnostic(.warning, at: position(entry.node), keyPath: entry.path, message)
    )
  }

  /// Says what another part of the reading found.
  mutating func report(_ found: [Diagnostic]) {
    diagnostics += found
  }

  func position(of entry: Entry) -> SourcePosition { position(entry.node) }

  /// The keys and values of a mapping whose keys are the user's own words, in the order of the file.
  mutating func pairs(of entry: Entry) -> [(key: Entry, name: String, value: Entry)] {
    guard case .mapping(let mapping) = entry.node else {
      error(at: entry, "a mapping is needed here")
      return []
    }
    var pairs: [(key: Entry, name: String, value: Entry)] = []
    for (keyNode, value) in mapping {
      let key = Entry(node: keyNode, path: entry.path)
      guard case .scalar(let scalar) = keyNode else {
        error(at: key, "a key must be a word")
        continue
      }
      let path = entry.path.isEmpty ? scalar.string : "\(entry.path).\(scalar.string)"
      pairs.append((key, scalar.string, Entry(node: value, path: path)))
    }
    return pairs
  }

  /// The values of a mapping by key.
  ///
  /// Keys other than `known` and missing `required` ones are errors.
  mutating func fields(
    of entry: Entry,
    known: [String],
    required: [String] = []
  ) -> [String: Entry] {
    guard case .mapping(let mapping) = entry.node else {
      error(at: entry, "a mapping is needed here", allowed: known)
      return [:]
    }
    var fields: [String: Entry] = [:]
    for (keyNode, value) in mapping {
      guard case .scalar(let key) = keyNode else {
        error(at: Entry(node: keyNode, path: entry.path), "a key must be a word", allowed: known)
        continue
      }
      let path = entry.path.isEmpty ? key.string : "\(entry.path).\(key.string)"
      guard known.contains(key.string) else {
        error(
          at: Entry(node: keyNode, path: entry.path),
          "unknown key '\(key.string)'",
          allowed: known,
          suggestion: NearestSpelling.of(key.string, among: known)
        )
        continue
      }
      // An empty value ("links:") is the same as no key.
      if case .scalar(let scalar) = value, scalar.style == .plain, scalar.string.isEmpty {
        continue
      }
      fields[key.string] = Entry(node: value, path: path)
    }
    for key in required where fields[key] == nil {
      error(at: entry, "the key '\(key)' is missing")
    }
    return fields
  }

  mutating func items(of entry: Entry) -> [Entry] {
    guard case .sequence(let sequence) = entry.node else {
      error(at: entry, "a list is needed here")
      return []
    }
    return sequence.enumerated().map {
      Entry(node: $0.element, path: "\(entry.path)[\($0.offset)]")
    }
  }

  mutating func text(of entry: Entry) -> String? {
    guard case .scalar(let scalar) = entry.node else {
      error(at: entry, "one word is needed here")
      return nil
    }
    return scalar.string
  }

  /// A value that `parse` understands; otherwise an error that names what was `expected`.
  mutating func value<Value>(
    of entry: Entry,
    expected: String,
    parse: (String) -> Value?
  ) -> Value? {
    guard let text = text(of: entry) else { return nil }
    if let value = parse(text) { return value }
    error(at: entry, "'\(text)' is not \(expected)")
    return nil
  }

  private func position(_ node: Node) -> SourcePosition {
    SourcePosition(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  private func diagnostic(for error: any Error) -> Diagnostic {
    let (mark, message): (Mark?, String) =
      switch error as? YamlError {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        (mark, problem)
      case .duplicatedKeysInMapping(let keys, let context):
        (context.mark, "the key '\(keys.joined(separator: "', '"))' is there twice")
      case .reader(let problem, _, _, _): (nil, problem)
      default: (nil, "it is not YAML")
      }
    return Diagnostic(
      .error,
      at: SourcePosition(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1),
      message
    )
  }
}
