// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// A folder of one test, 0700, under a short path; gone with its last reference.
package final class Scratch: Sendable {
  package let path: String

  /// Makes one in `base`; nil: in $TMPDIR or /tmp.
  /// - Throws: when no folder can be made there.
  package init(in base: String? = nil) throws {
    let base = base ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/kubewright-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Writes a file and returns its path; folders on the way are made.
  @discardableResult
  package func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
    try write(Array(text.utf8), to: name, mode: mode)
  }

  /// Writes bytes to a file and returns its path; folders on the way are made.
  @discardableResult
  package func write(_ bytes: [UInt8], to name: String, mode: Int = 0o600) throws -> String {
    let file = URL(filePath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try Data(bytes).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    if mode & 0o111 != 0 { Self.awaitWriters(of: file.path) }
    return "\(path)/\(name)"
  }

  /// Waits until nobody has `file` open to write: until then it cannot be run ("Text file busy").
  ///
  /// A process that another test forks at this moment holds what is open here until it runs its own program.
  private static func awaitWriters(of file: String) {
    // Linux's <fcntl.h>; a read lease is only given where nobody writes.
    let setLease: Int32 = 1024
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    while fcntl(descriptor, setLease, F_RDLCK) != 0, errno == EAGAIN { usleep(1000) }
    close(descriptor)
  }

  /// The text of one of its files.
  package func text(of name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: "\(path)/\(name)")), as: UTF8.self)
  }

  /// Removes one of its files, or a folder with all that is in it.
  package func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(name)")
  }

  /// Removes it now, with all that is in it; not while something is mounted there, which is somebody else's.
  package func remove() {
    let mounts = (try? Data(contentsOf: URL(filePath: "/proc/self/mounts"))) ?? Data()
    guard !String(decoding: mounts, as: UTF8.self).contains(" \(path)/") else { return }
    // A program on its way out may take its own files from under us: then once more.
    for _ in 0..<5 where access(path, F_OK) == 0 {
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  deinit { remove() }
}
