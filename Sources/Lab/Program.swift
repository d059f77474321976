// SPDX-License-Identifier: Apache-2.0

import Subprocess
import SystemPackage
import Values

/// A program of this computer, run to its end.
struct Program: Sendable, Equatable {
  var words: [String]

  init(_ words: String...) {
    self.words = words
  }

  init(_ words: [String]) {
    self.words = words
  }

  struct Outcome: Sendable {
    var exitCode: Int32
    var output: String
    var error: String
  }

  /// Runs it with `input`, whatever its exit code.
  /// - Throws: `Failure` (`preflight`) where it cannot be started.
  func outcome(input: String = "", environment: [String: String] = [:]) async throws -> Outcome {
    do {
      var updates: [Environment.Key: String?] = ["LC_ALL": "C"]
      for (name, value) in environment {
        if let key = Environment.Key(rawValue: name) { updates[key] = value }
      }
      let result = try await Subprocess.run(
        .name(words[0]),
        arguments: Arguments(Array(words.dropFirst())),
        environment: .inherit.updating(updates),
        input: .string(input),
        output: .string(limit: 4 << 20),
        error: .string(limit: 4 << 20)
      )
      return Outcome(
        exitCode: Self.exitCode(result.terminationStatus),
        output: result.standardOutput,
        error: result.standardError
      )
    } catch let error as SubprocessError {
      throw Failure(
        .preflight,
        "cannot run \(words[0])",
        why: String(describing: error),
        remedy: "install the program or mend PATH"
      )
    }
  }

  /// Runs it and returns its standard output.
  /// - Throws: `Failure` (`step`) with what it said where it ends with another code than 0.
  @discardableResult
  func run(
    _ what: String,
    host: String? = nil,
    input: String = "",
    environment: [String: String] = [:]
  ) async throws -> String {
    let outcome = try await outcome(input: input, environment: environment)
    guard outcome.exitCode == 0 else {
      let said = (outcome.error + outcome.output).split(separator: "\n").suffix(12)
        .joined(separator: "\n")
      throw Failure(
        .step,
        host: host,
        "cannot \(what)",
        why: said.isEmpty ? "\(words[0]) ended with code \(outcome.exitCode)" : said
      )
    }
    return outcome.output
  }

  /// Runs it on this process's own terminal and returns its exit code.
  func runInForeground() async throws -> Int32 {
    let result = try await Subprocess.run(
      .name(words[0]),
      arguments: Arguments(Array(words.dropFirst())),
      input: .currentStandardInput,
      output: .currentStandardOutput,
      error: .currentStandardError
    )
    return Self.exitCode(result.terminationStatus)
  }

  private static func exitCode(_ status: TerminationStatus) -> Int32 {
    switch status {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  }
}
