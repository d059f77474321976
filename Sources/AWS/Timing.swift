// SPDX-License-Identifier: Apache-2.0

package import Values

/// Time and chance, as the parts of this module see them: tests bring their own.
package struct Timing: Sendable {
  /// The wall clock.
  package var now: @Sendable () -> Timestamp
  /// Time that only moves forward, from an arbitrary start.
  package var elapsed: @Sendable () -> Duration
  package var sleep: @Sendable (Duration) async throws -> Void
  /// A number from 0 up to the given one.
  package var random: @Sendable (Double) -> Double

  package init(
    now: @escaping @Sendable () -> Timestamp,
    elapsed: @escaping @Sendable () -> Duration,
    sleep: @escaping @Sendable (Duration) async throws -> Void,
    random: @escaping @Sendable (Double) -> Double
  ) {
    self.now = now
    self.elapsed = elapsed
    self.sleep = sleep
    self.random = random
  }

  /// This machine's clocks.
  package static let real: Self = {
    let start = ContinuousClock.now
    return Self(
      now: { .now() },
      elapsed: { ContinuousClock.now - start },
      sleep: { try await Task.sleep(for: $0) },
      random: { $0 > 0 ? Double.random(in: 0..<$0) : 0 }
    )
  }()
}
