// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Values

@testable import Artifacts

/// A place on loopback with the published layout, which can be told to misbehave.
///
/// `FILE.cut` beside a file: half of it is sent, always; `FILE.cut-once`: half of it, the first time;
/// `FILE.no-range`: the place cannot go on in the middle.
struct FakeUpstream: Sendable {
  let root: String
  let base: String

  private static let server = """
    import http.server, os, sys
    root = sys.argv[1]
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            with open(root + '/requests', 'a') as log: log.write(self.path + '\\n')
            path = root + self.path
            if not os.path.isfile(path): return self.send_error(404)
            body = open(path, 'rb').read()
            start = 0
            wanted = self.headers.get('Range')
            if wanted and not os.path.exists(path + '.no-range'):
                start = int(wanted.split('=')[1].split('-')[0])
                if start >= len(body): return self.send_error(416)
            part = body[start:]
            self.send_response(206 if start else 200)
            if start:
                self.send_header('Content-Range', f'bytes {start}-{len(body) - 1}/{len(body)}')
            self.send_header('Content-Length', str(len(part)))
            self.end_headers()
            if os.path.exists(path + '.cut-once'):
                os.remove(path + '.cut-once')
                part = part[:len(part) // 2]
            elif os.path.exists(path + '.cut'): part = part[:len(part) // 2]
            self.wfile.write(part)
        def log_message(self, *arguments): pass
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    print(server.server_port, file=sys.stderr, flush=True)
    server.serve_forever()
    """

  /// Runs `body` with a place that serves files put into it.
  static func with<Result: Sendable>(
    _ body: @escaping @Sendable (FakeUpstream) async throws -> Result
  ) async throws -> Result {
    try await withScratchFolder { root in
      let (ports, announce) = AsyncStream.makeStream(of: String.self)
      return try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask {
          let outcome = try await Tool.run(
            "python3",
            ["-c", server, root],
            takes: { line in
              announce.yield(line)
              return false
            }
          )
          throw Failure(.internalError, "the fake upstream ended", why: outcome.errors)
        }
        group.addTask {
          for await port in ports {
            return try await body(FakeUpstream(root: root, base: "http://127.0.0.1:\(port)"))
          }
          return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let result = first else {
          throw Failure(.internalError, "the fake upstream did not start")
        }
        return result
      }
    }
  }

  /// The paths asked for so far.
  var requests: [String] {
    let log = (try? LocalFile.read("\(root)/requests")) ?? []
    return String(decoding: log, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Puts a file there.
  func put(_ bytes: [UInt8], at path: String) throws {
    try LocalFile.makeFolder("\(root)/\(path)".parentFolder)
    try LocalFile.write(bytes, to: "\(root)/\(path)")
  }

  /// Puts a Kubernetes program with its checksum there.
  func put(_ program: [UInt8], as name: String, version: String = "v1.20.2") throws {
    let path = "\(version)/bin/linux/amd64/\(name)"
    try put(program, at: path)
    try put(Array(Digest(of: program).hex.utf8), at: "\(path).sha256")
  }

  /// Makes the place misbehave for a file.
  func mark(_ path: String, _ fault: String) throws {
    try put([], at: "\(path).\(fault)")
  }
}

/// Runs `body` with a new folder, which is removed afterwards.
func withScratchFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let folder = try Scratch()
  defer { folder.remove() }
  return try await body(folder.path)
}

/// The start of a Linux program for `architecture`, then `content`.
///
/// With `isDynamic` it has two program headers, of which the second names a dynamic linker.
func program(
  _ content: String,
  for architecture: Architecture = .amd64,
  isDynamic: Bool = false
) -> [UInt8] {
  let (is64Bit, machine): (Bool, UInt8) =
    switch architecture {
    case .amd64: (true, 62)
    case .x86: (false, 3)
    case .arm64: (true, 183)
    case .arm: (false, 40)
    }
  var bytes = [UInt8](repeating: 0, count: 64)
  bytes.replaceSubrange(0..<7, with: [0x7f, 0x45, 0x4c, 0x46, is64Bit ? 2 : 1, 1, 1])
  bytes[18] = machine
  if isDynamic {
    let size = is64Bit ? 56 : 32
    bytes[is64Bit ? 32 : 28] = 64
    bytes[is64Bit ? 54 : 42] = UInt8(size)
    bytes[is64Bit ? 56 : 44] = 2
    var headers = [UInt8](repeating: 0, count: 2 * size)
    headers[0] = 1
    headers[size] = 3
    bytes += headers
  }
  return bytes + Array(content.utf8)
}

/// A request for just these programs of v1.20.2.
func request(
  _ needed: ArtifactName...,
  version: KubernetesVersion = KubernetesVersion(1, 20, 2),
  architecture: Architecture = .amd64
) -> ArtifactRequest {
  ArtifactRequest(
    version: version,
    architecture: architecture,
    etcdVersion: "3.4.13",
    cniVersion: "0.8.7",
    pauseReference: "k8s.gcr.io/pause:3.2",
    needed: needed
  )
}

/// Collects a store's events.
final class EventLog: Sendable {
  private let events = Mutex<[ArtifactEvent]>([])

  var sink: ArtifactEventSink {
    { event in self.events.withLock { $0.append(event) } }
  }

  var notes: [String] {
    events.withLock { events in
      events.compactMap { if case .note(let text) = $0 { text } else { nil } }
    }
  }
}
