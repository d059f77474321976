// SPDX-License-Identifier: Apache-2.0

package import Components

/// What the engine is doing, for whoever shows progress.
package enum EngineEvent: Sendable {
  /// A phase before any change: `connect and probe`, `observe`, …
  case phase(String)
  case hostDone(phase: String, host: String)
  case stageBegan(Stage, hosts: [String])
  case uploadBegan(host: String, name: String, bytes: Int)
  case uploadDone(host: String, name: String)
  case stepDone(host: String, step: String)
  case stepFailed(host: String, step: String, message: String)
  /// A gate waits; `detail` is the latest reason why.
  case waiting(what: String, detail: String)
  case gatePassed(String)
  case note(String)
}

/// Receives events; called from many tasks at once.
package typealias EventSink = @Sendable (EngineEvent) async -> Void
