// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import Values

/// The start of a Linux program: which processors run it, and whether it needs libraries of the host.
///
/// Source: elf(5), `e_ident`, `e_machine` and `p_type`.
struct ELFHeader: Sendable, Equatable {
  let architecture: Architecture
  /// Whether it names no dynamic linker, and so runs where none of its libraries is.
  ///
  /// False too where its program headers lie beyond the bytes that were read.
  let isStatic: Bool

  /// So much of a program is read: linkers put the program headers right behind the header.
  private static let length = 4096

  /// Reads a header; nil for what is no little-endian program of an architecture that is known.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 20, Array(bytes[0..<4]) == [0x7f, 0x45, 0x4c, 0x46], bytes[5] == 1 else {
      return nil
    }
    let is64Bit = bytes[4] == 2
    switch (is64Bit, UInt16(bytes[18]) | UInt16(bytes[19]) << 8) {
    case (true, 62): architecture = .amd64
    case (false, 3): architecture = .x86
    case (true, 183): architecture = .arm64
    case (false, 40): architecture = .arm
    default: return nil
    }
    isStatic = !Self.mayNameLinker(bytes, is64Bit: is64Bit)
  }

  /// Whether one of the program headers is PT_INTERP, or not all of them can be seen.
  private static func mayNameLinker(_ bytes: [UInt8], is64Bit: Bool) -> Bool {
    guard bytes.count >= (is64Bit ? 64 : 52) else { return true }
    func number(_ offset: Int, _ length: Int) -> Int {
      (0..<length).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    let table = is64Bit ? number(32, 8) : number(28, 4)
    let size = number(is64Bit ? 54 : 42, 2)
    let count = number(is64Bit ? 56 : 44, 2)
    guard (0...bytes.count).contains(table), size * count <= bytes.count - table else {
      return true
    }
    // Smaller entries than ELF's have no room for what is read of each.
    guard count == 0 || size >= 4 else { return true }
    return (0..<count).contains { number(table + $0 * size, 4) == 3 }
  }

  /// Checks that the file at `path` is a program for `architecture`, and one that hosts can run.
  /// - Throws: `Failure(.artifact)` where it is not.
  static func check(_ path: String, is architecture: Architecture, name: ArtifactName) throws {
    let start: [UInt8]
    do {
      let descriptor = try FileDescriptor.open(path, .readOnly)
      start = try descriptor.closeAfter {
        try [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
          count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
      }
    } catch {
      throw Failure(.artifact, "cannot read \(path)", why: "\(error)")
    }
    guard let header = ELFHeader(start) else {
      throw Failure(.artifact, "\(path) is no \(name.rawValue): it is not a Linux program")
    }
    guard header.architecture == architecture else {
      throw Failure(
        .artifact,
        "\(path) is a program for \(header.architecture.rawValue), where "
          + "\(architecture.rawValue) is needed"
      )
    }
    guard header.isStatic || !name.mustBeStatic else {
      throw Failure(
        .artifact,
        "\(path) needs Swift's libraries, which hosts do not have",
        remedy: "scripts/static builds one that needs no library"
      )
    }
  }
}
