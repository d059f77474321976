// SPDX-License-Identifier: Apache-2.0

package import Values

/// Reaches a host with the ssh client of this machine: one connection a host, one session a run.
///
/// Host keys are always verified. A login that is not root's uses sudo; a password goes to sudo's standard
/// input only after sudo asked for it. A program that is cut off by the deadline, by cancellation or by
/// the network stops at its next word: its output leads nowhere.
package struct OpenSSHTransport: Transport {
  package let host: String
  private let connection: SSHConnection
  private let shell: RootShell

  /// Nothing is connected before the first use.
  ///
  /// `askPassword` gets the host's name when its sudo wants a password; its nil says that there is none.
  package init(
    host: String,
    destination: SSHDestination,
    askPassword: @escaping @Sendable (String) async throws -> Sensitive?
  ) {
    self.host = host
    connection = SSHConnection(host: host, destination: destination)
    shell = RootShell(
      host: host,
      launcher: SSHLauncher(connection: connection),
      askPassword: askPassword
    )
  }

  package func run(
    program: String,
    deadline: Duration,
    onLine: @Sendable (String) async -> Void
  ) async throws -> ProgramResult {
    try await shell.run(program: program, deadline: deadline, onLine: onLine)
  }

  package func upload(
    file: String,
    to path: String,
    digest: Digest,
    mode: FileMode,
    onProgress: @Sendable (Int) async -> Void
  ) async throws {
    try await shell.upload(file: file, to: path, digest: digest, mode: mode, onProgress: onProgress)
  }

  package func forward(to address: String, port: Int) async throws -> Int {
    try await connection.forward(to: address, port: port)
  }

  package func close() async {
    await connection.close()
  }
}

private struct SSHLauncher: Launcher {
  let connection: SSHConnection

  func launch(_ words: [String]) async throws -> Launch {
    // exec: the login shell, whichever it is, gives way.
    let command = "exec " + Shell.command(words)
    return Launch(
      executable: "ssh",
      arguments: try await connection.arguments().session(command: command)
    )
  }

  func failure(of outcome: SessionOutcome) async -> Failure {
    await connection.failure(of: outcome)
  }
}
