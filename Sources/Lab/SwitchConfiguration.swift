// SPDX-License-Identifier: Apache-2.0

import Values

/// What an EOS startup configuration says of a machine's place in the network.
struct SwitchConfiguration: Sendable, Equatable {
  /// A value and where it stands.
  struct Located<Value: Sendable & Equatable>: Sendable, Equatable {
    var value: Value
    var position: SourcePosition
  }

  struct Interface: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
      case ethernet
      case loopback
      case management
    }

    var kind: Kind
    /// As the configuration spells it: `Ethernet1`.
    var label: String
    /// As the kernel does: `eth1`; `eth0` for the management interface, `lo` for loopbacks.
    var name: String
    /// Where the section starts.
    var position: SourcePosition
    var address: Located<InterfaceAddress>?
    var isPointToPoint = false
    var ospfCost: Int?
    /// In seconds, as are the next; nil for the protocol's 10 and 40.
    var ospfHelloInterval: Int?
    var ospfDeadInterval: Int?
  }

  struct OSPFProcess: Sendable, Equatable {
    var number: Int
    var position: SourcePosition
    var routerID: IPv4Address?
    var networks: [OSPF.Network] = []
    var redistributesConnected = false
    var redistributesStatic = false
    var isPassiveByDefault = false
    /// Labels of interfaces for which the default is turned round.
    var exceptions: Set<String> = []
  }

  var hostname: Located<String>?
  /// In the order of the file, each once.
  var interfaces: [Interface] = []
  var routes: [Located<StaticRoute>] = []
  var ospf: OSPFProcess?
  var forwardsPackets = false

  /// The machine's part in OSPF, given the interfaces that have a cable.
  func ospf(over cabled: Set<String>) -> OSPF? {
    guard let process = ospf else { return nil }
    let active = interfaces.filter { interface in
      interface.kind != .loopback && cabled.contains(interface.name)
        && process.isPassiveByDefault == process.exceptions.contains(interface.label)
    }
    return OSPF(
      routerID: process.routerID,
      networks: process.networks,
      interfaces: active.map {
        OSPF.Interface(
          name: $0.name,
          isPointToPoint: $0.isPointToPoint,
          cost: $0.ospfCost,
          helloInterval: $0.ospfHelloInterval,
          deadInterval: $0.ospfDeadInterval
        )
      },
      redistributesConnected: process.redistributesConnected,
      redistributesStatic: process.redistributesStatic
    )
  }
}
