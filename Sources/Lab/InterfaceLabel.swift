// SPDX-License-Identifier: Apache-2.0

/// How EOS calls interfaces, and what they are to a Linux kernel.
enum InterfaceLabel {
  private static let kinds: [(kind: SwitchConfiguration.Interface.Kind, words: [String])] = [
    (.ethernet, ["Ethernet", "Eth", "Et"]), (.loopback, ["Loopback", "Lo"]),
    (.management, ["Management", "Ma"]),
  ]

  /// `Ethernet3/1` or a short form as the full label and the kernel's name, `eth3_1`.
  ///
  /// Nil for what has no counterpart in a lab: VLANs, port channels, ranges.
  static func parse(
    _ word: String
  ) -> (kind: SwitchConfiguration.Interface.Kind, label: String, name: String)? {
    let letters = word.prefix { $0.isASCII && $0.isLetter }
    let number = word.dropFirst(letters.count)
    let parts = number.split(separator: "/", omittingEmptySubsequences: false)
    let isNumber = parts.allSatisfy { part in
      (1...5).contains(part.utf8.count) && part.utf8.allSatisfy { (48...57).contains($0) }
    }
    guard isNumber, (1...3).contains(parts.count),
      let match = kinds.first(where: { kind in
        kind.words.contains { $0.lowercased() == letters.lowercased() }
      })
    else { return nil }
    let label = match.words[0] + number
    switch match.kind {
    case .loopback: return (match.kind, label, "lo")
    case .management: return (match.kind, label, "eth0")
    case .ethernet:
      // docker-topo writes the slash of a modular switch's ports as an underscore.
      let name = "eth" + parts.joined(separator: "_")
      guard Names.interfaceProblem(name) == nil else { return nil }
      return (match.kind, label, name)
    }
  }
}
