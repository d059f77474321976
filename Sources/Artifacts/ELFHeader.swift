// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import Values

/// The start of a Linux program: which processors run it.
///
/// Source: elf(5), `e_ident` and `e_machine`.
struct ELFHeader: Sendable, Equatable {
  let architecture: Architecture

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
  }

  /// Checks that the file at `path` is a program for `architecture`.
  /// - Throws: `Failure(.artifact)` where it is not.
  static func check(_ path: String, is architecture: Architecture, name: ArtifactName) throws {
    let start: [UInt8]
    do {
      let descriptor = try FileDescriptor.open(path, .readOnly)
      start = try descriptor.closeAfter {
        try [UInt8](unsafeUninitializedCapacity: 20) { buffer, count in
          count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
      }
    } catch {
      throw Failure(.artifact, "cannot read \(path)", why: "\(error)")
    }
    guard let found = ELFHeader(start)?.architecture else {
      throw Failure(.artifact, "\(path) is no \(name.rawValue): it is not a Linux program")
    }
    guard found == architecture else {
      throw Failure(
        .artifact,
        "\(path) is a program for \(found.rawValue), where \(architecture.rawValue) is needed"
      )
    }
  }
}
