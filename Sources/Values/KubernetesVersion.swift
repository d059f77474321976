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
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let major = parts[0], let minor = parts[1], major >= 0, minor >= 0 else {
      return nil
    }
    self.init(major, minor)
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

  /// Parses `v1.20.2` or `1.20.2`; pre-releases are not accepted.
  package init?(_ text: String) {
    let bare = text.hasPrefix("v") ? text.dropFirst() : Substring(text)
    let parts = bare.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3,
      parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let major = Int(parts[0]), let minor = Int(parts[1]), let patch = Int(parts[2])
    else { return nil }
    self.init(major, minor, patch)
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
