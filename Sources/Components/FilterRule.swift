// SPDX-License-Identifier: Apache-2.0

import Values

/// A rule of ours, in no filter's language.
struct FilterRule {
  enum Verdict: String {
    case accept = "ACCEPT"
    case drop = "DROP"
    case masquerade = "MASQUERADE"
    /// What comes later in the chain is not for it.
    case leave = "RETURN"
  }

  var source: CIDR?
  var destination: CIDR?
  var port: OpenPort?
  var verdict: Verdict

  /// As iptables has it, behind the chain's name.
  var iptables: String { (matches + ["-j \(verdict.rawValue)"]).joined(separator: " ") }

  /// The same with a mark by which it is known among others' rules.
  var marked: String {
    (matches + ["-m comment --comment \(NetworkScript.mark)", "-j \(verdict.rawValue)"])
      .joined(separator: " ")
  }

  private var matches: [String] {
    var words: [String] = []
    if let source { words.append("-s \(source)") }
    if let destination { words.append("-d \(destination)") }
    if let port { words.append("-p \(port.transport) --dport \(port.range(":"))") }
    return words
  }

  /// As a rule in a policy of firewalld; `exempt` is where no traffic is masqueraded to.
  func rich(exempt: CIDR?) -> String {
    var parts: [String] = []
    if let source { parts.append("<source address=\"\(source)\"/>") }
    if let destination {
      parts.append("<destination address=\"\(destination)\"/>")
    } else if verdict == .masquerade, let exempt {
      parts.append("<destination address=\"\(exempt)\" invert=\"True\"/>")
    }
    if let port {
      parts.append("<port port=\"\(port.range())\" protocol=\"\(port.transport)\"/>")
    }
    parts.append("<\(verdict.rawValue.lowercased())/>")
    return "  <rule family=\"ipv4\">\(parts.joined())</rule>\n"
  }
}

/// A chain of ours with what leads to it.
struct FilterTable {
  var table: String
  var parent: String
  var chain: String
  var rules: [FilterRule]
}
