// SPDX-License-Identifier: Apache-2.0

import Values

/// Differences of two texts as `diff -u` shows them, safe to print.
package enum UnifiedDiff {
  /// Lines around a difference.
  private static let context = 3
  /// Above this many pairs of lines to compare, the changed middle is shown as replaced whole.
  private static let pairLimit = 4_000_000
  /// Lines shown at most.
  private static let lineLimit = 2000

  private static let noNewline = "\\ No newline at end of file"

  private enum Line {
    case same(String)
    case gone(String)
    case new(String)

    var text: String {
      switch self {
      case .same(noNewline), .gone(noNewline), .new(noNewline): noNewline
      case .same(let line): " " + line
      case .gone(let line): "-" + line
      case .new(let line): "+" + line
      }
    }

    /// Whether hunk headers count it.
    var isCounted: Bool { text != noNewline }

    var isSame: Bool { if case .same = self { true } else { false } }
    var isOld: Bool { if case .new = self { false } else { true } }
    var isNew: Bool { if case .gone = self { false } else { true } }
  }

  /// The difference from `old` (nil: there was none) to `new`, empty where they are equal.
  ///
  /// nil where either is no text.
  package static func text(old: [UInt8]?, new: [UInt8], path: String) -> String? {
    guard old != new else { return "" }
    guard let before = lines(of: old ?? []), let after = lines(of: new) else { return nil }
    let name = TerminalText.escape(path)
    var output = ["--- \(old == nil ? "/dev/null" : name)", "+++ \(name)"]
    if before.isEmpty {
      output += created(after)
    } else {
      let script = script(from: before, to: after)
      for hunk in hunks(of: script) { output += render(hunk, of: script) }
    }
    if output.count > lineLimit {
      let more = output.count - lineLimit
      output = output.prefix(lineLimit) + ["… \(more) more lines"]
    }
    return output.map { TerminalText.escape($0) }.joined(separator: "\n") + "\n"
  }

  private static func lines(of bytes: [UInt8]) -> [String]? {
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
      return nil
    }
    var lines = text.byteLines
    if lines.last == "" {
      lines.removeLast()
    } else {
      // A line of its own, so that a change of just that shows.
      lines.append(noNewline)
    }
    return lines
  }

  /// The one hunk of a text that was not there: the case of every file of a new host.
  private static func created(_ lines: [String]) -> [String] {
    guard !lines.isEmpty else { return [] }
    let count = lines.count { $0 != noNewline }
    let span = count == 1 ? "1" : "1,\(count)"
    return ["@@ -0,0 +\(span) @@"] + lines.map { $0 == noNewline ? $0 : "+" + $0 }
  }

  private static func script(from old: [String], to new: [String]) -> [Line] {
    let head = zip(old, new).prefix { $0 == $1 }.count
    let shortest = min(old.count, new.count) - head
    let tail = min(shortest, zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.count)
    let middle = replaced(
      Array(old[head..<(old.count - tail)]),
      Array(new[head..<(new.count - tail)])
    )
    return old.prefix(head).map(Line.same) + middle + old.suffix(tail).map(Line.same)
  }

  /// By the longest common subsequence.
  private static func replaced(_ old: [String], _ new: [String]) -> [Line] {
    guard !old.isEmpty, !new.isEmpty, old.count * new.count <= pairLimit else {
      return old.map(Line.gone) + new.map(Line.new)
    }
    let width = new.count + 1
    var length = [Int32](repeating: 0, count: (old.count + 1) * width)
    for row in old.indices.reversed() {
      for column in new.indices.reversed() {
        length[row * width + column] =
          old[row] == new[column]
          ? length[(row + 1) * width + column + 1] + 1
          : max(length[(row + 1) * width + column], length[row * width + column + 1])
      }
    }
    var script: [Line] = []
    var row = 0
    var column = 0
    while row < old.count || column < new.count {
      if row < old.count, column < new.count, old[row] == new[column] {
        script.append(.same(old[row]))
        row += 1
        column += 1
      } else if column == new.count
        || row < old.count
          && length[(row + 1) * width + column] >= length[row * width + column + 1]
      {
        script.append(.gone(old[row]))
        row += 1
      } else {
        script.append(.new(new[column]))
        column += 1
      }
    }
    return script
  }

  private static func hunks(of script: [Line]) -> [Range<Int>] {
    var hunks: [Range<Int>] = []
    for index in script.indices where !script[index].isSame {
      let lower = max(0, index - context)
      let upper = min(script.count, index + context + 1)
      if let last = hunks.last, lower <= last.upperBound {
        hunks[hunks.count - 1] = last.lowerBound..<upper
      } else {
        hunks.append(lower..<upper)
      }
    }
    return hunks
  }

  private static func render(_ hunk: Range<Int>, of script: [Line]) -> [String] {
    let before = script[..<hunk.lowerBound]
    let inside = script[hunk]
    func span(_ counts: (Line) -> Bool) -> String {
      let count = inside.count { counts($0) && $0.isCounted }
      let start = before.count { counts($0) && $0.isCounted } + (count == 0 ? 0 : 1)
      return count == 1 ? "\(start)" : "\(start),\(count)"
    }
    return ["@@ -\(span(\.isOld)) +\(span(\.isNew)) @@"] + inside.map(\.text)
  }
}
