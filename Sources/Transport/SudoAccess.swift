// SPDX-License-Identifier: Apache-2.0

import Values

/// What a host's sudo wants, learnt from its first answer and kept for the connection.
actor SudoAccess {
  private let host: String
  private let askPassword: @Sendable (String) async throws -> Sensitive?
  private var given: Task<Sensitive, any Error>?
  private var refusal: Failure?

  init(host: String, askPassword: @escaping @Sendable (String) async throws -> Sensitive?) {
    self.host = host
    self.askPassword = askPassword
  }

  /// The password to be ready with; nil: none was ever asked for.
  /// - Throws: the refusal of a password: trying again could lock the login out.
  func password() async throws -> Sensitive? {
    if let refusal { throw refusal }
    return try await given?.value
  }

  /// Asks the operator, once however many sessions want to know.
  func ask() async throws -> Sensitive {
    if let given { return try await given.value }
    let question = Task { [host, askPassword] in
      guard let password = try await askPassword(host) else {
        throw Failure(
          .unreachable,
          host: host,
          "sudo asks for a password, and none was given",
          remedy: "give it, or let the login use sudo without a password (NOPASSWD)"
        )
      }
      guard !password.reveal().contains(where: { $0 == 10 || $0 == 0 }) else {
        throw Failure(
          .invalidInput,
          host: host,
          "a password of several lines cannot be given to sudo"
        )
      }
      return password
    }
    given = question
    do {
      return try await question.value
    } catch {
      given = nil
      throw error
    }
  }

  func refuse(_ failure: Failure) {
    refusal = failure
  }
}
