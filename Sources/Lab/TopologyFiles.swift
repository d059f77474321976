// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The files beside a topology file that it may name.
package struct TopologyFiles: Sendable {
  /// The text of a file, nil where there is none.
  var read: @Sendable (_ path: String) -> String?
  var isDirectory: @Sendable (_ path: String) -> Bool

  /// Those of this computer.
  package static let onDisk = TopologyFiles(
    read: { path in
      var isDirectory = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory
      else { return nil }
      return TextFile.read(path)
    },
    isDirectory: { path in
      var isDirectory = false
      return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
    }
  )

  package init(
    read: @escaping @Sendable (_ path: String) -> String?,
    isDirectory: @escaping @Sendable (_ path: String) -> Bool
  ) {
    self.read = read
    self.isDirectory = isDirectory
  }
}
