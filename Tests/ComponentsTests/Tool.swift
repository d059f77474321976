// SPDX-License-Identifier: Apache-2.0

import Glibc
import Resources
import TestSupport
import Values

/// Runs the programs that judge what we render.
enum Tool {
  /// Standard output and error of a shell command, and its exit code.
  static func shell(_ command: String) throws -> (output: String, code: Int32) {
    guard let stream = popen("{ \(command)\n} 2>&1", "r") else {
      throw Failure(.internalError, "cannot run sh")
    }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = fread(&buffer, 1, buffer.count, stream)
      if count == 0 { break }
      output += buffer[..<count]
    }
    let status = pclose(stream)
    return (String(decoding: output, as: UTF8.self), (status >> 8) & 0xff)
  }

  /// Runs `body` with a folder of its own that goes afterwards.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = try Scratch()
    defer { folder.remove() }
    return try body(folder.path)
  }

  static func write(_ text: String, to path: String) throws {
    guard let stream = fopen(path, "w") else {
      throw Failure(.internalError, "cannot write \(path)")
    }
    fputs(text, stream)
    fclose(stream)
    // Another test of the process may have changed its mask.
    chmod(path, 0o644)
  }

  static func read(_ path: String) -> String? {
    guard let stream = fopen(path, "r") else { return nil }
    defer { fclose(stream) }
    var text: [UInt8] = []
    while true {
      let byte = fgetc(stream)
      if byte == EOF { break }
      text.append(UInt8(truncatingIfNeeded: byte))
    }
    return String(decoding: text, as: UTF8.self)
  }
}
