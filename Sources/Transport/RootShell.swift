// SPDX-License-Identifier: Apache-2.0

import Values

/// How a command's words get to a host.
protocol Launcher: Sendable {
  /// What to start here so that `words` run there.
  func launch(_ words: [String]) async throws -> Launch
  /// Why a session ended without a word of root's sh, or without saying how its program ended.
  func failure(of outcome: SessionOutcome) async -> Failure
}

/// Runs programs and receives files as root through a `Launcher`.
struct RootShell: Sendable {
  let host: String
  let sudo: SudoAccess
  let launcher: any Launcher

  init(
    host: String,
    launcher: any Launcher,
    askPassword: @escaping @Sendable (String) async throws -> Sensitive?
  ) {
    self.host = host
    self.launcher = launcher
    sudo = SudoAccess(host: host, askPassword: askPassword)
  }

  /// See `Transport.run`.
  ///
  /// The deadline counts from when the host is connected.
  func run(
    program: String,
    deadline: Duration,
    onLine: (String) async -> Void
  ) async throws -> ProgramResult {
    let outcome = try await session(
      .program,
      input: .text(Array(RootScript.framed(program).utf8)),
      deadline: deadline,
      onLine: onLine
    )
    guard let code = outcome.exitCode else { throw await launcher.failure(of: outcome) }
    return ProgramResult(
      exitCode: code,
      standardOutput: outcome.standardOutput,
      standardError: outcome.standardError
    )
  }

  /// One session as root, or two where sudo turns out to want a password.
  func session(
    _ script: RootScript,
    input: SessionInput,
    deadline: Duration,
    onLine: (String) async -> Void
  ) async throws -> SessionOutcome {
    var password = try await sudo.password()
    while true {
      let token = Self.token()
      try input.rewind()
      let session = RootSession(
        host: host,
        launch: try await launcher.launch(
          script.words(token: token, password: password != nil)
        ),
        token: token,
        password: password,
        input: input,
        deadline: deadline
      )
      let outcome = try await session.run(onLine: onLine)
      if outcome.isReady || outcome.expired {
        guard outcome.expired, outcome.exitCode == nil else { return outcome }
        throw Failure(
          .deadline,
          host: host,
          "the program did not end within \(deadline.inSeconds)",
          why: outcome.said,
          remedy: "look at what it waits for on the host, then run the same command again"
        )
      }
      guard outcome.usesSudo else { throw await launcher.failure(of: outcome) }
      switch SudoAnswer(outcome, host: host) {
      case .passwordNeeded where password == nil: password = try await sudo.ask()
      case .wrongPassword(let failure):
        await sudo.refuse(failure)
        throw failure
      case .refused(let failure): throw failure
      case .passwordNeeded, .silent: throw await launcher.failure(of: outcome)
      }
    }
  }

  /// Tells our lines from the program's: no program can guess it.
  private static func token() -> String {
    (0..<2).map { _ in
      let digits = String(UInt64.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

extension Duration {
  /// As errors tell it: `900 s`, `0.5 s`.
  var inSeconds: String {
    let (seconds, rest) = components
    let tenths = rest / 100_000_000_000_000_000
    return tenths == 0 ? "\(seconds) s" : "\(seconds).\(tenths) s"
  }
}
