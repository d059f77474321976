// SPDX-License-Identifier: Apache-2.0

/// What was found on a host in the place of one resource.
package struct Observation: Sendable, Equatable, Codable {
  package var exists: Bool
  /// By kind: type, mode, owner, group, size, sha256, target, value, active, enabled, stamp.
  package var attributes: [String: String]
  /// The bytes found, for a difference to show; only of small files that hold no secret and differ.
  package var content: [UInt8]?

  package init(exists: Bool, attributes: [String: String] = [:], content: [UInt8]? = nil) {
    self.exists = exists
    self.attributes = attributes
    self.content = content
  }

  subscript(_ name: String) -> String? { attributes[name] }
}
