// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import Values

/// A folder that only this user can enter, under a short path, for as long as it is referenced.
final class PrivateFolder: Sendable {
  let path: String

  /// - Throws: `Failure` (`state`) when no folder can be made.
  init() throws {
    let wanted = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    // A control socket's path has to fit into sun_path (108 bytes), ssh's own suffix included.
    let base = wanted.hasPrefix("/") && wanted.utf8.count <= 60 ? wanted : "/tmp"
    var template = Array("\(base)/kubewright-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Failure(
        .state,
        "cannot make a temporary folder in \(base)",
        why: String(describing: Errno(rawValue: errno)),
        remedy: "set TMPDIR to a writable folder"
      )
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Writes a file of it, 0600.
  func write(_ text: String, to file: String) throws {
    let descriptor = try FileDescriptor.open(
      file,
      .writeOnly,
      options: [.create, .truncate, .closeOnExec],
      permissions: [.ownerRead, .ownerWrite]
    )
    try descriptor.closeAfter { _ = try descriptor.writeAll(text.utf8) }
  }

  /// Removes it with the files in it; it has no folders.
  deinit {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { unlink("\(path)/\(name)") }
      }
      closedir(folder)
    }
    rmdir(path)
  }
}
