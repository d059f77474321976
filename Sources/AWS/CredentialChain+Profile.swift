// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Values

extension CredentialChain {
  /// What the chosen profile gives: a role, keys, or the answer of a program.
  func profile() async throws -> Outcome {
    let name = configuration.profile
    guard configuration.profiles[name] != nil else {
      let places = configuration.paths.joined(separator: " or ")
      guard configuration.isNamed else { return .absent("no profile \(name) in \(places)") }
      throw Failure(
        .invalidInput,
        "there is no profile \(name) in \(places)",
        remedy: NearestSpelling.of(name, among: configuration.profiles.keys)
          .map { "did you mean \($0)?" }
      )
    }
    guard let credentials = try await credentials(ofProfile: name, through: []) else {
      return .absent("the profile \(name) names none")
    }
    return .found(credentials)
  }

  // `through` has the profiles whose `source_profile` led here.
  private func credentials(
    ofProfile name: String,
    through: [String]
  ) async throws -> Credentials? {
    guard let keys = configuration.profiles[name] else {
      throw Failure(
        .invalidInput,
        "the profile \(through.last ?? name) has source_profile = \(name), which does not exist"
      )
    }
    let origin = "the profile \(name)"
    // A profile may name itself as the source: its own keys assume its role then.
    if let arn = keys["role_arn"], through.last != name {
      return try await role(arn, keys, profile: name, through: through)
    }
    if let id = keys["aws_access_key_id"] {
      guard let secret = keys["aws_secret_access_key"] else {
        throw Failure(
          .invalidInput,
          "\(origin) has aws_access_key_id, but no aws_secret_access_key"
        )
      }
      return try Self.checked(
        Credentials(
          accessKeyID: id,
          secretAccessKey: Sensitive(secret),
          sessionToken: keys["aws_session_token"].map { Sensitive($0) },
          origin: origin
        )
      )
    }
    if let command = keys["credential_process"] {
      return try await output(of: command, origin: "\(origin) (credential_process)")
    }
    let logins = [
      ("sso_", "IAM Identity Center (sso)", "aws sso login"),
      ("login_session", "AWS's console (aws login)", "aws login"),
    ]
    for (prefix, way, command) in logins where keys.keys.contains(where: { $0.hasPrefix(prefix) }) {
      throw Failure(
        .preflight,
        "\(origin) signs in through \(way), which needs a browser",
        remedy: "run `\(command) --profile \(name)` and then"
          + " `eval $(aws configure export-credentials --profile \(name) --format env)`"
      )
    }
    return nil
  }

  private func role(
    _ arn: String,
    _ keys: [String: String],
    profile name: String,
    through: [String]
  ) async throws -> Credentials {
    let chain = through + [name]
    guard !through.contains(name) else {
      throw Failure(
        .invalidInput,
        "profiles assume each other's roles in a circle",
        why: chain.joined(separator: " -> "),
        remedy: "give one of them keys of its own, or a credential_source"
      )
    }
    guard keys["mfa_serial"] == nil else {
      throw Failure(
        .preflight,
        "the profile \(name) asks for a one-time code (mfa_serial), which a node cannot give",
        remedy: "use a role without it"
      )
    }
    let role = STS.Role(
      arn: arn,
      sessionName: keys["role_session_name"] ?? defaultSessionName,
      externalID: keys["external_id"],
      duration: keys["duration_seconds"].flatMap { Int($0) }
    )
    if let file = keys["web_identity_token_file"] {
      return try await assume(
        role,
        tokenFile: file,
        origin: "the profile \(name) (web identity) as \(arn)"
      )
    }
    let source: Credentials
    switch (keys["source_profile"], keys["credential_source"]) {
    case (let profile?, nil):
      guard let found = try await credentials(ofProfile: profile, through: chain) else {
        throw Failure(.invalidInput, "the profile \(profile), a source_profile, has no credentials")
      }
      source = found
    case (nil, let kind?): source = try await credentials(ofSource: kind, profile: name)
    default:
      throw Failure(
        .invalidInput,
        "the profile \(name) has a role_arn, and needs either source_profile or credential_source"
      )
    }
    let origin = "the profile \(name) (role \(arn), from \(source.origin))"
    return try await sts(source).assume(role, origin: origin)
  }

  private func credentials(
    ofSource kind: String,
    profile name: String
  ) async throws -> Credentials {
    let outcome =
      switch kind {
      case "Environment": try environment()
      case "EcsContainer": try await container()
      case "Ec2InstanceMetadata": try await instanceRole()
      default:
        throw Failure(
          .invalidInput,
          "the profile \(name) has an unknown credential_source",
          remedy: "use Environment, EcsContainer or Ec2InstanceMetadata"
        )
      }
    switch outcome {
    case .found(let credentials): return credentials
    case .absent(let reason):
      throw Failure(.preflight, "the profile \(name)'s credential_source gave none", why: reason)
    }
  }

  private func output(of command: String, origin: String) async throws -> Credentials {
    guard let words = CommandLineWords.split(command), !words.isEmpty else {
      throw Failure(.invalidInput, "\(origin): the command is empty or has an open quote")
    }
    let bytes = try await surroundings.run(words)
    struct Version: Decodable {
      let number: Int

      enum CodingKeys: String, CodingKey {
        case number = "Version"
      }
    }
    guard (try? JSONDecoder().decode(Version.self, from: Data(bytes)))?.number == 1 else {
      throw Failure(.artifact, "\(origin) printed no JSON with Version 1")
    }
    return try Self.decode(bytes, origin: origin, tokenKey: "SessionToken")
  }
}
