// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOPosix

/// Why a name has no address, which the HTTP client does not tell: asked of the system's resolver once more.
enum NameLookup {
  /// Whether it is certain that `host` has none; false where no name server answered, or it has one by now.
  static func isMissing(_ host: String) async throws -> Bool {
    try await NIOThreadPool.singleton.runIfActive { isDefinite(code(of: host)) }
  }

  /// Whether asking again is of no use: there is no such name, or it has no address of any kind.
  ///
  /// Source: getaddrinfo(3); EAI_NODATA (-5) and EAI_ADDRFAMILY (-9) are GNU's, and not in every header.
  static func isDefinite(_ code: Int32) -> Bool { [EAI_NONAME, -5, -9].contains(code) }

  /// 0, or one of EAI_….
  static func code(of host: String) -> Int32 {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &found)
    if let found { freeaddrinfo(found) }
    return code
  }
}
