// SPDX-License-Identifier: Apache-2.0

import Values

/// Keeps credentials while they last, and fetches new ones shortly before they expire.
package actor CredentialProvider {
  private let fetch: @Sendable () async throws -> Credentials
  private let timing: Timing
  private var held: Credentials?
  private var fetching: Task<Credentials, any Error>?

  /// Credentials that expire within this many seconds are replaced; AWS hands out the next ones earlier.
  private static let margin: Int64 = 300

  package init(timing: Timing, fetch: @escaping @Sendable () async throws -> Credentials) {
    self.timing = timing
    self.fetch = fetch
  }

  /// Always the same.
  package init(fixed credentials: Credentials) {
    self.init(timing: .real) { credentials }
  }

  /// Credentials that are good now.
  ///
  /// Where new ones cannot be had, the old ones serve until their last second.
  package func current() async throws -> Credentials {
    if let held, !expires(held, within: Self.margin) { return held }
    do {
      let task = fetching ?? Task { try await fetch() }
      fetching = task
      defer { fetching = nil }
      let fresh = try await task.value
      held = fresh
      return fresh
    } catch {
      if let held, !expires(held, within: 0) { return held }
      throw error
    }
  }

  /// Drops what is held: the service says that it has expired.
  package func forget() { held = nil }

  private func expires(_ credentials: Credentials, within seconds: Int64) -> Bool {
    guard let expiration = credentials.expiration else { return false }
    return expiration <= timing.now().advanced(bySeconds: seconds)
  }
}
