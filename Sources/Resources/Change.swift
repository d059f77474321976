// SPDX-License-Identifier: Apache-2.0

/// One thing that will be done to one resource.
package struct Change: Sendable, Equatable, Codable {
  package enum Action: String, Sendable, Codable {
    case create
    case update
    case remove
    /// A unit is started, or restarted because what it depends on changed.
    case start
    case restart
    case reload

    /// As plans print it.
    package var symbol: String {
      switch self {
      case .create: "+"
      case .update: "~"
      case .remove: "-"
      case .start: ">"
      case .restart: "!"
      case .reload: "^"
      }
    }
  }
  package var id: ResourceID
  package var action: Action
  /// `mode 0644 -> 0600`, `content sha256:1f3c… -> sha256:77ab…`: short, one line, no secret.
  package var summary: String
  /// A unified diff of contents, for text that is no secret.
  package var diff: String?
  package var reason: String

  package init(
    id: ResourceID,
    action: Action,
    summary: String,
    diff: String? = nil,
    reason: String
  ) {
    self.id = id
    self.action = action
    self.summary = summary
    self.diff = diff
    self.reason = reason
  }
}
