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

  private var matches: [String] {
    var words: [String] = []
    if let source { words.append("-s \(source)") }
    if let destination { words.append("-d \(destination)") }
    if let port { words.append("-p \(port.transport) --dport \(port.range(":"))") }
    return words
  }
}

/// A chain of ours with what leads to it.
struct FilterTable {
  var table: String
  var parent: String
  var chain: String
  var rules: [FilterRule]
}
