// SPDX-License-Identifier: Apache-2.0

/// What machines and interfaces may be called.
enum Names {
  /// A machine's name goes behind the lab's in the name that systemd-nspawn knows it by, which has
  /// to fit in 64 bytes (HOST_NAME_MAX).
  static let longestHost = 47
  /// IFNAMSIZ less its closing zero.
  static let longestInterface = 15

  /// Why `name` cannot be a machine's, or nil where it can.
  static func hostProblem(_ name: String) -> String? {
    if name.isEmpty { return "a name is needed" }
    if name.utf8.count > longestHost {
      return "'\(name.prefix(60))' is longer than \(longestHost) characters"
    }
    let isRight = name.utf8.allSatisfy { isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }
    if !isRight || name.hasPrefix("-") || name.hasSuffix("-") {
      return
        "'\(name)' is no host name: lower-case letters, digits and inner hyphens make one (RFC 1123)"
    }
    return nil
  }

  /// Why `name` cannot be an interface's, or nil where it can.
  static func interfaceProblem(_ name: String) -> String? {
    if name.isEmpty { return "an interface's name is needed" }
    if name.utf8.count > longestInterface {
      return
        "'\(name.prefix(60))' is longer than the \(longestInterface) characters of an interface"
    }
    switch name {
    case "eth0": return "eth0 is the management interface of every machine"
    case "lo", "all", "default": return "'\(name)' has a meaning of its own to the kernel"
    default: break
    }
    let isRight = name.utf8.allSatisfy {
      isLowerOrDigit($0) || (65...90).contains($0) || "-_.".utf8.contains($0)
    }
    guard isRight, let first = name.first, first.isLetter else {
      return
        "'\(name)' is no interface name: letters, digits, '-', '_' and '.' behind a letter make one"
    }
    return nil
  }

  static func isLowerOrDigit(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (48...57).contains(byte)
  }

  /// A package's name as Debian's policy has it (5.6.1).
  static func isPackage(_ name: String) -> Bool {
    guard name.utf8.count >= 2, let first = name.utf8.first, isLowerOrDigit(first) else {
      return false
    }
    return name.utf8.allSatisfy { isLowerOrDigit($0) || "+-.".utf8.contains($0) }
  }

  /// A release's code name: one word that is safe in a path and an address.
  static func isRelease(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 32
      && name.utf8.allSatisfy { isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }
      && !name.hasPrefix("-")
  }
}
