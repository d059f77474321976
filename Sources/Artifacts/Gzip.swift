// SPDX-License-Identifier: Apache-2.0

import Values

/// Compressed files, by gzip(1).
package enum Gzip {
  /// Replaces the file at `path` by its compressed form, the same bytes at every time.
  /// - Throws: `Failure(.artifact)` where there is no gzip or it fails, `CancellationError`.
  package static func compress(_ path: String) async throws {
    let compressed = ".kubewright.gz"
    let outcome = try await Tool.run("gzip", ["-9", "-n", "-f", "-S", compressed, "--", path])
    guard outcome.code == 0 else {
      throw Failure(.artifact, "gzip cannot compress \(path)", why: outcome.errors)
    }
    let moved = try await Tool.run("mv", ["-f", "--", path + compressed, path])
    guard moved.code == 0 else {
      throw Failure(.state, "cannot write \(path)", why: moved.errors)
    }
  }
}
