// SPDX-License-Identifier: Apache-2.0

/// A minor release line such as 1.20; what nearly all version-dependent knowledge hangs on.
package struct Minor: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  package let major: Int
  package let minor: Int

  package init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Parses `1.20`.
  package init?(_ text: String) {
    guard let parts = releaseNumbers(text[...], count: 2) else { return nil }
    self.init(parts[0], parts[1])
  }

  package var description: String { "\(major).\(minor)" }

  package static func < (left: Self, right: Self) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let value = Self(text) else { throw InvalidValue(kind: "minor version", text: text) }
    self = value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// A release of three numbers, written with a leading v: v1.20.2.
package struct KubernetesVersion: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  package let minor: Minor
  package let patch: Int

  package init(_ major: Int, _ minor: Int, _ patch: Int) {
    self.minor = Minor(major, minor)
    self.patch = patch
  }

  /// v0.0.0: none in particular.
  package static let unspecified = Self(0, 0, 0)

  /// Parses `v1.20.2` or `1.20.2`; pre-releases are not accepted.
  package init?(_ text: String) {
    let bare = text.hasPrefix("v") ? text.dropFirst() : text[...]
    guard let parts = releaseNumbers(bare, count: 3) else { return nil }
    self.init(parts[0], parts[1], parts[2])
  }

  package var description: String { "v\(minor).\(patch)" }

  package static func < (left: Self, right: Self) -> Bool {
    (left.minor, left.patch) < (right.minor, right.patch)
  }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let value = Self(text) else { throw InvalidValue(kind: "version", text: text) }
    self = value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// Decimal numbers between dots, without signs or leading zeros.
private func releaseNumbers(_ text: Substring, count: Int) -> [Int]? {
  let parts = text.split(separator: ".", omittingEmptySubsequences: false)
  let numbers = parts.compactMap { part in
    part.utf8.allSatisfy { (48...57).contains($0) } && (part == "0" || !part.hasPrefix("0"))
      ? Int(part) : nil
  }
  return parts.count == count && numbers.count == count ? numbers : nil
}
