// SPDX-License-Identifier: Apache-2.0

import Values

/// What stands below `interface` and `router ospf`.
///
/// Each function returns whether it acted on the line, rightly or with an error.
extension SwitchConfigurationParser {
  mutating func startInterface(_ line: ConfigurationLine) -> Bool {
    guard let (kind, label, name) = InterfaceLabel.parse(line.texts.dropFirst().joined()) else {
      return false
    }
    if let index = configuration.interfaces.firstIndex(where: { $0.label == label }) {
      section = .interface(index)
      return true
    }
    configuration.interfaces.append(
      .init(kind: kind, label: label, name: name, position: position(line, 1))
    )
    section = .interface(configuration.interfaces.count - 1)
    return true
  }

  mutating func readInterface(_ line: ConfigurationLine, _ index: Int) -> Bool {
    let words = line.texts
    switch words[0] {
    case "description": return true
    case "no" where words == ["no", "switchport"] || words == ["no", "shutdown"]: return true
    case "ip" where words.starts(with: ["ip", "address"]): return readAddress(line, index)
    case "ip" where words == ["ip", "ospf", "network", "point-to-point"]:
      configuration.interfaces[index].isPointToPoint = true
    case "ip" where words.starts(with: ["ip", "ospf"]) && words.count == 4:
      switch words[2] {
      case "cost": configuration.interfaces[index].ospfCost = number(line, 3, in: 1...65535)
      case "hello-interval":
        configuration.interfaces[index].ospfHelloInterval = number(line, 3, in: 1...65535)
      case "dead-interval":
        configuration.interfaces[index].ospfDeadInterval = number(line, 3, in: 1...65535)
      default: return false
      }
    default: return false
    }
    return true
  }

  /// `ip address A/LEN` or `ip address A MASK`; the last one counts.
  mutating func readAddress(_ line: ConfigurationLine, _ index: Int) -> Bool {
    var words = Array(line.texts.dropFirst(2))
    if words.count == 2, let mask = IPv4Address(words[1]) {
      guard let length = Self.length(ofMask: mask) else {
        error(line, 3, "'\(words[1])' is not a network mask")
        return true
      }
      words = ["\(words[0])/\(length)"]
    }
    // Those from DHCP, virtual and secondary ones are not acted on.
    guard words.count == 1, words[0].first?.isNumber == true else { return false }
    switch InterfaceAddress.parse(words[0]) {
    case .success(let address):
      configuration.interfaces[index].address = .init(value: address, position: position(line, 2))
    case .failure(let problem): error(line, 2, problem.reason)
    }
    return true
  }

  mutating func startOSPF(_ line: ConfigurationLine) -> Bool {
    guard line.words.count == 3, let process = number(line, 2, in: 1...65535) else {
      return line.words.count == 3
    }
    if let other = configuration.ospf, other.number != process {
      warn(line, 2, "ignored: a machine of a lab has one OSPF process, here \(other.number)")
      section = .ignored
      return true
    }
    if configuration.ospf == nil {
      configuration.ospf = .init(number: process, position: position(line, 2))
    }
    section = .ospf
    return true
  }

  mutating func readOSPF(_ line: ConfigurationLine) -> Bool {
    let words = line.texts
    switch words[0] {
    case "router-id" where words.count == 2:
      if let id = IPv4Address(words[1]) {
        configuration.ospf?.routerID = id
      } else {
        error(line, 1, "'\(words[1].prefix(60))' is not a router's id such as 1.1.1.1")
      }
    case "network": return readNetwork(line)
    case "redistribute" where words == ["redistribute", "connected"]:
      configuration.ospf?.redistributesConnected = true
    case "redistribute" where words == ["redistribute", "static"]:
      configuration.ospf?.redistributesStatic = true
    case "max-lsa" where words.count >= 2:
      // A limit that guards a switch's memory; FRR has none.
      _ = number(line, 1, in: 0...Int(Int32.max))
    case "passive-interface" where words.count >= 2:
      setPassive(line, true, words[1...].joined())
    case "no" where words.count >= 3 && words[1] == "passive-interface":
      setPassive(line, false, words[2...].joined())
    default: return false
    }
    return true
  }

  mutating func setPassive(_ line: ConfigurationLine, _ isPassive: Bool, _ word: String) {
    if word == "default" {
      configuration.ospf?.isPassiveByDefault = isPassive
      configuration.ospf?.exceptions = []
    } else if let (_, label, _) = InterfaceLabel.parse(word) {
      if configuration.ospf?.isPassiveByDefault == isPassive {
        configuration.ospf?.exceptions.remove(label)
      } else {
        configuration.ospf?.exceptions.insert(label)
      }
    } else {
      error(line, line.words.count - 1, "'\(word.prefix(60))' is not an interface")
    }
  }

  /// `network A/LEN area N` or `network A WILDCARD area N`.
  mutating func readNetwork(_ line: ConfigurationLine) -> Bool {
    let words = line.texts
    guard words.count >= 4, words[words.count - 2] == "area" else { return false }
    let last = words[words.count - 1]
    guard let area = IPv4Address(last) ?? UInt32(last).map(IPv4Address.init(raw:)) else {
      error(line, words.count - 1, "'\(last.prefix(60))' is not an OSPF area")
      return true
    }
    switch Self.network(words[1], words[2], isWildcard: true) {
    case .success(let parsed) where words.count == (parsed.usesMask ? 5 : 4):
      configuration.ospf?.networks.append(.init(prefix: parsed.network, area: area))
    case .success: return false
    case .failure(let problem): error(line, 1, problem.reason)
    }
    return true
  }
}
