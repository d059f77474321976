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
      import logging
      logging.getLogger("werkzeug").setLevel(logging.ERROR)
      from moto.server import DomainDispatcherApplication, create_backend_app
      from werkzeug.serving import make_server
      serve(make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True))
      """
    )
  }

  /// Runs `program`, which gives its server, at a port of the system's choice, to `serve`; waits until it does.
  init(_ program: String, _ arguments: String...) async throws {
    let scratch = try Scratch()
    let script = try scratch.write(
      """
      import os, sys, threading
      threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()

      def serve(server):
          with open("\(scratch.path)/port", "w") as file:
              print(server.server_address[1], file=file)
          server.serve_forever()

      """ + program,
      to: "server.py"
    )
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
    let words = [try Command.path(of: "python3"), script] + arguments
    var vector = words.map { strdup($0) } + [nil]
    defer { for word in vector { free(word) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, words[0], &actions, nil, &vector, environ)
    close(pipes[0])
    input = pipes[1]
    self.process = process
    guard code == 0 else { throw Broken(what: "spawn: \(code)") }
    for _ in 0..<3000 {
      let port = (try? scratch.text(of: "port")) ?? ""
      if port.hasSuffix("\n"), let endpoint = Endpoint("http://127.0.0.1:\(port.dropLast())") {
        self.endpoint = endpoint
        return
      }
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
}
