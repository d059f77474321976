// SPDX-License-Identifier: Apache-2.0

import Values

/// Names with the minors that accept them, one a line, parsed once when first asked for.
///
///     insecure-port -1.23 !1.10 # 1.24 release notes, PR #106859
///
/// The name; the range `first-last`, where an open end means before the oldest or after the newest
/// minor of the catalog; `!` and the minor that deprecated it; `#` and a source other than the
/// table's.
///
/// For a new minor: run each program with `--help` (the test against real programs shows the
/// differences both ways), add a line for each flag that is new, and close the ranges of those
/// that are gone.
struct SpanTable: Sendable {
  let records: [String: FlagRecord]
  /// Lines that could not be read, which a test forbids; they are left out, never a crash.
  let malformed: [String]

  init(_ text: StaticString, source: String = Self.usualSource) {
    var records: [String: FlagRecord] = [:]
    var malformed: [String] = []
    text.withUTF8Buffer { buffer in
      for line in buffer.split(separator: UInt8(ascii: "\n")) {
        guard let (name, record) = Self.parse(line, source: source), records[name] == nil else {
          malformed.append(String(decoding: line, as: UTF8.self))
          continue
        }
        records[name] = record
      }
    }
    self.records = records
    self.malformed = malformed
  }

  func has(_ name: String, at minor: Minor) -> Bool {
    records[name]?.spans(minor) ?? false
  }

  /// The names that `minor` accepts.
  func names(at minor: Minor) -> Set<String> {
    Set(records.lazy.filter { $0.value.spans(minor) }.map(\.key))
  }

  /// Where the flags come from unless a line says otherwise.
  static let usualSource =
    "generated command reference of 1.11 to 1.20 and the option sources of each minor"

  // On bytes: the tables are read while somebody waits for a command to start.
  private typealias Bytes = UnsafeBufferPointer<UInt8>.SubSequence

  private static func parse(_ line: Bytes, source: String) -> (String, FlagRecord)? {
    let comment = line.firstIndex(of: UInt8(ascii: "#"))
    let words = line[..<(comment ?? line.endIndex)].split(separator: UInt8(ascii: " "))
    guard (2...3).contains(words.count), let dash = words[1].firstIndex(of: UInt8(ascii: "-")),
      let first = end(words[1][..<dash]), let last = end(words[1][(dash + 1)...])
    else { return nil }
    if let first, let last, first > last { return nil }
    var deprecated: Minor?
    if words.count == 3 {
      guard words[2].first == UInt8(ascii: "!"), let minor = minor(words[2].dropFirst()) else {
        return nil
      }
      deprecated = minor
    }
    var cited = source
    if let comment {
      let text = line[(comment + 1)...].drop { $0 == UInt8(ascii: " ") }
      if text.isEmpty { return nil }
      cited = String(decoding: text, as: UTF8.self)
    }
    let record = FlagRecord(first: first, last: last, deprecated: deprecated, source: cited)
    return (String(decoding: words[0], as: UTF8.self), record)
  }

  /// An end of a range: nil within for an open one, nil itself for one that cannot be read.
  private static func end(_ text: Bytes) -> Minor?? {
    if text.isEmpty { return .some(nil) }
    guard let minor = minor(text) else { return nil }
    return .some(minor)
  }

  private static func minor(_ text: Bytes) -> Minor? {
    guard text.starts(with: "1.".utf8), (3...4).contains(text.count),
      text.dropFirst(2).allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Minor(1, text.dropFirst(2).reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) })
  }
}
