// SPDX-License-Identifier: Apache-2.0

package import Values

/// What signs a request, and where it came from.
package struct Credentials: Sendable, Equatable {
  package let accessKeyID: String
  package let secretAccessKey: Sensitive
  package let sessionToken: Sensitive?
  /// Nil for those that last.
  package let expiration: Timestamp?
  /// Where they were found, for a person: "the environment (AWS_ACCESS_KEY_ID)".
  package let origin: String

  package init(
    accessKeyID: String,
    secretAccessKey: Sensitive,
    sessionToken: Sensitive? = nil,
    expiration: Timestamp? = nil,
    origin: String
  ) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
    self.expiration = expiration
    self.origin = origin
  }
}
