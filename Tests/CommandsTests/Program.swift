// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// The built program, run as a person runs it.
struct Program {
  let folder: Scratch

  init() throws {
    folder = try Scratch()
  }

  struct Outcome {
    let code: Int32
    let output: String
    let errors: String
  }

  /// It lies beside the test bundle, which runs as a program itself.
  private static var path: String {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let argument = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? own
    let place = argument.split(separator: "/").dropLast().joined(separator: "/")
    return "/\(place)/kubewright"
  }

  func callAsFunction(
    _ arguments: String...,
    environment: [String: String] = [:]
  ) async throws -> Outcome {
    let result = try await run(
      .path(FilePath(Self.path)),
      arguments: Arguments(arguments),
      environment: .inherit.updating(
        Dictionary(
          uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) }
        )
      ),
      workingDirectory: FilePath(folder.path),
      output: .string(limit: 1 << 22),
      error: .string(limit: 1 << 22)
    )
    let code: Int32 =
      switch result.terminationStatus {
      case .exited(let code): code
      case .signaled(let signal): -signal
      }
    return Outcome(code: code, output: result.standardOutput, errors: result.standardError)
  }
}
