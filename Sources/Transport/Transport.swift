// SPDX-License-Identifier: Apache-2.0

package import Values

/// A way to run a POSIX sh program on one host.
///
/// Implementations: OpenSSH, this machine.
package protocol Transport: Sendable {
  /// The host's name, for errors.
  var host: String { get }

  /// Runs `program` as root under the host's sh, delivered over standard input; never in arguments.
  /// Each line of standard output is handed to `onLine` as it arrives. A non-zero exit is a result, not an
  /// error.
  /// - Throws: `Failure` (`unreachable`) when the host cannot be reached or refuses the login;
  ///   `deadline` when `deadline` passes; `interrupted` on cancellation.
  func run(
    program: String,
    deadline: Duration,
    onLine: @Sendable (String) async -> Void
  ) async throws -> ProgramResult

  /// Streams a local file to `path` on the host as root: to a temporary name beside it, checked
  /// against `digest`, then renamed; `mode` set before the rename.
  func upload(
    file: String,
    to path: String,
    digest: Digest,
    mode: FileMode,
    onProgress: @Sendable (Int) async -> Void
  ) async throws

  /// A TCP port on the operator's loopback that reaches `address:port` as seen from the host.
  /// Forwards last until `close`.
  func forward(to address: String, port: Int) async throws -> Int

  /// Ends the connection and its forwards.
  func close() async
}

/// How a program ended.
package struct ProgramResult: Sendable, Equatable {
  package var exitCode: Int32
  package var standardOutput: String
  package var standardError: String
  package init(exitCode: Int32, standardOutput: String, standardError: String) {
    self.exitCode = exitCode
    self.standardOutput = standardOutput
    self.standardError = standardError
  }
}
