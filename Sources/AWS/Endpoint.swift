// SPDX-License-Identifier: Apache-2.0

/// Where a service listens: scheme, host, port and a path before every request's own.
package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  /// `http` or `https`.
  package let scheme: String
  /// A lower-case name or address; an IPv6 address keeps its brackets.
  package let host: String
  package let port: Int?
  /// Empty, or a path that starts with a slash and does not end in one.
  package let path: String

  /// `https://` on `host`.
  package init(host: String) {
    scheme = "https"
    self.host = host
    port = nil
    path = ""
  }

  /// Parses `http[s]://host[:port][/path]`.
  ///
  /// Nil for anything else: user names, queries and fragments have no place in an endpoint.
  package init?(_ text: String) {
    guard let scheme = ["https", "http"].first(where: { text.lowercased().hasPrefix("\($0)://") })
    else { return nil }
    self.scheme = scheme
    let rest = text.dropFirst(scheme.count + 3)
    let authority = rest.prefix { $0 != "/" }
    let path = rest.dropFirst(authority.count)
    guard path.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x3f && $0 != 0x23 }) else {
      return nil
    }
    self.path = path.hasSuffix("/") ? String(path.dropLast()) : String(path)

    let portText: Substring
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      host = authority[...end].lowercased()
      guard host.dropFirst().dropLast().allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." })
      else { return nil }
      portText = authority[authority.index(after: end)...]
    } else {
      host = authority.prefix { $0 != ":" }.lowercased()
      guard host.utf8.allSatisfy(Self.isHostByte) else { return nil }
      portText = authority.dropFirst(host.utf8.count)
    }
    guard !host.isEmpty, host != "[]" else { return nil }
    if portText.isEmpty {
      port = nil
    } else {
      guard portText.hasPrefix(":"), let number = UInt16(portText.dropFirst()), number > 0 else {
        return nil
      }
      port = Int(number)
    }
  }

  /// The Host header: the port is left out where it is the scheme's own.
  package var authority: String {
    guard let port, port != (scheme == "https" ? 443 : 80) else { return host }
    return "\(host):\(port)"
  }

  package var description: String { "\(scheme)://\(authority)\(path)" }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "-._".utf8.contains(byte)
    }
  }
}
