// SPDX-License-Identifier: Apache-2.0

import Glibc
import Subprocess
import SystemPackage

/// Programs of this machine, run to their end.
package enum Command {
  /// What a program said, and how it ended.
  package struct Result: Sendable {
    /// The exit code; 128 and the signal's number for what a signal ended.
    package let exitCode: Int32
    package let output: String
    package let error: String
  }

  /// A program that a test needs and this machine lacks: scripts/test installs what tests need.
  package struct Missing: Error {
    package let program: String
  }

  /// Runs `words` with `input` as standard input.
  /// - Throws: `Missing`, or what Subprocess throws for more than 64 MiB of output.
  @discardableResult
  package static func run(_ words: String..., input: String = "") async throws -> Result {
    try await run(words, input: input)
  }

  /// Runs `words` with `input` as standard input.
  /// - Throws: `Missing`, or what Subprocess throws for more than 64 MiB of output.
  @discardableResult
  package static func run(_ words: [String], input: String = "") async throws -> Result {
    let result = try await Subprocess.run(
      .path(FilePath(try path(of: words.first ?? ""))),
      arguments: Arguments(Array(words.dropFirst())),
      input: .string(input),
      output: .string(limit: 64 << 20),
      error: .string(limit: 64 << 20)
    )
    let code: Int32 =
      switch result.terminationStatus {
      case .exited(let code): code
      case .signaled(let number): 128 + number
      }
    return Result(exitCode: code, output: result.standardOutput, error: result.standardError)
  }

  /// Where a program is: in $PATH, or in the folders of administrators' programs.
  /// - Throws: `Missing`.
  package static func path(of program: String) throws -> String {
    if program.hasPrefix("/") { return program }
    let folders = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":")
    for folder in folders + ["/usr/local/sbin", "/usr/sbin", "/sbin"]
    where access("\(folder)/\(program)", X_OK) == 0 {
      return "\(folder)/\(program)"
    }
    throw Missing(program: program)
  }
}
