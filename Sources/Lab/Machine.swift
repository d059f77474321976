// SPDX-License-Identifier: Apache-2.0

package import Values

/// One machine of a lab.
package struct Machine: Sendable, Equatable {
  /// What a machine is like beside its programs.
  package enum System: String, Sendable, CaseIterable {
    /// An ordinary computer: root logs in, and its disk stays.
    case linux
    /// What Arista EOS is to those who log in: `admin` with sudo, no package manager, and a root file
    /// system that is fresh after every boot but for /mnt/flash.
    case eos
  }

  package var name: String
  /// Its own name for itself; the configuration of a switch may differ from the topology.
  package var hostname: String
  /// Its address on the management network.
  package var address: IPv4Address
  package var userland: Userland
  package var system: System
  /// The most memory that it may use, in bytes; nil for as much as there is.
  package var memory: Int?
  /// Addresses of its own that no cable has.
  package var loopbacks: [InterfaceAddress]
  /// Beside those of its own networks; a default route here replaces the one to the operator.
  package var routes: [StaticRoute]
  package var ospf: OSPF?
  /// Whether it forwards packets from the start.
  package var isRouter: Bool
  /// Whether the program, the topology's folder and the cache are at hand on it.
  package var isOperator: Bool
  /// What the cluster's spec says of it, copied from the topology file; nil for a machine that is no
  /// host of the cluster.
  package var node: [SpecField]?

  package init(
    name: String,
    address: IPv4Address,
    userland: Userland = Userland(),
    system: System = .linux,
    memory: Int? = nil,
    node: [SpecField]? = []
  ) {
    self.name = name
    hostname = name
    self.address = address
    self.userland = userland
    self.system = system
    self.memory = memory
    self.node = node
    loopbacks = []
    routes = []
    ospf = nil
    isRouter = false
    isOperator = false
  }

  /// Who logs in over SSH.
  package var user: String {
    switch system {
    case .linux: "root"
    case .eos: "admin"
    }
  }
}

/// A route that a configuration gives.
package struct StaticRoute: Sendable, Hashable {
  package var network: CIDR
  package var nextHop: IPv4Address

  package init(network: CIDR, nextHop: IPv4Address) {
    self.network = network
    self.nextHop = nextHop
  }
}

/// A machine's part in OSPF version 2 (RFC 2328).
package struct OSPF: Sendable, Equatable {
  /// Interfaces whose addresses lie in `prefix` take part, those that appear later too.
  package struct Network: Sendable, Hashable {
    package var prefix: CIDR
    /// Dotted, as areas are mostly written.
    package var area: IPv4Address
  }

  /// An interface that may have neighbours; all others are passive.
  package struct Interface: Sendable, Hashable {
    package var name: String
    package var isPointToPoint: Bool
    package var cost: Int?
    /// In seconds, as is the next; nil for the protocol's own.
    package var helloInterval: Int?
    package var deadInterval: Int?
  }

  package var routerID: IPv4Address?
  package var networks: [Network]
  package var interfaces: [Interface]
  package var redistributesConnected: Bool
  package var redistributesStatic: Bool
}

/// One key of a cluster's spec with its value, as YAML text.
package struct SpecField: Sendable, Equatable {
  package var key: String
  /// `key: value`, over as many lines as it takes, without indentation.
  package var text: String

  package init(key: String, text: String) {
    self.key = key
    self.text = text
  }
}
