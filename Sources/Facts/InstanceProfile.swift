// SPDX-License-Identifier: Apache-2.0

import Values

/// What an instance's metadata say of its instance profile, by which it is somebody for AWS.
package struct InstanceProfile: Sendable, Equatable, Codable {
  /// `Success`, or why the profile gives no credentials; nil where the instance has no profile.
  package var code: String?
  /// arn:aws:iam::123456789012:instance-profile/NAME.
  package var arn: String?
  /// The role's name, where there are credentials of one.
  package var role: String?

  package init(code: String? = nil, arn: String? = nil, role: String? = nil) {
    self.code = code
    self.arn = arn
    self.role = role
  }

  /// An instance that has none.
  package static let absent = InstanceProfile()

  /// Whether the instance gets credentials by it.
  package var givesCredentials: Bool { code == "Success" && role != nil }

  /// The role as aws-auth names it: its path does not appear in metadata.
  package var roleARN: String? {
    guard let role, let arn, let profile = CallerARN(arn) else { return nil }
    return "arn:\(profile.partition):iam::\(profile.account):role/\(role)"
  }

  /// The profile's name without its path, where it has one that a shell may be shown.
  package var name: String? {
    guard let arn, CallerARN(arn) != nil else { return nil }
    return arn.split(separator: "/").last.map(String.init)
  }

  /// `CODE ARN ROLE`, each a dash where it is not known; `none` alone.
  init?(_ text: String) {
    if text == "none" {
      self = .absent
      return
    }
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 3, words.allSatisfy({ !$0.isEmpty }) else { return nil }
    self.init(
      code: words[0],
      arn: words[1] == "-" ? nil : words[1],
      role: words[2] == "-" ? nil : words[2]
    )
  }
}
