// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport
import Transport
import Values

/// A real sshd on a port of the loopback, with keys, configuration and log in a folder of its own.
final class SSHServer: Sendable {
  let scratch: Scratch
  let port: Int
  private let process: pid_t

  /// What a transport's known_hosts holds of the server.
  enum Known {
    case right
    case nothing
    /// Another key for the same address.
    case another
  }

  init(_ options: String...) async throws {
    scratch = try Scratch()
    for key in ["host", "other-host", "login", "stranger"] {
      try await Command.run(
        "ssh-keygen",
        "-q",
        "-t",
        "ed25519",
        "-N",
        "",
        "-C",
        "test",
        "-f",
        "\(scratch.path)/\(key)"
      )
    }
    try scratch.write(try scratch.text(of: "login.pub"), to: "authorized_keys", mode: 0o644)
    chmod(scratch.path, 0o755)
    mkdir("/run/sshd", 0o755)
    let configuration = try scratch.write(
      """
      HostKey \(scratch.path)/host
      AuthorizedKeysFile \(scratch.path)/authorized_keys
      PidFile \(scratch.path)/pid
      PermitRootLogin prohibit-password
      PasswordAuthentication no
      KbdInteractiveAuthentication no
      StrictModes no
      # bash takes a shell this deep for no login's and leaves root's .bashrc, with all it may say, unread.
      SetEnv SHLVL=2
      UsePAM no
      LogLevel VERBOSE
      MaxStartups 100
      \(options.joined(separator: "\n"))

      """,
      to: "sshd_config"
    )
    // Another test may take the port between finding it free and listening on it.
    for _ in 0..<5 {
      let port = try Self.freePort()
      if let process = try await Self.start(configuration, port: port, in: scratch) {
        self.port = port
        self.process = process
        return
      }
    }
    throw NotStarted(why: (try? scratch.text(of: "log")) ?? "no log")
  }

  /// Starts sshd, which writes its process id once it listens; nil when the port is taken.
  private static func start(
    _ configuration: String,
    port: Int,
    in scratch: Scratch
  ) async throws -> pid_t? {
    let log = "\(scratch.path)/log"
    unlink(log)
    let words = ["sshd", "-f", configuration, "-E", log, "-o", "ListenAddress=127.0.0.1:\(port)"]
    let started = try await Command.run(words)
    guard started.exitCode == 0 else { return nil }
    while true {
      let identifier = try? scratch.text(of: "pid")
      if let identifier, identifier.hasSuffix("\n"), let process = pid_t(identifier.dropLast()) {
        return process
      }
      if try scratch.text(of: "log").contains("Cannot bind any address") { return nil }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  struct NotStarted: Error {
    let why: String
  }

  deinit {
    for child in ProcessTable.children(of: process) { kill(child, SIGTERM) }
    kill(process, SIGTERM)
  }

  /// Where its own files say to log in.
  func destination(
    user: String = "root",
    known: Known = .right,
    identity: String? = "login",
    hostKey: String? = nil,
    jump: String? = nil,
    configuration: String = ""
  ) throws -> SSHDestination {
    let name = "[127.0.0.1]:\(port)"
    let knownHosts =
      switch known {
      case .right: "\(name) \(try scratch.text(of: "host.pub"))"
      case .nothing: ""
      case .another: "\(name) \(try scratch.text(of: "other-host.pub"))"
      }
    let file = "known-\(UInt32.random(in: .min ... .max))"
    try scratch.write(knownHosts, to: file)
    let config = try scratch.write(
      """
      \(configuration)
      Host *
        UserKnownHostsFile \(scratch.path)/\(file)
        GlobalKnownHostsFile /dev/null
        IdentityAgent none

      """,
      to: "config-\(file)"
    )
    return SSHDestination(
      address: "127.0.0.1",
      port: port,
      user: user,
      identityFile: identity.map { "\(scratch.path)/\($0)" },
      hostKey: hostKey,
      jump: jump,
      configFile: config
    )
  }

  /// The line of one of its public keys.
  func publicKey(_ name: String) throws -> String {
    try scratch.text(of: "\(name).pub").split(separator: "\n").joined()
  }

  /// A transport with the right keys.
  func transport(
    user: String = "root",
    askPassword: @escaping @Sendable (String) async throws -> Sensitive? = { _ in nil }
  ) throws -> OpenSSHTransport {
    OpenSSHTransport(host: "h1", destination: try destination(user: user), askPassword: askPassword)
  }

  /// Logins that succeeded so far.
  var connections: Int { count("Accepted publickey") }
  /// Commands that were started so far.
  var sessions: Int { count("Starting session: command") }

  private func count(_ text: String) -> Int {
    ((try? scratch.text(of: "log")) ?? "").ranges(of: text).count
  }

  /// Kills what serves the connections, as a crash of the host would.
  func cut() {
    for child in ProcessTable.children(of: process) {
      for grandchild in ProcessTable.children(of: child) { kill(grandchild, SIGKILL) }
      kill(child, SIGKILL)
    }
  }

  static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard result else { throw NotStarted(why: "no free port") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
