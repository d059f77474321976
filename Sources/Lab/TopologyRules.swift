// SPDX-License-Identifier: Apache-2.0

import Values

/// What may be used only once in a topology, and by whom it is used already.
struct TopologyRules {
  private var machines: Set<String> = []
  private var interfaces: Set<String> = []
  /// Who has an address, by address.
  private var owners: [IPv4Address: String] = [:]

  /// Each `claim` returns why it is refused, or nil.
  mutating func claim(machine: String) -> String? {
    machines.insert(machine).inserted ? nil : "the name '\(machine)' is used by an earlier host"
  }

  mutating func claim(interface: String, of machine: String) -> String? {
    interfaces.insert("\(machine):\(interface)").inserted
      ? nil : "the interface \(interface) of '\(machine)' has a cable already"
  }

  /// The address of a machine's eth0.
  mutating func claim(
    _ address: IPv4Address,
    of machine: String,
    in management: CIDR
  ) -> String? {
    guard management.contains(address) else {
      return "\(address) is outside the management network \(management)"
    }
    switch address {
    case management.base: return "\(address) is the management network itself"
    case management.last: return "\(address) is the management network's broadcast address"
    case IPv4Address(raw: management.base.raw + 1):
      return "\(address) is the operator's own address on the management network"
    default: return claim(address, for: machine)
    }
  }

  /// The address of a link's end.
  mutating func claim(
    _ address: InterfaceAddress,
    on end: String,
    _ management: CIDR
  ) -> String? {
    guard !address.network.overlaps(management) else {
      return "\(address) overlaps the management network \(management)"
    }
    return claim(address.address, for: end)
  }

  /// The first address from `offset` on that nobody has, now `machine`'s.
  mutating func freeAddress(
    in management: CIDR,
    from offset: UInt32,
    for machine: String
  ) -> IPv4Address? {
    // Small networks have no such offset: then from the operator's address on.
    let start = UInt64(offset) < management.count - 1 ? offset : 2
    for offset in Array(start..<UInt32(management.count - 1)) + Array(2..<max(2, start)) {
      let address = IPv4Address(raw: management.base.raw + offset)
      if owners[address] == nil {
        owners[address] = machine
        return address
      }
    }
    return nil
  }

  /// Why the ends of a link do not fit each other.
  static func problem(of link: Link) -> String? {
    var machines: Set<String> = []
    for end in link.ends where !machines.insert(end.machine).inserted {
      return "the link joins '\(end.machine)' to itself"
    }
    let addresses = link.ends.compactMap(\.address)
    if let first = addresses.first,
      let other = addresses.first(where: { $0.network != first.network })
    {
      return "\(other) is not in the network of the other end, \(first.network)"
    }
    return nil
  }

  private mutating func claim(_ address: IPv4Address, for owner: String) -> String? {
    if let other = owners[address] { return "\(address) is the address of '\(other)' already" }
    owners[address] = owner
    return nil
  }
}
