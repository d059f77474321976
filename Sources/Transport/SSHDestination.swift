// SPDX-License-Identifier: Apache-2.0

/// Where a host's sshd is and who logs in.
///
/// Whatever is nil is left to the operator's ssh configuration.
package struct SSHDestination: Sendable, Equatable {
  /// A name, an address, or a `Host` of the ssh configuration.
  package var address: String
  package var port: Int?
  package var user: String?
  /// A private key file; nil: agent and ssh configuration.
  package var identityFile: String?
  /// `ssh-ed25519 AAAA…`: the only host key accepted; nil: known_hosts decides.
  package var hostKey: String?
  /// `user@host:port`, as ssh's -J.
  package var jump: String?
  /// An ssh configuration file instead of ~/.ssh/config and /etc/ssh/ssh_config.
  package var configFile: String?

  package init(
    address: String,
    port: Int? = nil,
    user: String? = nil,
    identityFile: String? = nil,
    hostKey: String? = nil,
    jump: String? = nil,
    configFile: String? = nil
  ) {
    self.address = address
    self.port = port
    self.user = user
    self.identityFile = identityFile
    self.hostKey = hostKey
    self.jump = jump
    self.configFile = configFile
  }
}
