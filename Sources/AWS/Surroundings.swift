// SPDX-License-Identifier: Apache-2.0

import Glibc
import Values

/// Everything outside this module that it reads or asks, in one place to replace.
package struct Surroundings: Sendable {
  package var environment: [String: String]
  package var exchange: any Exchange
  package var timing: Timing
  /// The bytes of a file, nil where there is none.
  package var readFile: @Sendable (String) throws -> [UInt8]?
  /// The standard output of a program that ended well; for `credential_process`.
  package var run: @Sendable ([String]) async throws -> [UInt8]

  /// - Parameters:
  ///   - environment: the process's variables.
  ///   - exchange: what carries requests.
  ///   - timing: clocks and chance.
  package init(
    environment: [String: String],
    exchange: any Exchange,
    timing: Timing = .real
  ) {
    self.environment = environment
    self.exchange = exchange
    self.timing = timing
    readFile = { try BoundedFile.read($0) }
    run = { try await ProcessOutput.of($0) }
  }

  /// The same with other variables.
  func with(environment: [String: String]) -> Self {
    var other = self
    other.environment = environment
    return other
  }

  /// A variable that is set and not empty.
  func variable(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whether a variable says yes, as the SDKs read it.
  func isOn(_ name: String) -> Bool { environment[name]?.lowercased() == "true" }
}

/// Small files: configuration and tokens.
enum BoundedFile {
  /// More than any such file has.
  static let limit = 1 << 20

  /// The bytes of the file at `path`; nil where there is none.
  /// - Throws: `Failure` (`invalidInput`) for what cannot be read or is too long.
  static func read(_ path: String) throws -> [UInt8]? {
    guard let file = fopen(path, "re") else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Failure(.invalidInput, "cannot read \(path)", why: String(cString: strerror(errno)))
    }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: limit + 1)
    let count = fread(&buffer, 1, buffer.count, file)
    guard ferror(file) == 0 else {
      throw Failure(.invalidInput, "cannot read \(path)", why: String(cString: strerror(errno)))
    }
    guard count <= limit else {
      throw Failure(.invalidInput, "\(path) is longer than \(limit) bytes")
    }
    return Array(buffer.prefix(count))
  }
}
