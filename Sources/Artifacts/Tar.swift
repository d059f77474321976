// SPDX-License-Identifier: Apache-2.0

/// Writes POSIX ustar archives that are the same for the same entries: fixed times and owners, sorted.
///
/// Source: POSIX.1-2017, pax, "ustar Interchange Format".
enum Tar {
  struct Entry: Sendable {
    enum Content: Sendable {
      case file([UInt8])
      case folder
      /// A symbolic link to this path.
      case link(String)
    }

    /// Relative, without a leading or trailing slash; at most 100 bytes.
    var path: String
    var mode: Int
    var content: Content
  }

  private static let blockSize = 512

  /// The archive of `entries`, in the order of their paths.
  static func archive(_ entries: [Entry]) -> [UInt8] {
    var archive: [UInt8] = []
    for entry in entries.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
      archive += header(entry)
      if case .file(let bytes) = entry.content {
        archive += bytes
        archive += padding(after: bytes.count)
      }
    }
    archive += [UInt8](repeating: 0, count: 2 * blockSize)
    return archive
  }

  private static func header(_ entry: Entry) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: blockSize)
    func put(_ text: String, at offset: Int, length: Int) {
      let bytes = text.utf8.prefix(length)
      block.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
    func put(_ number: Int, at offset: Int, length: Int) {
      let digits = String(number, radix: 8)
      put(
        String(repeating: "0", count: max(0, length - 1 - digits.utf8.count)) + digits,
        at: offset,
        length: length - 1
      )
    }
    var path = entry.path
    var size = 0
    var type = "0"
    switch entry.content {
    case .file(let bytes): size = bytes.count
    case .folder:
      path += "/"
      type = "5"
    case .link(let target):
      type = "2"
      put(target, at: 157, length: 100)
    }
    put(path, at: 0, length: 100)
    put(entry.mode, at: 100, length: 8)
    put(0, at: 108, length: 8)
    put(0, at: 116, length: 8)
    put(size, at: 124, length: 12)
    put(0, at: 136, length: 12)
    put("        ", at: 148, length: 8)
    put(type, at: 156, length: 1)
    put("ustar", at: 257, length: 6)
    put("00", at: 263, length: 2)
    put(block.reduce(0) { $0 + Int($1) }, at: 148, length: 7)
    return block
  }

  private static func padding(after size: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: (blockSize - size % blockSize) % blockSize)
  }
}
