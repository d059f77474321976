// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import Values

/// Runs `body` while holding an advisory lock (flock(2)) on a file of its own; the kernel drops
/// it with the process.
///
/// `whileWaiting` is called about every half second as long as another holds it, and may throw to
/// give up.
/// - Throws: `Failure` (`state`) where the file cannot be opened, and what `body` throws.
func withFileLock<Result>(
  _ path: String,
  whileWaiting: () async throws -> Void,
  body: () async throws -> Result
) async throws -> Result {
  let descriptor: FileDescriptor
  do {
    descriptor = try FileDescriptor.open(
      FilePath(path),
      .readWrite,
      options: [.create, .closeOnExec],
      permissions: [.ownerReadWrite]
    )
  } catch {
    throw Failure(.state, "cannot open the lock \(path)", why: String(describing: error))
  }
  defer { try? descriptor.close() }
  while flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 {
    guard errno == EWOULDBLOCK || errno == EINTR else {
      throw Failure(.state, "cannot lock \(path)", why: String(describing: Errno.current))
    }
    try await whileWaiting()
    try await Task.sleep(for: .milliseconds(500))
  }
  return try await body()
}
