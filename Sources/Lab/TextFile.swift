// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import SystemPackage
import Values

/// Small text files of the lab.
enum TextFile {
  /// The file's text, or nil where there is none.
  static func read(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Writes a file whole or not at all.
  /// - Throws: `Failure` (`state`).
  static func write(_ text: String, to path: String, mode: Values.FileMode = 0o644) throws {
    let new = path + ".new"
    do {
      let descriptor = try FileDescriptor.open(
        FilePath(new),
        .writeOnly,
        options: [.create, .truncate, .closeOnExec],
        permissions: FilePermissions(rawValue: CInterop.Mode(mode.bits))
      )
      try descriptor.closeAfter { _ = try descriptor.writeAll(text.utf8) }
      // The umask had a say above.
      guard chmod(new, mode_t(mode.bits)) == 0, rename(new, path) == 0 else { throw Errno.current }
    } catch {
      throw Failure(.state, "cannot write \(path)", why: Failure.reason(of: error))
    }
  }

  /// Makes a directory and those above it.
  /// - Throws: `Failure` (`state`).
  static func makeDirectory(_ path: String, mode: Values.FileMode = 0o755) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: path,
        withIntermediateDirectories: true
      )
      guard chmod(path, mode_t(mode.bits)) == 0 else { throw Errno.current }
    } catch {
      throw Failure(.state, "cannot make the directory \(path)", why: Failure.reason(of: error))
    }
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}

extension Errno {
  /// What the last call of the C library said.
  static var current: Errno { Errno(rawValue: errno) }
}
