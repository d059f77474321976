// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A moment in UTC with a resolution of a second, in the three forms that AWS writes.
package struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Seconds since 1970-01-01T00:00:00Z.
  package let seconds: Int64

  package init(seconds: Int64) {
    self.seconds = seconds
  }

  /// What this machine's clock says.
  package static func now() -> Self { Self(seconds: Int64(time(nil))) }

  package func advanced(bySeconds count: Int64) -> Self { Self(seconds: seconds + count) }

  package static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }

  /// RFC 3339 in UTC: 2015-08-30T12:36:00Z.
  package var description: String {
    let (year, month, day, hour, minute, second) = fields
    return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))T"
      + "\(Self.padded(hour, 2)):\(Self.padded(minute, 2)):\(Self.padded(second, 2))Z"
  }

  /// ISO 8601's basic form, as signatures have it: 20150830T123600Z.
  package var basic: String {
    description.filter { $0 != "-" && $0 != ":" }
  }

  /// Parses RFC 3339 with an optional fraction (dropped) and `Z` or an offset; nil for anything else.
  package init?(rfc3339 text: String) {
    var scanner = Digits(text)
    guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2),
      scanner.skip("-"), let day = scanner.number(2), scanner.skip("T") || scanner.skip(" "),
      let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2),
      scanner.skip(":"), let second = scanner.number(2)
    else { return nil }
    if scanner.skip(".") {
      while scanner.number(1) != nil {}
    }
    var offset: Int64 = 0
    if !scanner.skip("Z") {
      let negative = scanner.skip("-")
      guard negative || scanner.skip("+"), let hours = scanner.number(2) else { return nil }
      _ = scanner.skip(":")
      guard let minutes = scanner.number(2) else { return nil }
      offset = (hours * 3600 + minutes * 60) * (negative ? -1 : 1)
    }
    guard scanner.isAtEnd, let value = Self(year, month, day, hour, minute, second) else {
      return nil
    }
    self = value.advanced(bySeconds: -offset)
  }

  /// Parses the date of an HTTP header: `Wed, 21 Oct 2015 07:28:00 GMT`; nil for anything else.
  package init?(httpDate text: String) {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT",
      let month = Self.months.firstIndex(of: String(words[2]))
    else { return nil }
    var day = Digits(String(words[1]))
    var year = Digits(String(words[3]))
    var clock = Digits(String(words[4]))
    guard let day = day.number(2), let year = year.number(4), let hour = clock.number(2),
      clock.skip(":"), let minute = clock.number(2), clock.skip(":"), let second = clock.number(2),
      clock.isAtEnd, let value = Self(year, Int64(month) + 1, day, hour, minute, second)
    else { return nil }
    self = value
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  private init?(
    _ year: Int64,
    _ month: Int64,
    _ day: Int64,
    _ hour: Int64,
    _ minute: Int64,
    _ second: Int64
  ) {
    guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    // Days from the civil calendar: years start in March, so that a leap day is a year's last.
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    seconds = days * 86_400 + hour * 3600 + minute * 60 + second
  }

  private var fields: (Int64, Int64, Int64, Int64, Int64, Int64) {
    let days = (Double(seconds) / 86_400).rounded(.down)
    let rest = seconds - Int64(days) * 86_400
    let shifted = Int64(days) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    return (year, month, day, rest / 3600, rest / 60 % 60, rest % 60)
  }
}

/// Reads fixed runs of digits off a text.
private struct Digits {
  private var rest: ArraySlice<UInt8>

  init(_ text: String) {
    rest = Array(text.utf8)[...]
  }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func number(_ width: Int) -> Int64? {
    let digits = rest.prefix(width)
    guard digits.count == width, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
    rest = rest.dropFirst(width)
    return digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
  }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard let first = rest.first, UInt32(first) == character.value else { return false }
    rest = rest.dropFirst()
    return true
  }
}
