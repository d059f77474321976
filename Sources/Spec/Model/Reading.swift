// SPDX-License-Identifier: Apache-2.0

import Values

/// What one pass over a file has found so far.
struct Reading {
  private(set) var diagnostics: [Diagnostic] = []
  private var places: [SpecPath: SourcePosition]
  private var broken: Set<SpecPath> = []

  init(start: SourcePosition) {
    places = [SpecPath(): start]
  }

  /// Notes where the value of `path` stands.
  mutating func note(_ path: SpecPath, at position: SourcePosition) {
    places[path] = position
  }

  /// Where the value of `path` stands, or what holds it where it was left out.
  func place(_ path: SpecPath) -> SourcePosition? {
    var path: SpecPath? = path
    while let current = path {
      if let position = places[current] { return position }
      path = current.parent
    }
    return nil
  }

  /// Whether the file has the key.
  func isWritten(_ path: SpecPath) -> Bool { places[path] != nil }

  /// Whether the value at `path` can be judged further: neither it nor what holds it was at fault.
  func isSound(_ path: SpecPath) -> Bool {
    var path: SpecPath? = path
    while let current = path {
      if broken.contains(current) { return false }
      path = current.parent
    }
    return true
  }

  /// The value at `path` is not to be judged further, for a reason that was given elsewhere.
  mutating func markBroken(_ path: SpecPath) {
    broken.insert(path)
  }

  /// The value at `path` is wrong, and is not to be judged further.
  mutating func reject(
    _ path: SpecPath,
    at position: SourcePosition? = nil,
    _ message: String,
    allowed: [String] = [],
    suggestion: String? = nil
  ) {
    broken.insert(path)
    add(.error, path, at: position, message, allowed: allowed, suggestion: suggestion)
  }

  /// The value at `path` is right by itself, but not with others.
  mutating func error(
    _ path: SpecPath,
    at position: SourcePosition? = nil,
    _ message: String,
    allowed: [String] = [],
    suggestion: String? = nil
  ) {
    add(.error, path, at: position, message, allowed: allowed, suggestion: suggestion)
  }

  /// The value at `path` works, but hardly as was meant.
  mutating func warning(_ path: SpecPath, _ message: String) {
    add(.warning, path, at: nil, message, allowed: [], suggestion: nil)
  }

  private mutating func add(
    _ severity: Diagnostic.Severity,
    _ path: SpecPath,
    at position: SourcePosition?,
    _ message: String,
    allowed: [String],
    suggestion: String?
  ) {
    guard let position = position ?? place(path) else { return }
    diagnostics.append(
      Diagnostic(
        severity,
        at: position,
        keyPath: path.description,
        message,
        allowed: allowed,
        suggestion: suggestion
      )
    )
  }
}
