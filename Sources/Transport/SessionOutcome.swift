// SPDX-License-Identifier: Apache-2.0

import Glibc
import Subprocess

/// How a session went.
struct SessionOutcome: Sendable {
  /// Root's sh ran.
  let isReady: Bool
  /// The script's exit code; nil: it did not end by itself, or nobody heard of it.
  private(set) var exitCode: Int32?
  let standardOutput: String
  private(set) var standardError = ""
  /// What the login said before.
  let chatter: String
  /// The login is not root's: sudo was called.
  private(set) var usesSudo = false
  var passwordRefused = false
  var expired = false

  init(output: OutputText) {
    isReady = output.isReady
    standardOutput = output.text
    chatter = output.chatter
  }

  mutating func take(_ errors: ErrorText) {
    usesSudo = errors.sawSudo
    let (text, code) = errors.parted()
    standardError = text
    exitCode = code
  }

  /// Completes it with how the process ended.
  ///
  /// ssh's 255 is its own; other codes are the remote script's.
  mutating func end(_ status: TerminationStatus) {
    guard exitCode == nil, isReady, !expired, case .exited(let code) = status, code != 255 else {
      return
    }
    exitCode = code
  }

  /// Everything said, for errors.
  var said: String {
    [chatter, standardError].map { $0.trimmed }.filter { !$0.isEmpty }.joined(separator: "\n")
  }
}

/// Standard output: a login's chatter up to the ready line, then lines.
struct OutputText: Sendable {
  private let ready: [UInt8]
  private(set) var isReady = false
  private var bytes: [UInt8] = []
  private var lineStart = 0
  private var before: [UInt8] = []

  init(token: String) {
    ready = Array("\(token) ready".utf8)
  }

  var count: Int { bytes.count + before.count }
  var text: String { String(decoding: bytes, as: UTF8.self) }
  var chatter: String { String(decoding: before.suffix(4096), as: UTF8.self) }

  /// Takes what arrived and returns the lines that it completed, without their line ends.
  mutating func take(_ buffer: UnsafeRawBufferPointer) -> [String] {
    var lines: [String] = []
    var rest = buffer
    while let start = rest.baseAddress, let end = memchr(start, 10, rest.count) {
      let part = UnsafeRawBufferPointer(start: start, count: UnsafeRawPointer(end) - start + 1)
      rest = UnsafeRawBufferPointer(rebasing: rest[part.count...])
      if isReady {
        bytes.append(contentsOf: part)
        lines.append(String(decoding: bytes[lineStart..<(bytes.count - 1)], as: UTF8.self))
        lineStart = bytes.count
      } else {
        before.append(contentsOf: part)
        guard before.dropLast().suffix(ready.count).elementsEqual(ready) else { continue }
        before.removeLast(ready.count + 1)
        isReady = true
      }
    }
    if isReady { bytes.append(contentsOf: rest) } else { before.append(contentsOf: rest) }
    return lines
  }

  /// The last line, where it has no line end.
  mutating func finish() -> String? {
    guard lineStart < bytes.count else { return nil }
    defer { lineStart = bytes.count }
    return String(decoding: bytes[lineStart...], as: UTF8.self)
  }
}

/// Standard error: its last 256 KiB, without what the script and sudo say to us.
struct ErrorText: Sendable {
  private static let limit = 256 << 10
  /// sudo speaks first: what comes later than this is not searched for prompts.
  private static let headLimit = 64 << 10

  private let token: String
  private var head: [UInt8] = []
  private var bytes: [UInt8] = []

  init(token: String) {
    self.token = token
  }

  private var prompt: [UInt8] { Array("\(token) password".utf8) }
  private var sudo: [UInt8] { Array("\(token) sudo\n".utf8) }

  var sawSudo: Bool { head.firstRange(of: sudo) != nil }

  /// Takes what arrived and returns how many password prompts it completed.
  mutating func take(_ buffer: UnsafeRawBufferPointer) -> Int {
    bytes.append(contentsOf: buffer)
    if bytes.count > 2 * Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
    guard head.count < Self.headLimit else { return 0 }
    let unseen = max(0, head.count - prompt.count + 1)
    head.append(contentsOf: buffer)
    return head[unseen...].ranges(of: prompt).count
  }

  /// The program's own text, and the exit code where the script told it.
  func parted() -> (text: String, exitCode: Int32?) {
    var text = String(decoding: bytes.suffix(Self.limit), as: UTF8.self)
    var code: Int32?
    if let line = text.ranges(of: "\n\(token) exit ").last {
      let digits = text[line.upperBound...].prefix { $0.isNumber && $0.isASCII }
      code = Int32(digits)
      let end =
        text[digits.endIndex...].first == "\n"
        ? text.index(after: digits.endIndex) : digits.endIndex
      text.removeSubrange(line.lowerBound..<end)
    }
    if sawSudo {
      text = text.replacing("\(token) sudo\n", with: "").replacing("\(token) password", with: "")
    }
    return (text, code)
  }
}

extension String {
  /// Without white space at either end.
  var trimmed: String {
    var text = self[...]
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
