// SPDX-License-Identifier: Apache-2.0

/// How often, and how long apart, a request is made again.
///
/// Full jitter (the wait is a random part of a doubling bound), so that many nodes that start at once do
/// not ask at once again.
package struct RetryPolicy: Sendable, Equatable {
  /// The first try included.
  package var attempts: Int
  /// The bound of the first wait; each later one is twice the one before.
  package var base: Duration
  /// The most that a wait may be.
  package var cap: Duration
  /// No wait starts that would end later than this after the first try.
  package var patience: Duration
  /// How long one try may take.
  package var timeout: Duration

  package init(
    attempts: Int = 20,
    base: Duration = .milliseconds(500),
    cap: Duration = .seconds(10),
    patience: Duration = .seconds(120),
    timeout: Duration = .seconds(20)
  ) {
    self.attempts = attempts
    self.base = base
    self.cap = cap
    self.patience = patience
    self.timeout = timeout
  }

  /// How often a name is tried that DNS says has no address: one that was just made may be late somewhere.
  static let lookups = 3

  /// The bound of the wait after try number `attempt` (from 1).
  package func bound(after attempt: Int) -> Duration {
    min(cap, base * (1 << min(attempt - 1, 20)))
  }

  /// The wait after try number `attempt`; nil where it is time to give up.
  ///
  /// `asked` is the server's own wish (Retry-After), honoured up to the cap.
  func wait(
    after attempt: Int,
    since start: Duration,
    asked: Duration?,
    timing: Timing
  ) -> Duration? {
    guard attempt < attempts else { return nil }
    let random = Duration.seconds(timing.random(bound(after: attempt).inSeconds))
    let wait = max(random, min(cap, asked ?? .zero))
    return timing.elapsed() - start + wait > patience ? nil : wait
  }
}

extension Duration {
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
