// SPDX-License-Identifier: Apache-2.0

import Subprocess
import SystemPackage
import Values

/// Programs that hand out credentials.
enum ProcessOutput {
  /// What `words` wrote to standard output; its standard error goes into the failure only.
  /// - Throws: `Failure` (`artifact`) for a program that is missing, fails, or takes a minute.
  static func of(_ words: [String]) async throws -> [UInt8] {
    guard let program = words.first else {
      throw Failure(.invalidInput, "credential_process is empty")
    }
    return try await withThrowingTaskGroup(of: [UInt8].self) { group in
      group.addTask { try await run(program, Array(words.dropFirst())) }
      group.addTask {
        try await Task.sleep(for: .seconds(60))
        throw Failure(.deadline, "the credential process \(program) did not end within 60 s")
      }
      defer { group.cancelAll() }
      return try await group.next() ?? []
    }
  }

  private static func run(_ program: String, _ arguments: [String]) async throws -> [UInt8] {
    do {
      let result = try await Subprocess.run(
        program.contains("/") ? .path(FilePath(program)) : .name(program),
        arguments: Arguments(arguments),
        output: .bytes(limit: 64 << 10),
        error: .string(limit: 64 << 10)
      )
      guard result.terminationStatus.isSuccess else {
        throw Failure(
          .artifact,
          "the credential process \(program) failed (\(result.terminationStatus))",
          why: String(result.standardError.suffix(500))
        )
      }
      return result.standardOutput
    } catch let error as SubprocessError {
      throw Failure(
        .artifact,
        "cannot run the credential process \(program)",
        why: String(describing: error)
      )
    }
  }
}

/// Splits a command line as a POSIX shell would, without expansions: `credential_process` has one.
enum CommandLineWords {
  /// Nil where a quote is not closed.
  static func split(_ text: String) -> [String]? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var characters = text[...]
    while let character = characters.popFirst() {
      if let open = quote {
        if character == open {
          quote = nil
        } else if character == "\\", open == "\"", let next = characters.first,
          "\"\\".contains(next)
        {
          word = (word ?? "") + String(characters.removeFirst())
        } else {
          word = (word ?? "") + String(character)
        }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character == "\\" {
        guard let next = characters.popFirst() else { return nil }
        word = (word ?? "") + String(next)
      } else if character.isWhitespace {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil else { return nil }
    if let done = word { words.append(done) }
    return words
  }
}
