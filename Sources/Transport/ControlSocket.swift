// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Our hold on a master: a connection to its control socket over which nothing is asked.
///
/// While it is open, the master counts a user and stays, however long nothing happens. The kernel closes it
/// with our process, however that dies, and the master then ends by itself (ControlPersist).
final class ControlSocket: Sendable {
  private let descriptor: Int32

  /// Connects; nil when no master listens there.
  init?(path: String) {
    let bytes = Array(path.utf8)
    var address = sockaddr_un()
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let descriptor = socket(
      AF_UNIX,
      Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue),
      0
    )
    guard descriptor >= 0 else { return nil }
    let result = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
  }

  /// Whether the master is still there.
  var isAlive: Bool {
    var state = pollfd(fd: descriptor, events: 0, revents: 0)
    return poll(&state, 1, 0) == 0
  }

  deinit { close(descriptor) }
}
