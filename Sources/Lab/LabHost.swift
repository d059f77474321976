// SPDX-License-Identifier: Apache-2.0

package import Values

/// A host of a lab that is up: how to log in.
package struct LabHost: Sendable, Equatable {
  package var name: String
  package var address: IPv4Address
  package var user: String
  /// The absolute path of the private key that logs in.
  package var identityFile: String
  /// The absolute path of the known_hosts file that holds the lab's host keys.
  package var knownHostsFile: String
  /// The host's own public key, `ssh-ed25519 AAAA…`.
  package var hostKey: String
}

/// A host of a topology, up or not.
package struct LabHostStatus: Sendable, Equatable, Encodable {
  package enum State: String, Sendable, Encodable {
    /// Its sshd answers.
    case running
    /// Its init runs, its sshd does not answer: it boots, or is ending.
    case starting
    /// Its files are there, but no process.
    case stopped
    /// It was never started, or the lab was taken down.
    case absent
  }

  package var name: String
  package var address: IPv4Address
  package var state: State
  /// Seconds since its init started; nil unless that runs.
  package var uptime: Int?
  /// Its interfaces whose cables are cut.
  package var cut: [String]
}
