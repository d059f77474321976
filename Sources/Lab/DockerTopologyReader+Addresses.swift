// SPDX-License-Identifier: Apache-2.0

import Values
import Yams

extension DockerTopologyReader {
  /// Where addresses of the management network that no file gives start: behind the operator's, as
  /// Docker counts.
  private static let firstOffset: UInt32 = 2

  /// The management network: as the file says, or as the configurations of the switches do.
  mutating func management(_ entry: Entry?, _ cabling: [Cabling]) -> CIDR {
    if let entry { return document.management(entry) ?? Topology.standardManagement }
    let endpoints = cabling.filter(\.isManagement).flatMap(\.ends)
    if let end = endpoints.first(where: { $0.address != nil }), let address = end.address {
      guard let problem = TopologyDocument.managementProblem(address.network) else {
        return address.network
      }
      document.error(at: end.entry, problem.message, allowed: problem.allowed)
    }
    if let configured = devices.lazy.compactMap({ $0.configuration.management }).first {
      guard let problem = TopologyDocument.managementProblem(configured.value.network) else {
        return configured.value.network
      }
      report(.error, configured.position, problem.message)
    }
    return Topology.standardManagement
  }

  /// The links with the addresses of both the topology and the configurations.
  mutating func address(_ cabling: [Cabling], _ management: CIDR) -> [Link] {
    cabling.map { cabling in
      var link = Link([])
      for end in cabling.ends {
        var position = document.position(of: end.entry)
        var address = end.address
        let configured = devices.first { $0.name == end.device }?.configuration.interfaces.first {
          $0.name == end.interface && $0.kind == .ethernet
        }?.address
        if let configured {
          position = configured.position
          if let address, address != configured.value {
            report(
              .error,
              position,
              "\(configured.value) is not what the topology gives \(end.device):\(end.interface), \(address)"
            )
          }
          address = configured.value
        }
        if let address {
          let name = "\(end.device):\(end.interface)"
          if let problem = rules.claim(address, on: name, management) {
            report(.error, position, problem)
          }
        }
        link.ends.append(
          LinkEnd(machine: end.device, interface: end.interface, address: address)
        )
        if let problem = TopologyRules.problem(of: link) {
          report(.error, position, problem)
          link.ends[link.ends.count - 1].address = nil
        }
      }
      return link
    }
  }

  /// The machines, with all that their configurations say.
  mutating func machines(
    _ links: [Link],
    _ cabling: [Cabling],
    _ management: CIDR
  ) -> [Machine] {
    var addresses: [String: IPv4Address] = [:]
    let ends = cabling.filter(\.isManagement).flatMap(\.ends)
    for device in devices {
      var given: SwitchConfiguration.Located<InterfaceAddress>?
      if let end = ends.first(where: { $0.device == device.name }), let address = end.address {
        given = .init(value: address, position: document.position(of: end.entry))
      }
      guard let given = given ?? device.configuration.management else { continue }
      if given.value.network != management {
        report(
          .warning,
          given.position,
          "ignored: \(given.value) is not of the management network \(management)"
        )
      } else if let problem = rules.claim(given.value.address, of: device.name, in: management) {
        report(.error, given.position, problem)
      } else {
        addresses[device.name] = given.value.address
      }
    }
    var machines: [Machine] = []
    for device in devices {
      let address =
        addresses[device.name]
        ?? rules.freeAddress(in: management, from: Self.firstOffset, for: device.name)
      if let address {
        machines.append(machine(device, address, links, management))
      } else {
        document.error(
          at: device.entry,
          "the management network \(management) has no address left"
        )
      }
    }
    return machines
  }

  private mutating func machine(
    _ device: Device,
    _ address: IPv4Address,
    _ links: [Link],
    _ management: CIDR
  ) -> Machine {
    let (settings, configuration) = (device.settings, device.configuration)
    var machine = Machine(
      name: device.name,
      address: address,
      userland: settings.userland,
      system: settings.system ?? .linux,
      memory: settings.memory,
      node: settings.specFields
    )
    machine.hostname = configuration.hostname?.value.lowercased() ?? device.name
    machine.isOperator = settings.isOperator ?? false
    machine.isRouter = configuration.forwardsPackets
    let ends = links.flatMap(\.ends).filter { $0.machine == device.name }
    let cabled = Set(ends.map(\.interface))
    for interface in configuration.interfaces {
      guard let address = interface.address else { continue }
      switch interface.kind {
      case .management: break
      case .ethernet where !cabled.contains(interface.name):
        report(
          .warning,
          interface.position,
          "left out: no link of the topology ends at \(device.name):\(interface.name)"
        )
      case .ethernet: break
      case .loopback:
        machine.loopbacks.append(address.value)
        let end = "\(device.name):\(interface.label)"
        if let problem = rules.claim(address.value, on: end, management) {
          report(.error, address.position, problem)
        }
      }
    }
    let networks = [management] + ends.compactMap { $0.address?.network }
    for route in configuration.routes where !machine.routes.contains(route.value) {
      if networks.contains(where: { $0.contains(route.value.nextHop) }) {
        machine.routes.append(route.value)
      } else {
        report(
          .warning,
          route.position,
          "left out: no network of \(device.name) has the next hop \(route.value.nextHop)"
        )
      }
    }
    machine.ospf = configuration.ospf(over: cabled.union(["eth0"]))
    if machine.ospf != nil, !machine.userland.packages.contains("frr") {
      machine.userland.packages.append("frr")
    }
    return machine
  }
}

extension SwitchConfiguration {
  /// The management interface's address; of several such interfaces the last one's.
  var management: Located<InterfaceAddress>? {
    interfaces.last { $0.kind == .management && $0.address != nil }?.address
  }
}
