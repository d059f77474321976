// SPDX-License-Identifier: Apache-2.0

import Artifacts
import TestSupport
import Testing

@Suite struct GzipTests {
  /// zopfli and gzip alike take odd names, and what comes out is the same each time.
  @Test(arguments: ["plain", "-n", "a b'c"])
  func whatIsPackedComesBack(name: String) async throws {
    let text = (0..<5000).map { "line \($0 % 97)\n" }.joined()
    var packed: [String] = []
    for _ in 0..<2 {
      let scratch = try Scratch()
      try scratch.write(text, to: name)
      let path = "\(scratch.path)/\(name)"
      _ = try await Command.run("chmod", "600", path)
      try await Gzip.compress(path)
      #expect(try await Command.run("sh", "-c", "gzip -dc <\"$1\"", "sh", path).output == text)
      #expect(try await Command.run("stat", "-c", "%a", path).output == "600\n")
      packed.append(try await Command.run("sha256sum", path).output.prefix(64).description)
      #expect(try await Command.run("ls", "-A", scratch.path).output == "\(name)\n")
    }
    #expect(packed[0] == packed[1])
  }
}
