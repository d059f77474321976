// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Values

extension Form where Value == String {
  /// What ssh may be told to connect to: an address, a name, or an alias of ssh_config.
  static var sshAddress: Self {
    text(
      TextFormat(
        "an address, a host name, or a name of ssh_config",
        example: "192.0.2.11",
        pattern: "^[A-Za-z0-9_:][A-Za-z0-9_.:-]*$"
      ),
      parse: { (text) throws(Misfit) in
        if SSHSyntax.isHost(text) { return text }
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, SSHSyntax.isHost(String(parts[1])) {
          throw Misfit("the user belongs into ssh.user", suggestion: String(parts[1]))
        }
        if let colon = text.lastIndex(of: ":"), SSHSyntax.isHost(String(text[..<colon])) {
          throw Misfit("the port belongs into ssh.port", suggestion: String(text[..<colon]))
        }
        return nil
      },
      write: { $0 }
    )
  }

  static var sshUser: Self {
    text(
      TextFormat(
        "a user's name",
        example: "admin",
        pattern: "^[A-Za-z0-9_][A-Za-z0-9_.@\\\\-]*$",
        maximumLength: 64
      ),
      parse: { SSHSyntax.isUser($0) ? $0 : nil },
      write: { $0 }
    )
  }

  /// A public key, kept without its comment.
  static var hostKey: Self {
    text(
      TextFormat(
        "a public host key as ssh-keyscan prints it behind the name",
        example: SSHSyntax.exampleKey,
        pattern: "^[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( .*)?$",
        maximumLength: 4096
      ),
      parse: { (text) throws(Misfit) in
        if text.hasPrefix("SHA256:") || text.hasPrefix("MD5:") {
          throw Misfit("is a fingerprint: give the whole key (ssh-keyscan -t ed25519 ADDRESS)")
        }
        let words = text.split(separator: " ").map(String.init)
        if words.count >= 3, SSHSyntax.isKey(type: words[1], base64: words[2]) {
          throw Misfit("begins with the host's name: give only the key's type and the key")
        }
        guard words.count >= 2, SSHSyntax.isKey(type: words[0], base64: words[1]) else {
          return nil
        }
        return "\(words[0]) \(words[1])"
      },
      write: { $0 }
    )
  }

  static var jump: Self {
    text(
      TextFormat(
        "a list of hosts as ssh -J takes it",
        example: "admin@bastion.example.com",
        pattern: "^[^\\s-][^\\s]*$",
        maximumLength: 1024
      ),
      parse: { text in
        text.split(separator: ",", omittingEmptySubsequences: false)
          .allSatisfy { SSHSyntax.isJump(String($0)) } ? text : nil
      },
      write: { $0 }
    )
  }

  /// A path on the operator's side: absolute, of the home folder, or beside the spec.
  static func path(_ noun: String, example: String) -> Self {
    text(
      TextFormat(noun, example: example, pattern: "^[^-].*$", maximumLength: 4096),
      parse: { text in
        !text.isEmpty && !text.hasPrefix("-") && text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
          ? text : nil
      },
      write: { $0 }
    )
  }

  static var url: Self {
    text(
      TextFormat(
        "an http or https URL",
        example: "https://mirror.example.com/kubernetes",
        pattern: "^https?://[^\\s/@]+(/[^\\s]*)?$",
        maximumLength: 2048
      ),
      parse: { (text) throws(Misfit) in
        guard let scheme = ["http://", "https://"].first(where: text.hasPrefix) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        guard !authority.contains("@") else {
          throw Misfit("a URL with a password in it would be shown in plans: leave it out")
        }
        let isPlain = rest.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return !authority.isEmpty && isPlain && URL(string: text)?.host() != nil ? text : nil
      },
      write: { $0 }
    )
  }
}

/// The parts of an ssh destination; none may begin with a dash, which ssh would take for an option.
enum SSHSyntax {
  /// The first test key of RFC 8032, section 7.1: of the right form, and nobody's.
  static let exampleKey =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"

  /// A name, an IPv4 address, or an IPv6 address with its two colons or more.
  static func isHost(_ text: String) -> Bool {
    let colons = text.utf8.count { $0 == UInt8(ascii: ":") }
    guard colons != 1, let first = text.utf8.first, first != UInt8(ascii: "-"), first != 46 else {
      return false
    }
    return text.utf8.allSatisfy {
      $0.isLetter || $0.isDigit || "._-".utf8.contains($0)
        || (colons > 1 && $0 == UInt8(ascii: ":"))
    }
  }

  static func isUser(_ text: String) -> Bool {
    guard let first = text.utf8.first, first.isLetter || first.isDigit || first == 95 else {
      return false
    }
    return text.utf8.allSatisfy { $0.isLetter || $0.isDigit || "_.@\\-".utf8.contains($0) }
  }

  /// `[user@]host[:port]`.
  static func isJump(_ text: String) -> Bool {
    var rest = text[...]
    if let at = rest.lastIndex(of: "@") {
      guard isUser(String(rest[..<at])) else { return false }
      rest = rest[rest.index(after: at)...]
    }
    if let colon = rest.firstIndex(of: ":") {
      guard Ports.number(rest[rest.index(after: colon)...]) != nil else { return false }
      rest = rest[..<colon]
    }
    return isHost(String(rest))
  }

  /// Whether the key is one of the type: its bytes begin with the type's name (RFC 4253, 6.6).
  static func isKey(type: String, base64: String) -> Bool {
    guard let bytes = Data(base64Encoded: base64), type != "ssh-dss" else { return false }
    let name = Array(type.utf8)
    let header = [0, 0, 0, UInt8(truncatingIfNeeded: name.count)] + name
    return name.count < 64 && bytes.count > header.count && bytes.starts(with: header)
  }
}
