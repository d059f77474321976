// SPDX-License-Identifier: Apache-2.0

import Glibc
import Spec
import Transport
import Values

/// Finds how the operator reaches a port of a host: straight, or through the host's SSH connection where a
/// firewall or a private network stands between.
package actor Reach {
  private let fleet: Fleet
  private var known: [String: String] = [:]

  package init(fleet: Fleet) {
    self.fleet = fleet
  }

  /// `ADDRESS:PORT` to dial for `port` of `host`; remembered for the run.
  /// - Throws: `Failure` (`unreachable`) when neither way works.
  package func address(of host: String, port: Int) async throws -> String {
    let key = "\(host):\(port)"
    if let address = known[key] { return address }
    guard let member = fleet[host] else {
      throw Failure(.internalError, host: host, "is no host of this cluster")
    }
    let target = member.spec.nodeIP.description
    let address: String
    // Only the address that SSH goes to is known to be this host's from here: elsewhere the node's own address
    // may be nobody's, or somebody else's.
    let isNear = member.spec.ssh?.jump == nil && member.spec.ssh?.address == target
    if member.spec.ssh == nil || isNear && Self.answers(target, port: port) {
      address = "\(target):\(port)"
    } else {
      address = "127.0.0.1:\(try await member.transport.forward(to: target, port: port))"
    }
    known[key] = address
    return address
  }

  /// Whether a TCP connection to `address:port` opens, or is refused by the host itself, within a second:
  /// a refusal shows that packets travel, which is all that is asked here.
  private static func answers(_ address: String, port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var target = sockaddr_in()
    target.sin_family = sa_family_t(AF_INET)
    target.sin_port = in_port_t(port).bigEndian
    guard inet_pton(AF_INET, address, &target.sin_addr) == 1 else { return false }
    let result = withUnsafePointer(to: &target) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if result == 0 || errno == ECONNREFUSED { return true }
    guard errno == EINPROGRESS else { return false }
    var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    guard poll(&wait, 1, 1000) == 1 else { return false }
    var outcome: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &outcome, &size)
    return outcome == 0 || outcome == ECONNREFUSED
  }
}
