// SPDX-License-Identifier: Apache-2.0

import Values

/// What the shared files say of each profile: ~/.aws/config and ~/.aws/credentials together.
package struct SharedConfiguration: Sendable, Equatable {
  /// Keys by profile; those of the credentials file go first.
  package let profiles: [String: [String: String]]
  /// Keys by the names of `services` sections, to which profiles point.
  package let services: [String: [String: String]]
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
    var services: [String: [String: String]] = [:]
    if let bytes = try surroundings.readFile(config) {
      for (name, keys) in try INIFile(bytes, file: config).sections {
        if name == "default" || name.hasPrefix("profile ") {
          let profile = name == "default" ? name : String(name.dropFirst("profile ".count))
          profiles[profile, default: [:]].merge(keys) { _, new in new }
        } else if name.hasPrefix("services ") {
          services[String(name.dropFirst("services ".count))] = keys
        }
      }
    }
    if let bytes = try surroundings.readFile(credentials) {
      for (name, keys) in try INIFile(bytes, file: credentials).sections {
        profiles[name, default: [:]].merge(keys) { _, new in new }
      }
    }
    self.profiles = profiles
    self.services = services
    self.home = home
    self.profile = named ?? "default"
    isNamed = named != nil
    paths = [credentials, config]
  }

  private let home: String

  /// The settings that both a profile and a variable may have.
  ///
  /// Source: AWS SDKs and Tools Reference Guide, "Settings reference".
  private static let variables = [
    "ca_bundle": "AWS_CA_BUNDLE",
    "ec2_metadata_service_endpoint": "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "ec2_metadata_service_endpoint_mode": "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "ec2_metadata_v1_disabled": "AWS_EC2_METADATA_V1_DISABLED",
    "endpoint_url": "AWS_ENDPOINT_URL",
    "ignore_configured_endpoint_urls": "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "use_dualstack_endpoint": "AWS_USE_DUALSTACK_ENDPOINT",
    "use_fips_endpoint": "AWS_USE_FIPS_ENDPOINT",
  ]

  /// The environment, and what the chosen profile says where no variable does.
  package func settings(over environment: [String: String]) -> [String: String] {
    let keys = profiles[profile] ?? [:]
    var merged = environment
    func fill(_ variable: String, _ value: String?) {
      guard let value, !value.isEmpty, merged[variable]?.isEmpty ?? true else { return }
      merged[variable] = value
    }
    // A variable for all services goes before the profile's word for one.
    if environment["AWS_ENDPOINT_URL"]?.isEmpty ?? true {
      let own = keys["services"].flatMap { services[$0] } ?? [:]
      for service in Service.allCases {
        fill(service.endpointVariable, own["\(service.rawValue).endpoint_url"])
      }
    }
    for (key, variable) in Self.variables {
      fill(variable, key == "ca_bundle" ? keys[key].map { expanded($0) } : keys[key])
    }
    return merged
  }

  private func expanded(_ path: String) -> String { Self.expanded(path, home: home) }

  /// The region that the chosen profile names.
  package var region: String? { profiles[profile]?["region"] }

  private static func expanded(_ path: String, home: String) -> String {
    path.hasPrefix("~/") ? home + path.dropFirst() : path
  }
}
