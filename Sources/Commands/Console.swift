// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import Glibc
import Values

/// Standard output for results, standard error for all else; colour and a live line only on a terminal.
actor Console {
  private let started = ContinuousClock.now
  private let live: Bool
  private var statusLine = ""
  private var lastLogged = ContinuousClock.now

  /// A log file that says nothing for longer looks like a run that hangs.
  private static let longestSilence = Duration.seconds(30)

  init() {
    live = isatty(STDERR_FILENO) == 1
  }

  /// A line that stays, with the time since the start: `[ 12.3s] host: step`.
  func log(_ text: String) {
    clear()
    Self.write("[\(elapsed)] \(text)\n", to: STDERR_FILENO)
    lastLogged = .now
    redraw()
  }

  /// The one line that is overwritten; where there is no terminal, a line of the log now and then.
  func status(_ text: String) {
    guard live else {
      if ContinuousClock.now - lastLogged >= Self.longestSilence { log("  \(text)") }
      return
    }
    clear()
    statusLine = text
    redraw()
  }

  /// Plain text on standard error: a plan, a question.
  func say(_ text: String) {
    clear()
    statusLine = ""
    Self.write(text.hasSuffix("\n") ? text : text + "\n", to: STDERR_FILENO)
  }

  /// A result.
  func out(_ text: String) {
    clear()
    Self.write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
  }

  func finish() {
    clear()
    statusLine = ""
  }

  /// Asks on the terminal.
  /// - Throws: `Failure` where there is no terminal to ask.
  func confirm(_ question: String, flag: String) throws -> Bool {
    guard isatty(STDIN_FILENO) == 1 else {
      throw Failure(
        .preflight,
        "this needs a yes, and standard input is no terminal",
        remedy: "say \(flag) to go on without asking"
      )
    }
    clear()
    Self.write("\(question) [y/N] ", to: STDERR_FILENO)
    let answer = readLine()?.lowercased() ?? ""
    return answer == "y" || answer == "yes"
  }

  private var elapsed: String {
    let parts = (ContinuousClock.now - started).components
    let tenths = Int(parts.seconds) * 10 + Int(parts.attoseconds / 100_000_000_000_000_000)
    let text = "\(tenths / 10).\(tenths % 10)s"
    return String(repeating: " ", count: max(0, 6 - text.count)) + text
  }

  private func clear() {
    if live, !statusLine.isEmpty { Self.write("\r\u{1B}[K", to: STDERR_FILENO) }
  }

  private func redraw() {
    if live, !statusLine.isEmpty {
      Self.write("[\(elapsed)] \(String(statusLine.prefix(100)))", to: STDERR_FILENO)
    }
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}

/// `1 host`, `2 hosts`.
func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json
}

/// Results as JSON with sorted keys: two runs over the same state print the same bytes.
func jsonText(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// Columns padded to their widest cell.
func table(_ rows: [[String]]) -> String {
  var widths: [Int] = []
  for row in rows {
    for (index, cell) in row.enumerated() {
      if index == widths.count { widths.append(0) }
      widths[index] = max(widths[index], cell.count)
    }
  }
  return rows.map { row in
    let cells = row.enumerated().map { index, cell in
      index == row.count - 1
        ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
    }
    return cells.joined(separator: "  ")
  }.joined(separator: "\n") + "\n"
}
