// SPDX-License-Identifier: Apache-2.0

package import Values

/// A regular file with exact bytes, mode and owner, replaced atomically.
package struct File: Sendable, Equatable {
  package enum Content: Sendable, Equatable {
    /// Anyone who may read the plan may read it.
    case open([UInt8])
    /// Keys and the like: shown as a fingerprint, never as text.
    case secret(Sensitive)
  }
  package var path: String
  package var content: Content
  package var mode: FileMode
  package var owner: String
  package var group: String
  package var reason: String

  package init(
    path: String, content: Content, mode: FileMode = 0o644, owner: String = "root",
    group: String = "root", reason: String
  ) {
    self.path = path
    self.content = content
    self.mode = mode
    self.owner = owner
    self.group = group
    self.reason = reason
  }

  /// A text file that holds no secret.
  package init(
    path: String, text: String, mode: FileMode = 0o644, owner: String = "root",
    group: String = "root", reason: String
  ) {
    self.init(
      path: path, content: .open(Array(text.utf8)), mode: mode, owner: owner, group: group,
      reason: reason)
  }

  package var bytes: [UInt8] {
    switch content {
    case .open(let bytes): bytes
    case .secret(let secret): secret.reveal()
    }
  }
}
