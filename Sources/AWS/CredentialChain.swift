// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Values

/// Looks for credentials where the SDKs do, in their order, and can say why each place gave none.
///
/// Environment, shared files, web identity, container, instance role:
/// <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>.
package struct CredentialChain: Sendable {
  let surroundings: Surroundings
  let configuration: SharedConfiguration
  let metadata: InstanceMetadata
  /// The region whose STS is asked for roles.
  let region: @Sendable () async throws -> Region

  package init(
    surroundings: Surroundings,
    configuration: SharedConfiguration,
    metadata: InstanceMetadata,
    region: @escaping @Sendable () async throws -> Region
  ) {
    self.surroundings = surroundings
    self.configuration = configuration
    self.metadata = metadata
    self.region = region
  }

  /// What a place gave.
  enum Outcome: Sendable {
    case found(Credentials)
    /// Nothing, and why: a place that is set but wrong throws instead.
    case absent(String)
  }

  /// The first credentials of the chain.
  /// - Throws: `Failure` (`preflight`) that lists every place; or of the first place that is set up wrongly.
  package func credentials() async throws -> Credentials {
    let places: [(String, () async throws -> Outcome)] = [
      ("environment", { try environment() }),
      ("shared files", { try await profile() }),
      ("web identity", { try await webIdentity() }),
      ("container", { try await container() }),
      ("instance role", { try await instanceRole() }),
    ]
    var reasons: [String] = []
    for (name, place) in places {
      switch try await place() {
      case .found(let credentials): return credentials
      case .absent(let reason): reasons.append("\(name): \(reason)")
      }
    }
    throw Failure(
      .preflight,
      "there are no AWS credentials",
      why: reasons.joined(separator: "\n"),
      remedy: "give the instance a role, or set AWS_PROFILE or AWS_ACCESS_KEY_ID"
    )
  }

  func environment() throws -> Outcome {
    let names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    guard let id = surroundings.variable(names.0) else {
      if surroundings.variable(names.1) != nil {
        throw Failure(.invalidInput, "\(names.1) is set, but \(names.0) is not")
      }
      return .absent("\(names.0) is not set")
    }
    guard let secret = surroundings.variable(names.1) else {
      throw Failure(.invalidInput, "\(names.0) is set, but \(names.1) is not")
    }
    return .found(
      try Self.checked(
        Credentials(
          accessKeyID: id,
          secretAccessKey: Sensitive(secret),
          sessionToken: surroundings.variable("AWS_SESSION_TOKEN").map { Sensitive($0) },
          expiration: surroundings.variable("AWS_CREDENTIAL_EXPIRATION")
            .flatMap { Timestamp(rfc3339: $0) },
          origin: "the environment (\(names.0))"
        )
      )
    )
  }

  func webIdentity() async throws -> Outcome {
    guard let file = surroundings.variable("AWS_WEB_IDENTITY_TOKEN_FILE") else {
      return .absent("AWS_WEB_IDENTITY_TOKEN_FILE is not set")
    }
    guard let arn = surroundings.variable("AWS_ROLE_ARN") else {
      throw Failure(.invalidInput, "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not")
    }
    let role = STS.Role(
      arn: arn,
      sessionName: surroundings.variable("AWS_ROLE_SESSION_NAME") ?? defaultSessionName
    )
    return .found(
      try await assume(role, tokenFile: file, origin: "web identity (\(file)) as \(arn)")
    )
  }

  func assume(_ role: STS.Role, tokenFile: String, origin: String) async throws -> Credentials {
    guard let bytes = try surroundings.readFile(tokenFile) else {
      throw Failure(.invalidInput, "the web identity token file \(tokenFile) does not exist")
    }
    let token = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
    guard !token.isEmpty else {
      throw Failure(.invalidInput, "the web identity token file \(tokenFile) is empty")
    }
    return try await sts(nil).assume(role, webIdentity: Sensitive(token), origin: origin)
  }

  func sts(_ credentials: Credentials?) async throws -> STS {
    STS(
      try ServiceClient(
        .sts,
        in: try await region(),
        credentials: credentials.map { CredentialProvider(fixed: $0) },
        surroundings: surroundings
      )
    )
  }

  /// Names the session in CloudTrail; a role session must have a name.
  var defaultSessionName: String { "kubewright-\(surroundings.timing.now().seconds)" }

  /// Refuses keys that would break a header.
  static func checked(_ credentials: Credentials) throws -> Credentials {
    let texts = [
      credentials.accessKeyID, credentials.secretAccessKey.revealText(),
      credentials.sessionToken?.revealText() ?? "x",
    ]
    guard texts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x21...0x7e).contains($0) } })
    else {
      throw Failure(
        .invalidInput,
        "the keys from \(credentials.origin) have white space or other characters that no key has",
        remedy: "copy them again"
      )
    }
    return credentials
  }

  /// The JSON that containers, instances and credential processes hand out.
  static func decode(
    _ bytes: [UInt8],
    origin: String,
    tokenKey: String = "Token"
  ) throws -> Credentials {
    guard let object = try? JSONDecoder().decode([String: LooseText].self, from: Data(bytes)),
      let id = object["AccessKeyId"]?.text, let secret = object["SecretAccessKey"]?.text
    else {
      throw Failure(.step, "\(origin) gave an answer that holds no credentials")
    }
    let text = object["Expiration"]?.text
    let expiration = text.flatMap { Timestamp(rfc3339: $0) }
    guard text == nil || expiration != nil else {
      throw Failure(.step, "\(origin) gave credentials without a readable expiration")
    }
    return try checked(
      Credentials(
        accessKeyID: id,
        secretAccessKey: Sensitive(secret),
        sessionToken: object[tokenKey]?.text.map { Sensitive($0) },
        expiration: expiration,
        origin: origin
      )
    )
  }
}

/// A member of a JSON object that is text; anything else is nothing.
private struct LooseText: Decodable {
  let text: String?

  init(from decoder: any Decoder) throws {
    text = try? decoder.singleValueContainer().decode(String.self)
  }
}
