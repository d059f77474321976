// SPDX-License-Identifier: Apache-2.0

import Resources
import Spec
package import Transport
import Values

extension Fleet.Member {
  /// How long a run waits for another's program on the host: one whose connection is gone ends at its next
  /// word, which may come after a long step.
  private static let patience = Duration.seconds(120)

  /// Runs a program that changes the host, when no other is at work on it.
  /// - Throws: `Failure` (`locked`) where another is at work for longer than two minutes; as
  ///   `Transport.run`.
  package func runAlone(
    _ program: String,
    deadline: Duration,
    events: EventSink,
    onLine: @Sendable (String) async -> Void
  ) async throws -> ProgramResult {
    let clock = ContinuousClock()
    let end = clock.now + Self.patience
    while true {
      let result = try await transport.run(program: program, deadline: deadline, onLine: onLine)
      guard result.exitCode == Program.busyExitCode else { return result }
      guard clock.now < end else {
        throw Failure(
          .locked,
          host: spec.name,
          "another run is at work on this host",
          why: result.standardError,
          remedy: "wait for it to end, or end the process that it names"
        )
      }
      await events(
        .waiting(what: "another run on \(spec.name) ends", detail: result.standardError)
      )
      try await Task.sleep(for: .seconds(1))
    }
  }
}
