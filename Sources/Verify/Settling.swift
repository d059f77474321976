// SPDX-License-Identifier: Apache-2.0

import Values

/// How long a cluster may still come to rest before a check that may pass by itself counts as failed.
///
/// After a reboot the API calls a node Ready for 40 s from its last report, and systemd calls a unit active
/// before it listens: a verification in that moment asks again instead of telling of a fault that is none.
struct Settling: Sendable {
  private let end: ContinuousClock.Instant
  private static let pause = Duration.milliseconds(250)

  /// The time runs from now for all checks together, so that several dead hosts cost it once.
  init(patience: Duration) {
    end = ContinuousClock.now + patience
  }

  /// What `body` says as soon as it does not throw what may pass.
  ///
  /// That is a server that does not answer, or an `Unmet` marked so. At least one attempt is made.
  /// - Throws: the last attempt's error.
  func rest<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    while true {
      do {
        return try await body()
      } catch let unmet as Unmet where unmet.mayPass && ContinuousClock.now < end {
        try await Task.sleep(for: Self.pause)
      } catch let failure as Failure
        where failure.kind == .unreachable && ContinuousClock.now < end
      {
        try await Task.sleep(for: Self.pause)
      }
    }
  }
}
