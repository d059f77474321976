// SPDX-License-Identifier: Apache-2.0

/// Who a caller of AWS is, by the ARN that STS's GetCallerIdentity gives.
///
/// Read part by part, so that what is printed for a person to copy holds no character that a shell or
/// YAML would take for its own.
package struct CallerARN: Sendable, Hashable, CustomStringConvertible {
  package enum Principal: Sendable, Hashable {
    /// A session of a role: `assumed-role/ROLE/SESSION`.
    case assumedRole(role: String, session: String)
    /// `user/PATH/NAME`, without the word `user`.
    case user(String)
    /// The account itself, or a kind that no node has.
    case other(String)
  }

  /// `aws`, `aws-cn`, `aws-us-gov`.
  package let partition: String
  /// Twelve digits.
  package let account: String
  package let principal: Principal

  /// Nil for what is no ARN of STS or IAM.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", ["sts", "iam"].contains(parts[2]),
      parts[3].isEmpty, Self.isPlain(parts[1], also: "-"), Self.isPlain(parts[4], also: ""),
      // IAM's own alphabet for names and paths.
      Self.isPlain(parts[5], also: "/+=,.@_-"), text.utf8.count <= 2048
    else { return nil }
    partition = String(parts[1])
    account = String(parts[4])
    let words = parts[5].split(separator: "/", maxSplits: 1).map(String.init)
    switch (parts[2], words.first, words.count) {
    case ("sts", "assumed-role", 2):
      let names = words[1].split(separator: "/").map(String.init)
      guard names.count == 2 else { return nil }
      principal = .assumedRole(role: names[0], session: names[1])
    case ("iam", "user", 2): principal = .user(words[1])
    default: principal = .other(String(parts[5]))
    }
  }

  /// The role behind a role's session, as aws-auth names it; nil for other callers.
  ///
  /// A role's path does not appear in the session's ARN.
  package var roleARN: String? {
    guard case .assumedRole(let role, _) = principal else { return nil }
    return "arn:\(partition):iam::\(account):role/\(role)"
  }

  package var description: String {
    switch principal {
    case .assumedRole(let role, let session):
      "arn:\(partition):sts::\(account):assumed-role/\(role)/\(session)"
    case .user(let name): "arn:\(partition):iam::\(account):user/\(name)"
    case .other(let rest): "arn:\(partition):iam::\(account):\(rest)"
    }
  }

  private static func isPlain(_ text: Substring, also: String) -> Bool {
    text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: also.utf8.contains(byte)
      }
    }
  }
}
