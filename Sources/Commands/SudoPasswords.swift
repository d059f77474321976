// SPDX-License-Identifier: Apache-2.0

import Glibc
import Values

/// Asks once for the sudo password that the hosts share, without echo, and only when a host needs one.
actor SudoPasswords {
  private var answer: Sensitive?

  nonisolated var ask: @Sendable (String) async throws -> Sensitive? {
    { host in try await self.password(for: host) }
  }

  private func password(for host: String) throws -> Sensitive? {
    if let answer { return answer }
    guard isatty(STDIN_FILENO) == 1 else {
      throw Failure(
        .unreachable,
        host: host,
        "sudo asks for a password, and standard input is no terminal",
        remedy: "run from a terminal, or let the login use sudo without a password"
      )
    }
    guard let text = getpass("sudo password for the hosts: ") else { return nil }
    let password = Sensitive(String(cString: text))
    // getpass keeps the text in a buffer of its own.
    memset(text, 0, strlen(text))
    answer = password
    return password
  }
}
