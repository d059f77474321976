// SPDX-License-Identifier: Apache-2.0

import Glibc
import Subprocess
import SystemPackage
import Values

/// The one connection to a host: opened at first use, shared by all that is done there.
///
/// It is a master of OpenSSH's own multiplexing, so that agent, configuration, jump hosts and known_hosts
/// work as the operator knows them.
actor SSHConnection {
  /// A connection that was opened, with all that belongs to it.
  private struct Live: Sendable {
    let arguments: SSHArguments
    let folder: PrivateFolder
    let hold: ControlSocket
  }

  private let host: String
  private let destination: SSHDestination
  private var opening: Task<Live, any Error>?
  private var live: Live?
  private var forwards: [String: Int] = [:]

  /// TCP, key exchange and login together; the first two have ssh's ConnectTimeout of their own.
  private static let patience = Duration.seconds(60)

  init(host: String, destination: SSHDestination) {
    self.host = host
    self.destination = destination
  }

  /// Opens the connection where it is not open.
  /// - Returns: the words for ssh to use it.
  /// - Throws: `Failure` (`unreachable`) with what stands in the way.
  func arguments() async throws -> SSHArguments {
    try await connected().arguments
  }

  private func connected() async throws -> Live {
    while true {
      try Task.checkCancellation()
      if let live, live.hold.isAlive { return live }
      live = nil
      forwards = [:]
      let task =
        opening
        ?? Task { [host, destination] in
          try await Self.open(destination, host: host)
        }
      opening = task
      let result = await withTaskCancellationHandler {
        await task.result
      } onCancel: {
        task.cancel()
      }
      if opening == task { opening = nil }
      do {
        live = try result.get()
      } catch is CancellationError {
        // Whoever shared the attempt of a caller that gave up makes one of its own.
        continue
      }
    }
  }

  private static func open(_ destination: SSHDestination, host: String) async throws -> Live {
    // ssh takes a missing file for an empty one where it is included.
    if let file = destination.configFile, !file.hasPrefix("~"), access(file, R_OK) != 0 {
      throw Failure(
        .invalidInput,
        host: host,
        "cannot read the ssh configuration \(file)",
        why: String(describing: Errno(rawValue: errno))
      )
    }
    let folder = try PrivateFolder()
    let arguments = SSHArguments(destination: destination, folder: folder.path)
    let working = getcwd(nil, 0)
    defer { free(working) }
    try folder.write(
      arguments.configuration(workingFolder: working.map { String(cString: $0) } ?? "/"),
      to: arguments.configFile
    )
    if let known = try arguments.knownHosts(host: host) {
      try folder.write(known, to: arguments.knownHostsFile)
    }
    // The master keeps the log as its standard error: what breaks the connection later is told there.
    try folder.write("", to: arguments.log)
    let log = try FileDescriptor.open(arguments.log, .writeOnly, options: [.append, .closeOnExec])
    let status = try await SSHClient.run(
      arguments.master,
      host: host,
      patience: patience,
      error: .fileDescriptor(log, closeAfterSpawningProcess: true)
    )
    let diagnosis = SSHDiagnosis(
      log: readLog(arguments.log),
      host: host,
      destination: arguments.display
    )
    guard let status else { throw diagnosis.timedOut(after: patience) }
    guard status.isSuccess, let hold = ControlSocket(path: arguments.socket) else {
      throw diagnosis.failure
    }
    return Live(arguments: arguments, folder: folder, hold: hold)
  }

  /// A port of 127.0.0.1 that reaches `address:port` from the host; the same for the same target.
  func forward(to address: String, port: Int) async throws -> Int {
    let arguments = try await connected().arguments
    let target = (address.contains(":") ? "[\(address)]" : address) + ":\(port)"
    if let local = forwards[target] { return local }
    var said = ""
    // Between finding a free port and ssh's taking it, another program can take it.
    for _ in 0..<5 {
      let local = try LoopbackPort.free(host: host)
      let answer = try await SSHClient.ask(
        arguments.control("forward", options: ["-L", "127.0.0.1:\(local):\(target)"]),
        host: host
      )
      if answer.status?.isSuccess == true {
        forwards[target] = local
        return local
      }
      said = answer.text
    }
    throw Failure(
      .unreachable,
      host: host,
      "cannot forward a local port to \(target)",
      why: said.trimmed,
      remedy: "the host's sshd has to allow it (AllowTcpForwarding)"
    )
  }

  /// Ends the master and what it forwards, also where the caller was cancelled.
  func close() async {
    opening?.cancel()
    guard let ended = live else { return }
    live = nil
    forwards = [:]
    await Task { [host] in
      _ = try? await SSHClient.ask(ended.arguments.control("exit"), host: host)
      // The answer comes before the end: wait for it, so that nothing of ours is left behind.
      for _ in 0..<200 where ended.hold.isAlive { try? await Task.sleep(for: .milliseconds(5)) }
    }.value
  }

  /// Why a session of the connection ended before its program did.
  func failure(of outcome: SessionOutcome) -> Failure {
    let log = live.map { Self.readLog($0.arguments.log) } ?? ""
    return SSHDiagnosis(log: log, host: host, destination: destination.address)
      .broken(outcome, connectionLost: !(live?.hold.isAlive ?? false))
  }

  /// The end of a log: at most 256 KiB.
  private static func readLog(_ path: String) -> String {
    guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else {
      return ""
    }
    defer { try? file.close() }
    let size = (try? file.seek(offset: 0, from: .end)) ?? 0
    _ = try? file.seek(offset: max(0, size - (256 << 10)), from: .start)
    var bytes = [UInt8](repeating: 0, count: 256 << 10)
    let count = (try? bytes.withUnsafeMutableBytes { try file.read(into: $0) }) ?? 0
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
