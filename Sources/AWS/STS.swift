// SPDX-License-Identifier: Apache-2.0

package import Values

/// The security token service: who we are, and who we may become.
package struct STS: Sendable {
  private let client: ServiceClient

  package init(_ client: ServiceClient) {
    self.client = client
  }

  /// Who the credentials are, as STS says.
  package struct Identity: Sendable, Equatable {
    package let account: String
    /// arn:aws:sts::123456789012:assumed-role/node/i-0abc.
    package let arn: String
    package let userID: String

    /// The role behind an assumed-role session, as aws-auth and access entries name it; nil for others.
    ///
    /// A role's path does not appear in the session's ARN, and neither aws-auth wants it.
    package var roleARN: String? { CallerARN(arn)?.roleARN }
  }

  /// - Throws: `ServiceError`, `Failure`.
  package func callerIdentity() async throws -> Identity {
    let answer = try await call(IdentityAnswer.self, "GetCallerIdentity", [])
    let result = answer.getCallerIdentityResult
    return Identity(account: result.account, arn: result.arn, userID: result.userId)
  }

  /// What assuming a role needs.
  package struct Role: Sendable, Equatable {
    package var arn: String
    package var sessionName: String
    package var externalID: String?
    /// Seconds; AWS's own default is 3600.
    package var duration: Int?

    package init(
      arn: String,
      sessionName: String,
      externalID: String? = nil,
      duration: Int? = nil
    ) {
      self.arn = arn
      self.sessionName = sessionName
      self.externalID = externalID
      self.duration = duration
    }
  }

  /// Credentials of `role`; `origin` is where they will say that they come from.
  /// - Throws: `ServiceError`, `Failure`.
  package func assume(_ role: Role, origin: String) async throws -> Credentials {
    let external = role.externalID.map { [HTTPRequest.Field("ExternalId", $0)] } ?? []
    let answer = try await call(RoleAnswer.self, "AssumeRole", parameters(role) + external)
    return try answer.assumeRoleResult.value(origin)
  }

  /// Credentials of `role` for the holder of an OpenID Connect token; the request is not signed.
  /// - Throws: `ServiceError`, `Failure`.
  package func assume(
    _ role: Role,
    webIdentity token: Sensitive,
    origin: String
  ) async throws -> Credentials {
    let answer = try await call(
      WebIdentityAnswer.self,
      "AssumeRoleWithWebIdentity",
      parameters(role) + [.init("WebIdentityToken", token.revealText())]
    )
    return try answer.assumeRoleWithWebIdentityResult.value(origin)
  }

  private func parameters(_ role: Role) -> [HTTPRequest.Field] {
    [.init("RoleArn", role.arn), .init("RoleSessionName", role.sessionName)]
      + (role.duration.map { [.init("DurationSeconds", String($0))] } ?? [])
  }

  private func call<Answer: Decodable>(
    _ type: Answer.Type,
    _ action: String,
    _ parameters: [HTTPRequest.Field]
  ) async throws -> Answer {
    let request = client.query(action, version: "2011-06-15", parameters)
    return try XMLAnswer.decode(type, from: try await client.send(action, request).body)
  }
}

private struct IdentityAnswer: Decodable {
  struct Result: Decodable {
    let account: String
    let arn: String
    let userId: String
  }
  let getCallerIdentityResult: Result
}

private struct RoleAnswer: Decodable {
  let assumeRoleResult: RoleResult
}

private struct WebIdentityAnswer: Decodable {
  let assumeRoleWithWebIdentityResult: RoleResult
}

private struct RoleResult: Decodable {
  struct Keys: Decodable {
    let accessKeyId: String
    let secretAccessKey: String
    let sessionToken: String
    let expiration: String
  }
  let credentials: Keys

  func value(_ origin: String) throws -> Credentials {
    guard let expiration = Timestamp(rfc3339: credentials.expiration) else {
      throw Failure(.step, "STS gave credentials without a readable expiration")
    }
    return Credentials(
      accessKeyID: credentials.accessKeyId,
      secretAccessKey: Sensitive(credentials.secretAccessKey),
      sessionToken: Sensitive(credentials.sessionToken),
      expiration: expiration,
      origin: origin
    )
  }
}
