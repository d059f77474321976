// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dispatch
import Engine
import Glibc
import Values

/// Runs a command's body: errors become sentences and exit codes, Ctrl-C becomes cancellation.
func execute(_ body: @escaping @Sendable (Console) async throws -> Void) async throws {
  let console = Console()
  let work = Task { try await body(console) }
  let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler { work.cancel() }
    source.resume()
    return source
  }
  defer { for source in sources { source.cancel() } }
  do {
    try await work.value
    await console.finish()
  } catch let code as ExitCode {
    await console.finish()
    throw code
  } catch {
    if work.isCancelled || error is CancellationError {
      await console.say("interrupted: what was done stays done; the same command goes on from here")
      throw ExitCode(130)
    }
    await console.say("error: \(error)")
    throw ExitCode(exitCode(of: error))
  }
}

/// The documented exit code of an error.
private func exitCode(of error: any Error) -> Int32 {
  switch error {
  case let failure as Failure where failure.kind == .invalidInput: 2
  case let failure as Failure where failure.kind == .interrupted: 130
  default: 1
  }
}
