// SPDX-License-Identifier: Apache-2.0

import Values

/// Compression by programs: zopfli, whose files are some 4 % smaller, where there is one, and gzip.
package enum Gzip {
  /// Whether files come out as small as they can.
  package static var isTightest: Bool { Tool.path(of: "zopfli") != nil }

  /// Replaces the file at `path`, which only its owner may read, by its compressed form.
  ///
  /// The bytes are the same at every time, and nobody else may read them either.
  /// - Throws: `Failure(.artifact)` where there is no program for it or it fails, `CancellationError`.
  package static func compress(_ path: String) async throws {
    // zopfli takes what begins with a dash for an option, and leaves the new file's mode to the umask.
    let file = path.hasPrefix("-") ? "./\(path)" : path
    let suffix: String
    if isTightest {
      suffix = ".gz"
      try await pack("sh", ["-c", "umask 077; exec zopfli \"$1\"", "sh", file], file)
    } else {
      suffix = ".kubewright.gz"
      try await pack("gzip", ["-9", "-n", "-f", "-S", suffix, "--", file], file)
    }
    let moved = try await Tool.run("mv", ["-f", "--", file + suffix, file])
    guard moved.code == 0 else {
      throw Failure(.state, "cannot write \(path)", why: moved.errors)
    }
  }

  private static func pack(_ program: String, _ arguments: [String], _ file: String) async throws {
    let outcome = try await Tool.run(program, arguments)
    guard outcome.code == 0 else {
      let packer = isTightest ? "zopfli" : "gzip"
      throw Failure(.artifact, "\(packer) cannot compress \(file)", why: outcome.errors)
    }
  }
}
