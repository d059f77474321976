// SPDX-License-Identifier: Apache-2.0

import Values

extension HostFacts {
  /// Whether the host is a switch that runs Arista EOS.
  ///
  /// A release file says so; without one, flash that outlives a root file system in memory, and a 32-bit
  /// userland on a 64-bit kernel, are found together nowhere else.
  package var isEOS: Bool {
    guard flash != nil else { return false }
    if paths.contains(where: Probe.releaseFiles.contains) || osID == "eos" { return true }
    let isMixed = kernelIs64Bit && (architecture == .x86 || architecture == .arm)
    return isMixed && Self.inMemory.contains(rootFileSystem)
  }

  private static let inMemory: Set = ["overlay", "ramfs", "rootfs", "tmpfs"]

  /// The first two numbers of the kernel's release; nil where it has none.
  package var kernelVersion: (major: Int, minor: Int)? {
    let numbers = kernel.split { !$0.isASCII || !$0.isNumber }.prefix(2).compactMap { Int($0) }
    return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
  }
}
