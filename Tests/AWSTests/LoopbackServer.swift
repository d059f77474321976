// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import TestSupport

@testable import AWS

/// A Python program that listens on loopback for the length of a test.
///
/// It ends with its standard input, so that it does not outlive a test that was killed.
final class LoopbackServer: Sendable {
  struct Broken: Error {
    let what: String
  }

  let endpoint: Endpoint
  private let scratch: Scratch
  private let process: pid_t
  private let input: Int32

  /// The moto server: IMDS, EKS, EC2 and STS in memory.
  static func moto() async throws -> LoopbackServer {
    try await LoopbackServer(
      """
      import logging, sys
      logging.getLogger("werkzeug").setLevel(logging.ERROR)
      from moto.server import main
      main(["-H", "127.0.0.1", "-p", sys.argv[1]])
      """
    )
  }

  /// Runs `program` with a free port as its argument and waits until somebody listens there.
  init(_ program: String, _ arguments: String...) async throws {
    let scratch = try Scratch()
    let script = try scratch.write(
      """
      import os, sys, threading
      threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()

      """ + program,
      to: "server.py"
    )
    let port = try Self.freePort()
    guard let endpoint = Endpoint("http://127.0.0.1:\(port)") else { throw Broken(what: "port") }
    self.endpoint = endpoint
    self.scratch = scratch

    var pipes: [Int32] = [0, 0]
    guard pipe(&pipes) == 0 else { throw Broken(what: "pipe") }
    for end in pipes { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, pipes[0], 0)
    let log = "\(scratch.path)/log"
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    let words = [try Command.path(of: "python3"), script, String(port)] + arguments
    var vector = words.map { strdup($0) } + [nil]
    defer { for word in vector { free(word) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, words[0], &actions, nil, &vector, environ)
    close(pipes[0])
    input = pipes[1]
    self.process = process
    guard code == 0 else { throw Broken(what: "spawn: \(code)") }
    for _ in 0..<600 {
      if Self.listens(port) { return }
      if waitpid(process, nil, WNOHANG) != 0 { break }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Broken(what: "the server does not listen: \((try? scratch.text(of: "log")) ?? "")")
  }

  /// What it wrote to its standard output and error.
  var log: String { (try? scratch.text(of: "log")) ?? "" }

  deinit {
    close(input)
    // Zero would mean our own process group.
    guard process > 0 else { return }
    kill(process, SIGTERM)
    waitpid(process, nil, 0)
  }

  private static func freePort() throws -> UInt16 {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withSocketAddress(&address) { bind(socket, $0, length) }
    let named = withSocketAddress(&address) { getsockname(socket, $0, &length) }
    guard bound == 0, named == 0 else { throw Broken(what: "no free port") }
    return UInt16(bigEndian: address.sin_port)
  }

  private static func listens(_ port: UInt16) -> Bool {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = loopback(port)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withSocketAddress(&address) { connect(socket, $0, length) } == 0
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }

  private static func withSocketAddress<Result>(
    _ address: inout sockaddr_in,
    _ body: (UnsafeMutablePointer<sockaddr>) -> Result
  ) -> Result {
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
    }
  }
}
