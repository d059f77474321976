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
  /// What the cluster's spec says beside its hosts, copied from the topology file.
  package var cluster: [SpecField]

  package init(
    name: String,
    management: CIDR,
    machines: [Machine],
    links: [Link] = [],
    cluster: [SpecField] = []
  ) {
    self.name = name
    self.management = management
    self.machines = machines
    self.links = links
    self.cluster = cluster
  }

  /// The management network where a file names none.
  static let standardManagement = CIDR(base: IPv4Address(raw: 0xAC1E_4D00), prefix: 24)

  /// The operator's own address on the management network.
  package var operatorAddress: IPv4Address { IPv4Address(raw: management.base.raw + 1) }

  /// The machine of that name.
  package func machine(named name: String) -> Machine? {
    machines.first { $0.name == name }
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

  /// What a switch has: routing protocols, Docker, and a login that is not root.
  package static let switchPackages = [
    "conntrack", "docker.io", "ethtool", "frr", "iptables", "ipset", "socat", "sudo",
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
