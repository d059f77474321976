// SPDX-License-Identifier: Apache-2.0

import Values

/// The words and files that the ssh client gets: pure, so that each option can be tested.
struct SSHArguments: Sendable {
  let destination: SSHDestination
  /// The private folder that holds the files below.
  let folder: String

  var configFile: String { folder + "/config" }
  var knownHostsFile: String { folder + "/known_hosts" }
  /// ssh binds it under a name 17 bytes longer first, and sun_path holds 107 bytes.
  var socket: String { folder + "/s" }
  var log: String { folder + "/log" }

  /// How long the connection outlives the last of its users, in seconds, where this program dies.
  private static let persistence = 20

  /// The ssh configuration of a connection.
  ///
  /// In ssh's configuration the first value wins: what stands
  /// before the operator's files is law for every hop, what stands after them is a default.
  /// The ciphers are those of OpenSSH's own default since 6.7 with the quickest in front.
  func configuration(workingFolder: String) -> String {
    let own: [String]
    if let file = destination.configFile {
      let absolute = file.hasPrefix("/") || file.hasPrefix("~") ? file : "\(workingFolder)/\(file)"
      own = [absolute]
    } else {
      own = ["~/.ssh/config", "/etc/ssh/ssh_config"]
    }
    return """
      BatchMode yes
      StrictHostKeyChecking yes
      UpdateHostKeys no
      PermitLocalCommand no
      \(own.map { "Include \"\($0)\"" }.joined(separator: "\n"))
      Match all
      ConnectTimeout 10
      ServerAliveInterval 10
      ServerAliveCountMax 3
      Ciphers aes128-gcm@openssh.com,chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,\
      aes128-ctr,aes192-ctr,aes256-ctr

      """
  }

  /// The known_hosts file of a pinned key; nil where none is pinned.
  ///
  /// One key for every name, so that
  /// ports and HostKeyAlias make no difference.
  /// - Throws: `Failure` (`invalidInput`) for what is no public key.
  func knownHosts(host: String) throws -> String? {
    guard let pin = destination.hostKey else { return nil }
    let fields = pin.split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard fields.count >= 2, pin.utf8.allSatisfy({ $0 >= 32 || $0 == 9 }),
      fields[0].utf8.allSatisfy({ Self.isWord($0) || "-.@".utf8.contains($0) }),
      fields[1].utf8.allSatisfy({ Self.isWord($0) || "+/=".utf8.contains($0) })
    else {
      throw Failure(
        .invalidInput,
        host: host,
        "the host key is no public key",
        why: pin,
        remedy: "give the line that the host's /etc/ssh/ssh_host_ed25519_key.pub holds"
      )
    }
    return "* \(fields[0]) \(fields[1])\n"
  }

  /// The words that open the connection.
  ///
  /// ssh returns once the login succeeded, and a master that serves the control socket stays behind. -v is for the diagnosis of what fails: it goes to our log file.
  var master: [String] {
    var words = [
      "-F", configFile, "-v", "-f", "-N", "-T", "-M", "-S", socket,
      "-o", "ControlPersist=\(Self.persistence)", "-o", "ClearAllForwardings=yes",
      "-o", "ForwardAgent=no", "-o", "ForwardX11=no", "-o", "RemoteCommand=none",
    ]
    if destination.hostKey != nil {
      words += [
        "-o", "UserKnownHostsFile=\(knownHostsFile)", "-o", "GlobalKnownHostsFile=/dev/null",
        "-o", "CheckHostIP=no", "-o", "VerifyHostKeyDNS=no",
      ]
    }
    if let port = destination.port { words += ["-p", "\(port)"] }
    if let user = destination.user { words += ["-l", user] }
    if let file = destination.identityFile { words += ["-i", file, "-o", "IdentitiesOnly=yes"] }
    if let jump = destination.jump { words += ["-J", jump] }
    return words + ["--", destination.address]
  }

  /// The words of one session over the open connection.
  ///
  /// Where the master is gone this must fail and not
  /// open a connection of its own past the master's options: hence the proxy that never connects.
  func session(command: String) -> [String] {
    ["-F", "/dev/null", "-S", socket, "-o", "ControlMaster=no", "-o", "ProxyCommand=false", "-T"]
      + ["--", destination.address, command]
  }

  /// The words of a request to the master: `exit`, `forward` with `options`.
  func control(_ request: String, options: [String] = []) -> [String] {
    ["-F", "/dev/null", "-S", socket, "-O", request] + options + ["--", destination.address]
  }

  /// How a person names the destination: `user@address port 22`.
  var display: String {
    (destination.user.map { $0 + "@" } ?? "") + destination.address
      + (destination.port.map { " port \($0)" } ?? "")
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
