// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What tells whether a file is still the one that was looked at.
struct FileStatus: Sendable, Equatable, Codable {
  /// In bytes.
  var size: Int
  /// Nanoseconds since 1970.
  var modified: Int

  /// The status of the regular file at `path`; nil where there is none.
  init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    size = Int(status.st_size)
    modified = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
  }
}
