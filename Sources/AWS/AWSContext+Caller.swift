// SPDX-License-Identifier: Apache-2.0

package import Values

extension AWSContext {
  /// Who STS says that our credentials are.
  ///
  /// Nobody needs a permission for it. It is told beside other things, so that it is asked once and briefly.
  ///
  /// - Throws: `ServiceError`, `Failure`.
  package func caller() async throws -> CallerARN {
    let client = try ServiceClient(
      .sts,
      in: try await region().value,
      credentials: credentials,
      surroundings: surroundings,
      retry: RetryPolicy(attempts: 1, timeout: .seconds(3))
    )
    let arn = try await STS(client).callerIdentity().arn
    guard let caller = CallerARN(arn) else {
      throw Failure(.step, "STS gave something that is no ARN")
    }
    return caller
  }

  /// The same refusal, with who was refused where that is the point of it and STS tells.
  package func named(_ error: ServiceError) async -> ServiceError {
    guard error.reason == .accessDenied, error.caller == nil, error.credentials != nil else {
      return error
    }
    var error = error
    // Only that STS may be as silent as it likes.
    error.caller = try? await caller()
    return error
  }
}
