// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import Values

/// Keeps a second run from fetching or building the same at once.
enum CacheLock {
  /// Runs `body` while no other run holds the lock of `cache`; a run that dies lets go of it.
  /// - Throws: `Failure(.state)` where the lock cannot be opened, `CancellationError`, what `body` throws.
  static func hold<Result>(
    _ cache: String,
    progress: ArtifactEventSink,
    _ body: () async throws -> Result
  ) async throws -> Result {
    try LocalFile.makeFolder(cache)
    let path = "\(cache)/lock"
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(
        FilePath(path),
        .readWrite,
        options: [.create, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead]
      )
    } catch {
      throw Failure(.state, "cannot open \(path)", why: "\(error)")
    }
    defer { try? descriptor.close() }
    var hasSaid = false
    while flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        throw Failure(.state, "cannot lock \(path)", why: Errno(rawValue: errno).description)
      }
      if !hasSaid {
        hasSaid = true
        await progress(.note("another run fetches or builds programs; waiting for it"))
      }
      try await Task.sleep(for: .milliseconds(300))
    }
    return try await body()
  }
}
