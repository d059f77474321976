// SPDX-License-Identifier: Apache-2.0

import Values

/// How names are spelt: DNS (RFC 1123) and Kubernetes (apimachinery/pkg/util/validation).
enum NameSyntax {
  /// `[a-z0-9]` with dashes inside, at most 63.
  static func isLabel(_ text: some StringProtocol) -> Bool {
    let bytes = Array(text.utf8)
    return (1...63).contains(bytes.count) && bytes.first != dash && bytes.last != dash
      && bytes.allSatisfy { $0.isLowercaseLetter || $0.isDigit || $0 == dash }
  }

  /// Labels with dots between, at most 253.
  static func isSubdomain(_ text: some StringProtocol) -> Bool {
    text.utf8.count <= 253
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isLabel($0) }
  }

  /// A subdomain that cannot be taken for an address: its last label is not a number.
  static func isHostName(_ text: some StringProtocol) -> Bool {
    isSubdomain(text) && text.split(separator: ".").last?.utf8.allSatisfy(\.isDigit) == false
  }

  /// The name part of a label or taint: letters, digits, and `-_.` inside, at most 63.
  static func isQualifiedName(_ text: some StringProtocol) -> Bool {
    let bytes = Array(text.utf8)
    guard (1...63).contains(bytes.count), let first = bytes.first, let last = bytes.last else {
      return false
    }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && bytes.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
  }

  /// The key of a label or taint: a name, or `subdomain/name`.
  static func isKey(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    switch parts.count {
    case 1: return isQualifiedName(text)
    case 2: return isSubdomain(parts[0]) && isQualifiedName(parts[1])
    default: return false
    }
  }

  static func isLabelValue(_ text: some StringProtocol) -> Bool {
    text.isEmpty || isQualifiedName(text)
  }

  private static let dash = UInt8(ascii: "-")

  private static func isAlphanumeric(_ byte: UInt8) -> Bool { byte.isLetter || byte.isDigit }
}

extension TextFormat {
  static let labelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
  static let subdomainPattern = "\(labelPattern)(\\.\(labelPattern))*"
  static let addressPattern = "[0-9]{1,3}(\\.[0-9]{1,3}){3}"
  static let qualifiedPattern = "[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?"
}
