// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Values

/// The same as `OpenSSHTransport` for the machine that this program runs on.
package struct LocalTransport: Transport {
  package let host: String
  private let shell: RootShell

  /// `askPassword` gets the host's name when sudo wants a password; its nil says that there is none.
  package init(
    host: String,
    askPassword: @escaping @Sendable (String) async throws -> Sensitive?
  ) {
    self.host = host
    shell = RootShell(host: host, launcher: LocalLauncher(host: host), askPassword: askPassword)
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

  /// The port itself.
  ///
  /// `address` has to be 127.0.0.1, or one of this machine's where the port is
  /// reached on 127.0.0.1 as well.
  package func forward(to address: String, port: Int) async throws -> Int {
    guard address.hasPrefix("127.") || address == "localhost" || Self.isOwn(address) else {
      throw Failure(
        .unreachable,
        host: host,
        "\(address) is no address of this machine",
        remedy: "give this host an ssh section in the spec"
      )
    }
    return port
  }

  package func close() async {}

  /// Only an address of this machine can be bound.
  private static func isOwn(_ address: String) -> Bool {
    var target = sockaddr_in()
    target.sin_family = sa_family_t(AF_INET)
    guard inet_pton(AF_INET, address, &target.sin_addr) == 1 else { return false }
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { Glibc.close(descriptor) }
    return withUnsafePointer(to: target) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}

private struct LocalLauncher: Launcher {
  let host: String

  func launch(_ words: [String]) async throws -> Launch {
    Launch(executable: words[0], arguments: Array(words.dropFirst()))
  }

  func failure(of outcome: SessionOutcome) async -> Failure {
    Failure(
      .step,
      host: host,
      "the program's shell ended without a result",
      why: outcome.said,
      remedy: "see whether the machine ran out of memory (dmesg), then run the same command again"
    )
  }
}
