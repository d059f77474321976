// SPDX-License-Identifier: Apache-2.0

import Values

/// What the shared files say of each profile: ~/.aws/config and ~/.aws/credentials together.
package struct SharedConfiguration: Sendable, Equatable {
  /// Keys by profile; those of the credentials file go first.
  package let profiles: [String: [String: String]]
  /// The profile to use: the option's, AWS_PROFILE's, or `default`.
  package let profile: String
  /// Whether somebody named the profile: one that is missing is an error then.
  package let isNamed: Bool
  /// The two paths, for messages.
  package let paths: [String]

  /// Reads both files, those that exist.
  /// - Throws: `Failure` (`invalidInput`) with the position of what is wrong.
  package init(profile: String? = nil, surroundings: Surroundings) throws {
    let home = surroundings.variable("HOME") ?? ""
    let named =
      profile ?? surroundings.variable("AWS_PROFILE")
      ?? surroundings.variable("AWS_DEFAULT_PROFILE")
    let config = Self.expanded(
      surroundings.variable("AWS_CONFIG_FILE") ?? "~/.aws/config",
      home: home
    )
    let credentials = Self.expanded(
      surroundings.variable("AWS_SHARED_CREDENTIALS_FILE") ?? "~/.aws/credentials",
      home: home
    )
    var profiles: [String: [String: String]] = [:]
    if let bytes = try surroundings.readFile(config) {
      for (name, keys) in try INIFile(bytes, file: config).sections
      where name == "default" || name.hasPrefix("profile ") {
        let profile = name == "default" ? name : String(name.dropFirst("profile ".count))
        profiles[profile, default: [:]].merge(keys) { _, new in new }
      }
    }
    if let bytes = try surroundings.readFile(credentials) {
      for (name, keys) in try INIFile(bytes, file: credentials).sections {
        profiles[name, default: [:]].merge(keys) { _, new in new }
      }
    }
    self.profiles = profiles
    self.profile = named ?? "default"
    isNamed = named != nil
    paths = [credentials, config]
  }

  /// The region that the chosen profile names.
  package var region: String? { profiles[profile]?["region"] }

  private static func expanded(_ path: String, home: String) -> String {
    path.hasPrefix("~/") ? home + path.dropFirst() : path
  }
}
