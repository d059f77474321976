// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport
import Testing
import Transport
import Values

@Suite("The one connection to a host")
struct ConnectionTests {
  let server: SSHServer

  init() async throws {
    server = try await SSHServer()
  }

  private func transport(_ destination: SSHDestination) -> OpenSSHTransport {
    OpenSSHTransport(host: "h1", destination: destination, askPassword: { _ in nil })
  }

  /// The failure of a first run.
  private func failure(_ destination: SSHDestination) async throws -> Failure {
    let transport = transport(destination)
    do {
      _ = try await transport.run(program: "echo reached", deadline: .seconds(120)) { _ in }
    } catch let failure as Failure {
      await transport.close()
      return failure
    }
    await transport.close()
    throw Reached()
  }

  private struct Reached: Error {}

  @Test("runs share it, at once and one after another, and each is one session")
  func shared() async throws {
    let transport = try server.transport()
    try await withThrowingTaskGroup(of: ProgramResult.self) { group in
      for number in 0..<4 {
        group.addTask {
          try await transport.run(program: "echo \(number)", deadline: .seconds(120)) { _ in }
        }
      }
      for try await result in group { #expect(result.exitCode == 0) }
    }
    _ = try await transport.run(program: "true", deadline: .seconds(120)) { _ in }
    await transport.close()
    #expect(server.connections == 1)
    #expect(server.sessions == 5)
  }

  @Test("close ends every process of ours and removes every file")
  func closed() async throws {
    let transport = try server.transport()
    let marker = "-p \(server.port) ".replacing(" ", with: "\0")
    _ = try await transport.run(program: "true", deadline: .seconds(120)) { _ in }
    let masters = ProcessTable.arguments(holding: marker)
    let words = ProcessTable.read("/proc/\(try #require(masters.first))/cmdline").split(
      separator: "\0"
    )
    let socket = String(words[try #require(words.firstIndex(of: "-S")) + 1])
    #expect(masters.count == 1)
    #expect(access(socket, F_OK) == 0)
    #expect(socket.utf8.count < 90)
    await transport.close()
    #expect(ProcessTable.arguments(holding: marker).isEmpty)
    #expect(access(socket, F_OK) != 0)
  }

  @Test("it opens again after its end")
  func reopened() async throws {
    let transport = try server.transport()
    _ = try await transport.run(program: "true", deadline: .seconds(120)) { _ in }
    server.cut()
    for _ in 0..<2 {
      // The first use may meet the end of the old connection.
      if let result = try? await transport.run(
        program: "echo again",
        deadline: .seconds(120),
        onLine: { _ in }
      ) {
        #expect(result.standardOutput == "again\n")
      }
    }
    await transport.close()
    #expect(server.connections >= 2)
  }

  @Test("a connection cut in the middle is no exit code")
  func cut() async throws {
    let transport = try server.transport()
    await #expect {
      try await transport.run(program: "echo on; sleep 300", deadline: .seconds(120)) { _ in
        server.cut()
      }
    } throws: { error in
      let failure = error as? Failure
      return failure?.kind == .unreachable
        && failure?.what == "the connection broke while the program ran"
    }
    await transport.close()
  }

  @Test("a pinned key is enough, whatever known_hosts holds", arguments: [false, true])
  func pinned(contradicted: Bool) async throws {
    let destination = try server.destination(
      known: contradicted ? .another : .nothing,
      hostKey: try server.publicKey("host"),
      configuration: "HostKeyAlias another-name"
    )
    let transport = transport(destination)
    let result = try await transport.run(program: "echo in", deadline: .seconds(120)) { _ in }
    await transport.close()
    #expect(result.standardOutput == "in\n")
  }

  @Test("another key than the pinned one is refused although known_hosts has it")
  func wronglyPinned() async throws {
    let failure = try await failure(
      try server.destination(
        known: .right,
        hostKey: try server.publicKey("other-host")
      )
    )
    #expect(failure.kind == .unreachable)
    #expect(failure.what.contains("is not the known one"))
  }

  @Test(
    "a pin that is no key is an error of the spec",
    arguments: ["nonsense", "ssh-ed25519 AAAA\n*"]
  )
  func noKey(pin: String) async throws {
    let failure = try await failure(try server.destination(hostKey: pin))
    #expect(failure.kind == .invalidInput)
  }

  @Test("an unknown key is refused, with the fingerprint to compare")
  func unknownKey() async throws {
    let listed = try await Command.run("ssh-keygen", "-lf", "\(server.scratch.path)/host.pub")
    let fingerprint = try #require(listed.output.split(separator: " ").dropFirst().first)
    let failure = try await failure(try server.destination(known: .nothing))
    #expect(failure.what.contains("is not known"))
    #expect(failure.why?.contains(fingerprint) == true)
    #expect(server.connections == 0)
  }

  @Test("a changed key is refused")
  func changedKey() async throws {
    let failure = try await failure(try server.destination(known: .another))
    #expect(failure.what.contains("is not the known one"))
    #expect(failure.remedy?.contains("ssh-keygen -R") == true)
    #expect(server.connections == 0)
  }

  @Test("the operator's configuration cannot switch the verification off")
  func law() async throws {
    let failure = try await failure(
      try server.destination(known: .nothing, configuration: "StrictHostKeyChecking no")
    )
    #expect(failure.what.contains("is not known"))
  }

  @Test("a refused login names the user and the keys that were tried")
  func refusedLogin() async throws {
    let failure = try await failure(try server.destination(identity: "stranger"))
    #expect(failure.kind == .unreachable)
    #expect(failure.what.contains("root@127.0.0.1"))
    #expect(failure.why?.contains("\(server.scratch.path)/stranger") == true)
  }

  @Test("a port where nobody listens")
  func refused() async throws {
    var destination = try server.destination()
    destination.port = try SSHServer.freePort()
    let failure = try await failure(destination)
    #expect(failure.what.hasSuffix("refuses the connection"))
  }

  @Test("a name that is none")
  func unresolved() async throws {
    var destination = try server.destination()
    destination.address = "no-such-host.invalid"
    let failure = try await failure(destination)
    #expect(failure.what.contains("is not resolved"))
  }

  @Test("an ssh configuration with a mistake")
  func misconfigured() async throws {
    let failure = try await failure(try server.destination(configuration: "Nonsense yes"))
    #expect(failure.what.contains("configuration"))
    #expect(failure.why?.contains("Nonsense") == true || failure.why?.contains("nonsense") == true)
  }

  @Test("an ssh configuration that is not there")
  func noConfiguration() async throws {
    var destination = try server.destination()
    destination.configFile = "\(server.scratch.path)/none"
    #expect(try await failure(destination).kind == .invalidInput)
  }

  @Test("what the configuration says of a Host is honoured")
  func configured() async throws {
    var destination = try server.destination(
      identity: nil,
      configuration: """
        Host switch
          HostName 127.0.0.1
          Port \(server.port)
          User root
          IdentityFile \(server.scratch.path)/login
          RemoteCommand echo wrong
          RequestTTY yes
        """
    )
    destination.address = "switch"
    destination.port = nil
    destination.user = nil
    let transport = transport(destination)
    let result = try await transport.run(program: "echo right", deadline: .seconds(120)) { _ in }
    await transport.close()
    #expect(result.standardOutput == "right\n")
  }

  @Test("through another host, whose key is verified too", arguments: [true, false])
  func jump(known: Bool) async throws {
    let hop = try await SSHServer()
    let hopHosts = try hop.scratch.write(
      known ? "[127.0.0.1]:\(hop.port) \(try hop.scratch.text(of: "host.pub"))" : "",
      to: "hop-hosts"
    )
    let destination = try server.destination(
      jump: "root@localhost:\(hop.port)",
      configuration: """
        Host localhost
          HostName 127.0.0.1
          HostKeyAlias [127.0.0.1]:\(hop.port)
          IdentityFile \(hop.scratch.path)/login
          UserKnownHostsFile \(hopHosts)
          StrictHostKeyChecking no
        """
    )
    guard known else {
      let failure = try await failure(destination)
      #expect(failure.kind == .unreachable)
      #expect(failure.what.contains("is not known"))
      #expect(hop.connections == 0)
      return
    }
    let transport = transport(destination)
    let result = try await transport.run(program: "echo behind", deadline: .seconds(120)) { _ in }
    await transport.close()
    #expect(result.standardOutput == "behind\n")
    #expect(hop.connections == 1)
    #expect(server.connections == 1)
  }

  @Test("a forward reaches a port as the host sees it, over the same connection, until close")
  func forwarded() async throws {
    let target = try await SSHServer()
    let transport = try server.transport()
    let port = try await transport.forward(to: "127.0.0.1", port: target.port)
    #expect(try await transport.forward(to: "127.0.0.1", port: target.port) == port)
    #expect(Banner.read(port: port)?.hasPrefix("SSH-2.0") == true)
    await transport.close()
    #expect(Banner.read(port: port) == nil)
    #expect(server.connections == 1)
  }
}

/// What a server says first.
private enum Banner {
  static func read(port: Int) -> String? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = in_port_t(port).bigEndian
    let connected = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard connected else { return nil }
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }
}
