// SPDX-License-Identifier: Apache-2.0

package import Values

/// A whole, valid topology: machines, the management network that joins them to the operator, and
/// the cables between them.
///
/// Every form of topology file is read into this one type.
package struct Topology: Sendable, Equatable {
  package var name: String
  /// The network of every machine's eth0; its first address is the operator's.
  package var management: CIDR
  /// In the order of the file.
  package var machines: [Machine]
  package var links: [Link]

  package init(name: String, management: CIDR, machines: [Machine], links: [Link] = []) {
    self.name = name
    self.management = management
    self.machines = machines
    self.links = links
  }

  /// The operator's own address on the management network.
  package var operatorAddress: IPv4Address { IPv4Address(raw: management.base.raw + 1) }

  /// The machine of that name.
  package func machine(named name: String) -> Machine? {
    machines.first { $0.name == name }
  }
}

/// One machine of a lab.
package struct Machine: Sendable, Equatable {
  package var name: String
  /// Its address on the management network.
  package var address: IPv4Address
  package var userland: Userland
  /// The most memory that it may use, in bytes; nil for as much as there is.
  package var memory: Int?

  package init(
    name: String,
    address: IPv4Address,
    userland: Userland = Userland(),
    memory: Int? = nil
  ) {
    self.name = name
    self.address = address
    self.userland = userland
    self.memory = memory
  }
}

/// What a machine's root file system is made from.
package struct Userland: Sendable, Hashable {
  package enum Distribution: String, Sendable, CaseIterable {
    case debian
  }

  package var distribution: Distribution
  /// The release's code name, as the distribution's archive spells it.
  package var release: String
  package var architecture: Architecture
  /// Packages beside those that every machine of a lab has.
  package var packages: [String]

  package init(
    distribution: Distribution = .debian,
    release: String = "bookworm",
    architecture: Architecture = .amd64,
    packages: [String] = Userland.defaultPackages
  ) {
    self.distribution = distribution
    self.release = release
    self.architecture = architecture
    self.packages = packages
  }

  /// What a Kubernetes node needs beside a bare system.
  package static let defaultPackages = [
    "conntrack", "containerd", "ethtool", "iptables", "ipset", "runc", "socat",
  ]

  /// The architecture by Debian's name.
  package var debianArchitecture: String {
    switch architecture {
    case .amd64: "amd64"
    case .x86: "i386"
    case .arm64: "arm64"
    case .arm: "armhf"
    }
  }
}

/// A cable between two machines.
package struct Link: Sendable, Hashable {
  package var first: LinkEnd
  package var second: LinkEnd

  package init(_ first: LinkEnd, _ second: LinkEnd) {
    self.first = first
    self.second = second
  }

  package var ends: [LinkEnd] { [first, second] }
}

/// Where a cable is plugged in.
package struct LinkEnd: Sendable, Hashable {
  package var machine: String
  package var interface: String
  package var address: InterfaceAddress?

  package init(machine: String, interface: String, address: InterfaceAddress? = nil) {
    self.machine = machine
    self.interface = interface
    self.address = address
  }
}

/// An interface's address with the length of its network: `10.0.0.1/31`.
package struct InterfaceAddress: Sendable, Hashable, CustomStringConvertible {
  package var address: IPv4Address
  package var prefix: Int

  package init(address: IPv4Address, prefix: Int) {
    self.address = address
    self.prefix = prefix
  }

  /// Parses `a.b.c.d/len`; returns nil for anything else, and for the network's own or its broadcast
  /// address where the network has such (31 and 32 have not, RFC 3021).
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPv4Address(String(parts[0])), let prefix = Int(parts[1]),
      (1...32).contains(prefix), String(prefix) == parts[1]
    else { return nil }
    let network = CIDR(base: address, prefix: prefix)
    guard prefix >= 31 || (address != network.base && address != network.last) else { return nil }
    self.init(address: address, prefix: prefix)
  }

  package var network: CIDR { CIDR(base: address, prefix: prefix) }
  package var description: String { "\(address)/\(prefix)" }
}
