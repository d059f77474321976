// SPDX-License-Identifier: Apache-2.0

import Glibc
import Subprocess
import SystemPackage
import Values

/// Runs programs of this computer.
enum Tool {
  struct Outcome: Sendable {
    /// The exit code; 128 and the signal's number where a signal ended it, as shells say it.
    var code: Int
    var output: String
    /// The last lines of standard error.
    var errors: String
  }

  /// How many lines of standard error are kept for failures.
  private static let keptLines = 40
  /// Lists of packages are the longest output that is read.
  private static let outputLimit = 64 << 20

  /// Runs `name`, found in PATH, to its end; it is ended when the task is cancelled.
  ///
  /// `environment` is set over the inherited one, nil unsets. `takes` sees each line of standard error; those
  /// that it takes are not kept for `errors`.
  /// - Throws: `Failure(.artifact)` where it cannot be started, `CancellationError`.
  static func run(
    _ name: String,
    _ arguments: [String],
    environment: [String: String?] = [:],
    folder: String? = nil,
    takes: (String) async -> Bool = { _ in false }
  ) async throws -> Outcome {
    var updates: [Environment.Key: String?] = ["LC_ALL": "C"]
    for (key, value) in environment { updates[Environment.Key(stringLiteral: key)] = value }
    var options = PlatformOptions()
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))]
    do {
      let result = try await Subprocess.run(
        name.hasPrefix("/") ? .path(FilePath(name)) : .name(name),
        arguments: Arguments(arguments),
        environment: .inherit.updating(updates),
        workingDirectory: folder.map { FilePath($0) },
        platformOptions: options,
        input: .none,
        output: .string(limit: outputLimit),
        error: .sequence
      ) { execution in
        var kept: [String] = []
        for try await line in execution.standardError.strings() {
          let text = line.last?.isNewline == true ? String(line.dropLast()) : line
          if text.isEmpty { continue }
          if await takes(text) { continue }
          kept.append(text)
          if kept.count > keptLines { kept.removeFirst() }
        }
        return kept.joined(separator: "\n")
      }
      try Task.checkCancellation()
      let code =
        switch result.terminationStatus {
        case .exited(let code): Int(code)
        case .signaled(let signal): 128 + Int(signal)
        }
      return Outcome(code: code, output: result.standardOutput, errors: result.closureResult)
    } catch let error as SubprocessError {
      try Task.checkCancellation()
      throw Failure(.artifact, "cannot run \(name)", why: "\(error)")
    }
  }

  /// Runs `name` and returns its standard output.
  /// - Throws: `Failure(.artifact)` saying that `purpose` failed, with the last lines of standard error.
  static func output(
    _ name: String,
    _ arguments: [String],
    environment: [String: String?] = [:],
    folder: String? = nil,
    purpose: String,
    takes: (String) async -> Bool = { _ in false }
  ) async throws -> String {
    let outcome = try await run(
      name,
      arguments,
      environment: environment,
      folder: folder,
      takes: takes
    )
    guard outcome.code == 0 else {
      throw Failure(
        .artifact,
        "\(purpose) failed: \(name) ended with \(outcome.code)",
        why: outcome.errors
      )
    }
    return outcome.output
  }

  /// Where in PATH `name` is.
  static func path(of name: String) -> String? {
    let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    return folders.split(separator: ":").map { "\($0)/\(name)" }
      .first { access($0, X_OK) == 0 }
  }
}
