// SPDX-License-Identifier: Apache-2.0

import Values

/// Reads startup configurations as Arista EOS writes them, as far as a lab can act on them.
///
/// What it does not act on becomes a note, and what is wrong in the rest an error; neither ends the
/// reading.
struct SwitchConfigurationParser {
  enum Section: Equatable {
    case global
    /// An index in the configuration's interfaces.
    case interface(Int)
    case ospf
    /// One that is not read; its first line has a note.
    case ignored
  }

  /// Larger files are refused; a switch with hundreds of interfaces has far less to say.
  static let largest = 1 << 20
  private static let mostNotes = 50

  let file: String
  var configuration = SwitchConfiguration()
  var diagnostics: [Diagnostic] = []
  var section = Section.global
  private var notes = 0

  init(file: String) {
    self.file = file
  }

  static func parse(_ text: String, file: String) -> (SwitchConfiguration, [Diagnostic]) {
    var parser = Self(file: file)
    parser.read(text)
    return (parser.configuration, parser.diagnostics)
  }

  private mutating func read(_ text: String) {
    guard text.utf8.count <= Self.largest else {
      let start = SourcePosition(file: file, line: 1, column: 1)
      diagnostics.append(
        Diagnostic(.error, at: start, "the file is larger than \(Self.largest >> 10) KiB")
      )
      return
    }
    let lines = ConfigurationLine.lines(of: text)
    for (index, line) in lines.enumerated() {
      if line.isComment {
        if !line.isIndented { section = .global }
      } else if line.texts == ["end"] {
        if let next = lines[(index + 1)...].first(where: { !$0.isComment }) {
          note(next, "ignored, with all that follows: the configuration ended above")
        }
        return
      } else if line.texts == ["exit"] {
        section = .global
      } else {
        read(line)
      }
    }
  }

  /// A section's own command, or else one that ends the section.
  private mutating func read(_ line: ConfigurationLine) {
    switch section {
    case .interface(let index):
      if readInterface(line, index) { return }
    case .ospf:
      if readOSPF(line) { return }
    case .ignored:
      if line.isIndented { return }
    case .global: break
    }
    if line.isIndented, section != .global { return ignore(line) }
    section = .global
    if !readGlobal(line) {
      ignore(line)
      section = .ignored
    }
  }

  private mutating func readGlobal(_ line: ConfigurationLine) -> Bool {
    let words = line.texts
    switch (words.first, words.dropFirst().first) {
    case ("hostname", _?) where words.count == 2:
      configuration.hostname = .init(value: words[1], position: position(line, 1))
    case ("interface", _?): return startInterface(line)
    case ("ip", "routing") where words.count == 2: configuration.forwardsPackets = true
    case ("no", "ip") where words.count == 3 && words[2] == "routing":
      configuration.forwardsPackets = false
    case ("ip", "route"): return readRoute(line)
    case ("router", "ospf"): return startOSPF(line)
    default: return false
    }
    return true
  }

  /// `ip route PREFIX NEXTHOP …` or `ip route ADDRESS MASK NEXTHOP …`.
  private mutating func readRoute(_ line: ConfigurationLine) -> Bool {
    let words = line.texts
    guard words.count >= 4, words[2] != "vrf" else { return false }
    var next = 3
    let network: CIDR
    switch Self.network(words[2], words[3], isWildcard: false) {
    case .success(let parsed):
      network = parsed.network
      next += parsed.usesMask ? 1 : 0
    case .failure(let problem):
      error(line, 2, problem.reason)
      return true
    }
    // A route to Null0 or out of an interface is not acted on.
    guard words.count == next + 1 else { return false }
    guard let hop = IPv4Address(words[next]) else {
      if words[next].first?.isNumber != true { return false }
      error(line, next, "'\(words[next].prefix(60))' is not a next hop's IPv4 address")
      return true
    }
    configuration.routes.append(
      .init(value: StaticRoute(network: network, nextHop: hop), position: position(line, next))
    )
    return true
  }

  /// A network as `A/LEN`, or as an address and a mask in the word behind it.
  ///
  /// Host bits are cleared, as EOS does.
  static func network(
    _ word: String,
    _ mask: String,
    isWildcard: Bool
  ) -> Result<(network: CIDR, usesMask: Bool), InterfaceAddress.Problem> {
    let parts = word.split(separator: "/", omittingEmptySubsequences: false)
    func refuse(_ why: String) -> Result<(network: CIDR, usesMask: Bool), InterfaceAddress.Problem>
    {
      .failure(
        .init(reason: "'\(word.prefix(60))' is not an IPv4 network such as 10.0.0.0/24\(why)")
      )
    }
    guard let address = parts.first.flatMap({ IPv4Address(String($0)) }) else { return refuse("") }
    switch parts.count {
    case 1:
      guard let mask = IPv4Address(mask),
        let length = length(ofMask: isWildcard ? IPv4Address(raw: ~mask.raw) : mask)
      else { return refuse("") }
      return .success((CIDR(base: address, prefix: length), true))
    case 2:
      guard let length = Int(parts[1]), (0...32).contains(length), String(length) == parts[1] else {
        return refuse(": '\(parts[1].prefix(20))' is no prefix length from 0 to 32")
      }
      return .success((CIDR(base: address, prefix: length), false))
    default: return refuse("")
    }
  }

  static func length(ofMask mask: IPv4Address) -> Int? {
    let length = (~mask.raw).leadingZeroBitCount
    return CIDR(base: mask, prefix: length).netmask == mask ? length : nil
  }

  mutating func number(
    _ line: ConfigurationLine,
    _ word: Int,
    in range: ClosedRange<Int>
  ) -> Int? {
    let text = line.words[word].text
    if let number = Int(text), range.contains(number) { return number }
    error(
      line,
      word,
      "'\(text.prefix(60))' is not a number from \(range.lowerBound) to \(range.upperBound)"
    )
    return nil
  }

  func position(_ line: ConfigurationLine, _ word: Int) -> SourcePosition {
    SourcePosition(file: file, line: line.number, column: line.words[word].column)
  }

  mutating func error(_ line: ConfigurationLine, _ word: Int, _ message: String) {
    diagnostics.append(Diagnostic(.error, at: position(line, word), message))
  }

  mutating func warn(_ line: ConfigurationLine, _ word: Int, _ message: String) {
    diagnostics.append(Diagnostic(.warning, at: position(line, word), message))
  }

  /// The first words tell which line it is; what follows may be a secret.
  private mutating func ignore(_ line: ConfigurationLine) {
    let words = line.texts.prefix(2).joined(separator: " ").prefix(60)
    note(line, "ignored: '\(words)\(line.words.count > 2 ? " …" : "")'")
  }

  private mutating func note(_ line: ConfigurationLine, _ message: String) {
    notes += 1
    guard notes <= Self.mostNotes else { return }
    let message =
      notes == Self.mostNotes ? "ignored; more ignored lines are not listed" : message
    diagnostics.append(Diagnostic(.note, at: position(line, 0), message))
  }
}
