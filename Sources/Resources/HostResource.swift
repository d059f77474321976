// SPDX-License-Identifier: Apache-2.0

package import Values

/// What every kind of resource can say of itself. All of it is pure: shell text and comparisons, no effects.
package protocol HostResource: Sendable {
  /// Its name on the host; two resources of one host never share it.
  var id: ResourceID { get }
  /// Why it is there, for `plan` and `explain`.
  var reason: String { get }
  /// Digest over everything that a unit depending on this resource would have to be restarted for.
  var fingerprint: Digest { get }
  /// Shell that prints one observation record (see `ObservationRecord`); it changes nothing.
  func observe() -> String
  /// Compares with what was observed. nil: nothing to do.
  func change(from observed: Observation?, stamp: Digest?) -> Change?
  /// Shell that brings it about, atomically and idempotently, and fails (non-zero) with a message on
  /// standard error when it cannot.
  func converge(_ change: Change, stamp: Digest?) -> String
  /// Shell that takes away what `converge` made; succeeds where it is gone already.
  func remove() -> String
  /// One line of the host's manifest: what `reset` needs to know, without secrets.
  func manifestFields() -> [String]
}

/// What was found on a host in the place of one resource.
package struct Observation: Sendable, Equatable, Codable {
  package var exists: Bool
  /// By kind: mode, owner, group, sha256, size, target, value, active, enabled, stamp, type, …
  package var attributes: [String: String]
  /// The bytes found, for a difference to show; only of small files that hold no secret and differ.
  package var content: [UInt8]?

  package init(exists: Bool, attributes: [String: String] = [:], content: [UInt8]? = nil) {
    self.exists = exists
    self.attributes = attributes
    self.content = content
  }
}

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
    id: ResourceID, action: Action, summary: String, diff: String? = nil, reason: String
  ) {
    self.id = id
    self.action = action
    self.summary = summary
    self.diff = diff
    self.reason = reason
  }
}
