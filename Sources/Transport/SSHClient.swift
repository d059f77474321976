// SPDX-License-Identifier: Apache-2.0

import Glibc
import Subprocess
import SystemPackage
import Values

/// Short runs of the ssh program: opening a master and asking it for something.
enum SSHClient {
  /// Runs ssh with nothing to read.
  /// - Returns: how it ended; nil: it was ended after `patience`.
  static func run(
    _ arguments: [String],
    host: String,
    patience: Duration,
    error: FileDescriptorOutput
  ) async throws -> TerminationStatus? {
    try await withThrowingTaskGroup(of: TerminationStatus?.self) { group in
      group.addTask {
        try await named(host) {
          try await Subprocess.run(
            configuration(arguments),
            input: .none,
            output: .discarded,
            error: error
          ).terminationStatus
        }
      }
      group.addTask {
        try await Task.sleep(for: patience)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { return nil }
      return first
    }
  }

  /// Sends a request to a master and returns what ssh said about it.
  static func ask(
    _ arguments: [String],
    host: String
  ) async throws -> (status: TerminationStatus?, text: String) {
    try await withThrowingTaskGroup(of: (TerminationStatus?, String).self) { group in
      group.addTask {
        try await named(host) {
          let result = try await Subprocess.run(
            configuration(arguments),
            input: .none,
            output: .discarded,
            error: .string(limit: 64 << 10)
          )
          return (result.terminationStatus, result.standardError)
        }
      }
      group.addTask {
        try await Task.sleep(for: .seconds(10))
        return (nil, "the connection does not answer")
      }
      defer { group.cancelAll() }
      return try await group.next() ?? (nil, "")
    }
  }

  private static func configuration(_ arguments: [String]) -> Subprocess.Configuration {
    var options = PlatformOptions()
    options.createSession = true
    options.teardownSequence = [
      .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
    ]
    return Subprocess.Configuration(
      executable: .name("ssh"),
      arguments: Arguments(arguments),
      environment: .inherit.updating(["SSH_ASKPASS_REQUIRE": "never"]),
      platformOptions: options
    )
  }

  private static func named<Value>(
    _ host: String,
    _ body: () async throws -> Value
  ) async throws -> Value {
    do {
      return try await body()
    } catch let error as SubprocessError {
      try Task.checkCancellation()
      throw Failure.cannotStart("ssh", error, host: host)
    }
  }
}

extension Failure {
  /// Why a program of this machine did not start.
  static func cannotStart(_ program: String, _ error: SubprocessError, host: String) -> Failure {
    guard error.code == .executableNotFound else {
      return Failure(
        .internalError,
        host: host,
        "cannot run \(program)",
        why: String(describing: error)
      )
    }
    return Failure(
      .unreachable,
      host: host,
      "there is no \(program) on this machine",
      remedy: "install OpenSSH's client (package openssh-client or openssh-clients)"
    )
  }
}

/// TCP ports of 127.0.0.1.
enum LoopbackPort {
  /// One that nobody listens on now.
  static func free(host: String) throws -> Int {
    let descriptor = socket(
      AF_INET,
      Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue),
      0
    )
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
    guard descriptor >= 0, result else {
      throw Failure(
        .internalError,
        host: host,
        "no local port is free",
        why: String(describing: Errno(rawValue: errno))
      )
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
