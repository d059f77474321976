// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Values

/// The names of the store's files, relative to its folder.
enum PKIPath {
  static let serviceAccountKey = "service-account.key"
  static let encryption = "encryption"
  static let folders = ["", "authorities", "keys", "certs", "csr", encryption]

  static func key(_ name: AuthorityName) -> String { "authorities/\(name.rawValue).key" }
  static func certificate(_ name: AuthorityName) -> String { "authorities/\(name.rawValue).crt" }
  static func key(_ name: LeafName) -> String { "keys/\(name).key" }
  static func certificate(_ name: LeafName) -> String { "certs/\(name).crt" }
  static func signingRequest(_ name: LeafName) -> String { "csr/\(name).csr" }
}

/// A file to be written.
struct NewFile: Sendable {
  var path: String
  var bytes: [UInt8]
  var mode: mode_t

  static func secret(_ path: String, _ secret: Sensitive) -> Self {
    Self(path: path, bytes: secret.reveal(), mode: 0o600)
  }

  static func open(_ path: String, _ text: String) -> Self {
    Self(path: path, bytes: Array(text.utf8), mode: 0o644)
  }
}

/// Reads and writes the store's folder.
///
/// A file has its name only once its bytes are on the disk, so whatever interrupts a run leaves whole
/// files and, at most, temporary ones.
struct PKIFiles: Sendable {
  let root: String

  /// No key or certificate comes near it; what is larger is not ours.
  private static let largest = 65_536
  /// From so many files on, one sync of everything is cheaper than one of each; on Linux it
  /// returns when all is written.
  private static let manyFiles = 8

  func absolute(_ path: String) -> String { path.isEmpty ? root : "\(root)/\(path)" }

  /// The bytes of a regular file; nil where there is none.
  /// - Throws: `Failure` (`state`) when it cannot be read or is too large.
  func read(_ path: String) throws -> [UInt8]? {
    try Self.read(absolute(path))
  }

  /// As `read`, of any file on this computer.
  static func read(_ path: String) throws -> [UInt8]? {
    func failed(_ why: String) -> Failure {
      Failure(
        .state,
        "cannot read \(path)",
        why: why,
        remedy: "mend its rights, or restore it from a backup"
      )
    }
    // O_NONBLOCK: a pipe in its place must not stop the run.
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw failed(String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    // What cannot be rewound is a pipe or a socket; a folder has no end within reason.
    let size = lseek(descriptor, 0, SEEK_END)
    guard size >= 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw failed("it is not a regular file")
    }
    guard size <= largest else {
      throw failed("it is larger than \(largest) bytes")
    }
    var bytes = [UInt8](repeating: 0, count: Int(size))
    var length = 0
    while length < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress?.advanced(by: length), $0.count - length)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failed(String(cString: strerror(errno))) }
      if count == 0 { break }
      length += count
    }
    return Array(bytes.prefix(length))
  }

  /// The names in a folder, sorted; none where it does not exist.
  func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: absolute(folder))) ?? []).sorted()
  }

  /// Makes the folders, 0700, makes keys private that a copy has opened up, and removes what an
  /// interrupted run left half-written.
  func prepare() throws {
    for folder in PKIPath.folders {
      let path = absolute(folder)
      if mkdir(path, 0o700) != 0 {
        guard errno == EEXIST else { throw failure("make", path) }
      }
      guard chmod(path, 0o700) == 0 else { throw failure("make private", path) }
      for name in names(in: folder) {
        if Self.isTemporary(name) {
          guard unlink("\(path)/\(name)") == 0 else { throw failure("remove", "\(path)/\(name)") }
        } else if name.hasSuffix(".key") {
          guard chmod("\(path)/\(name)", 0o600) == 0 else {
            throw failure("make private", "\(path)/\(name)")
          }
        }
      }
    }
  }

  /// Writes all files, then gives them their names.
  /// - Throws: `Failure` (`state`).
  func commit(_ files: [NewFile]) throws {
    guard !files.isEmpty else { return }
    let many = files.count > Self.manyFiles
    var temporaries: [String] = []
    do {
      for file in files {
        let temporary = temporaryPath(for: file.path)
        temporaries.append(temporary)
        try write(file, to: temporary, sync: !many)
      }
      if many { Glibc.sync() }
      for file in files {
        guard rename(temporaryPath(for: file.path), absolute(file.path)) == 0 else {
          throw failure("write", absolute(file.path))
        }
      }
    } catch {
      for temporary in temporaries { unlink(temporary) }
      throw error
    }
    for folder in Set(files.map { folder(of: $0.path) }) { try syncNames(of: folder) }
  }

  private func folder(of path: String) -> String {
    let whole = absolute(path)
    return String(whole[..<(whole.lastIndex(of: "/") ?? whole.startIndex)])
  }

  /// Always the same for a file, so that an interrupted run's is written over.
  private func temporaryPath(for path: String) -> String {
    let name = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
    return "\(folder(of: path))/.\(name).tmp"
  }

  private static func isTemporary(_ name: String) -> Bool {
    name.hasPrefix(".") && name.hasSuffix(".tmp")
  }

  private func write(_ file: NewFile, to path: String, sync: Bool) throws {
    let descriptor = Glibc.open(
      path,
      O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
      0o600
    )
    guard descriptor >= 0 else { throw failure("write", path) }
    defer { close(descriptor) }
    var offset = 0
    while offset < file.bytes.count {
      let count = file.bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: offset), $0.count - offset)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("write", path) }
      offset += count
    }
    guard fchmod(descriptor, file.mode) == 0, !sync || fsync(descriptor) == 0 else {
      throw failure("write", path)
    }
  }

  private func syncNames(of folder: String) throws {
    let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("sync", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("sync", folder) }
  }

  private func failure(_ what: String, _ path: String) -> Failure {
    Failure(
      .state,
      "cannot \(what) \(path)",
      why: String(cString: strerror(errno)),
      remedy: "free space, or mend the rights of \(root)"
    )
  }
}
