// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import SystemPackage
import Values

/// Files of ours on this computer: whole or absent.
enum LocalFile {
  /// Makes the folder at `path` and those above it.
  static func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw Failure(.state, "cannot make the folder \(path)", why: Failure.reason(of: error))
    }
  }

  /// Removes what lies at `path`, a folder with all in it; nothing there is fine.
  static func remove(_ path: String) throws {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      var status = stat()
      guard lstat(path, &status) == 0 else { return }
      throw Failure(.state, "cannot remove \(path)", why: Failure.reason(of: error))
    }
  }

  /// The bytes of the file at `path`.
  static func read(_ path: String) throws -> [UInt8] {
    do {
      let descriptor = try FileDescriptor.open(path, .readOnly)
      return try descriptor.closeAfter {
        let size = Int(try descriptor.seek(offset: 0, from: .end))
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
          while count < size {
            let rest = UnsafeMutableRawBufferPointer(
              rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]
            )
            let read = try descriptor.read(fromAbsoluteOffset: Int64(count), into: rest)
            if read == 0 { break }
            count += read
          }
        }
      }
    } catch {
      throw Failure(.state, "cannot read \(path)", why: Failure.reason(of: error))
    }
  }

  /// Writes `bytes` to `path` beside it first, so that no reader ever sees a part.
  static func write(_ bytes: [UInt8], to path: String, mode: CInterop.Mode = 0o644) throws {
    let temporary = "\(path).\(getpid()).tmp"
    do {
      let descriptor = try FileDescriptor.open(
        FilePath(temporary),
        .writeOnly,
        options: [.create, .truncate],
        permissions: FilePermissions(rawValue: mode)
      )
      try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
    } catch {
      throw Failure(.state, "cannot write \(path)", why: Failure.reason(of: error))
    }
    try settle(temporary, at: path)
  }

  /// Moves the file at `source` to `target` once its bytes are on the disk.
  static func settle(_ source: String, at target: String) throws {
    do {
      let descriptor = try FileDescriptor.open(source, .readOnly)
      try descriptor.closeAfter {
        guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
      }
      guard rename(source, target) == 0 else { throw Errno(rawValue: errno) }
    } catch {
      throw Failure(.state, "cannot put \(target) in place", why: Failure.reason(of: error))
    }
  }

  /// Moves the folder at `source` to `target`, where nothing lies.
  static func move(_ source: String, to target: String) throws {
    guard rename(source, target) == 0 else {
      throw Failure(
        .state,
        "cannot move \(source) to \(target)",
        why: Errno(rawValue: errno).description
      )
    }
  }

  /// Makes `path` a symbolic link to `target`.
  static func link(_ path: String, to target: String) throws {
    try remove(path)
    guard symlink(target, path) == 0 else {
      throw Failure(.state, "cannot link \(path)", why: Errno(rawValue: errno).description)
    }
  }

  /// Whether `path` is a symbolic link.
  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// The names in the folder at `path`, sorted; none where there is no folder.
  static func names(in path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// Whether anything lies at `path`.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  /// Bytes that may still be written to the disk that holds `path`.
  static func freeBytes(at path: String) -> Int? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    return Int(status.f_bavail) * Int(status.f_frsize)
  }
}
