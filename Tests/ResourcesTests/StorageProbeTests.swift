// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Values

@testable import Facts

/// What a probe tells of file systems that cannot hold overlays.
struct StorageProbeTests {
  /// Superblocks by version: the bit that says whether there are file types.
  @Test(
    "a superblock says whether directories keep files' types",
    arguments: Userland.allCases,
    [(4, 202, 2, true), (4, 202, 0, false), (5, 219, 1, true), (5, 219, 2, false)]
  )
  func fileTypes(
    _ userland: Userland,
    _ superblock: (version: UInt8, place: Int, byte: UInt8, hasTypes: Bool)
  ) async throws {
    var bytes = [UInt8](repeating: 0, count: 512)
    bytes.replaceSubrange(0..<4, with: Array("XFSB".utf8))
    bytes[100] = 0xb4
    bytes[101] = 0xa0 | superblock.version
    bytes[superblock.place] = superblock.byte
    let sandbox = try await Sandbox(userland)
    let octal = bytes.map { byte in
      "\\0" + String(Int(byte), radix: 8)
    }.joined()
    let program = """
      mounted_at() { echo "$2 xfs"; }
      \(Probe.storageFunctions)
      printf '%b' '\(octal)' >/superblock
      if lacks_file_types /superblock /; then echo lacks; else echo has; fi
      : >/superblock
      if lacks_file_types /superblock /; then echo lacks; else echo unknown; fi

      """
    let result = try await sandbox.run(program)
    #expect(result.output == (superblock.hasTypes ? "has" : "lacks") + "\nunknown\n")
    #expect(result.error.isEmpty, "\(result.error)")
  }

  @Test("folders without file types are told by name, and no others")
  func foldersWithoutTypes() throws {
    let answer = """
      kubewright-probe 1
      elf 7f454c4602010100000000000000000003003e00
      no-file-types /var/lib/docker
      no-file-types /etc
      manifest
      end
      """
    #expect(try Probe.parse(answer).facts.withoutFileTypes == ["/var/lib/docker"])
  }
}
