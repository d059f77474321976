// SPDX-License-Identifier: Apache-2.0

import Values

/// The cables and switches of a lab: a network namespace of its own with a bridge for the
/// management network and one for every link.
///
/// On the operator's side there is a single interface, so that neither this computer's bridge
/// filters nor another lab's names can get in the way, and removing the namespace removes it all.
/// A bridge in the middle of a link keeps either end's interface when the other reboots.
struct Fabric: Sendable, Equatable {
  let names: LabNames
  let topology: Topology

  /// Where a machine's interface is plugged in.
  struct Port: Sendable, Equatable {
    /// The port's name inside the fabric.
    var name: String
    var bridge: String
    /// The machine's interface.
    var interface: String
    var hardwareAddress: String
    var address: InterfaceAddress?
  }

  /// Forward what bridges keep from each other (LLDP and the like): a link is a cable, not a
  /// switch.
  ///
  /// The three lowest group addresses the kernel does not let through.
  private static let forwardAll = 0xfff8

  private var operatorAddress: InterfaceAddress {
    InterfaceAddress(address: topology.operatorAddress, prefix: topology.management.prefix)
  }

  /// All interfaces of a machine, eth0 first.
  func ports(of machine: Machine) -> [Port] {
    let index = topology.machines.firstIndex { $0.name == machine.name } ?? 0
    var ports = [
      Port(
        name: "m\(index)",
        bridge: "management",
        interface: "eth0",
        hardwareAddress: names.hardwareAddress(machine.name, "eth0"),
        address: InterfaceAddress(address: machine.address, prefix: topology.management.prefix)
      )
    ]
    for (number, link) in topology.links.enumerated() {
      for (side, end) in link.ends.enumerated() where end.machine == machine.name {
        ports.append(
          Port(
            name: "l\(number)p\(side)",
            bridge: "l\(number)",
            interface: end.interface,
            hardwareAddress: names.hardwareAddress(machine.name, end.interface),
            address: end.address
          )
        )
      }
    }
    return ports
  }

  /// A POSIX sh program that makes what is missing of it.
  var program: String {
    var lines = [
      "set -eu",
      "lab=\(names.lab)",
      #"[ -e "/run/netns/$lab" ] || ip netns add "$lab""#,
      #"inside() { ip -n "$lab" "$@"; }"#,
      "bridge() {",
      #"  inside link show dev "$1" >/dev/null 2>&1 || inside link add name "$1" type bridge"#,
      #"  inside link set dev "$1" type bridge mcast_snooping 0 group_fwd_mask "$2""#,
      #"  inside link set dev "$1" up"#,
      "}",
      "bridge management 0",
    ]
    lines += topology.links.indices.map { "bridge l\($0) \(Self.forwardAll)" }
    lines += [
      #"ip link show dev "$lab" >/dev/null 2>&1 ||"#,
      #"  ip link add name "$lab" type veth peer name operator netns "$lab""#,
      "inside link set dev operator master management",
      "inside link set dev operator up",
      #"ip address replace \#(operatorAddress) dev "$lab""#,
      #"ip link set dev "$lab" up"#,
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// A POSIX sh program that removes it, all or what is left.
  static func removal(lab: String) -> String {
    #"""
    lab=\#(lab)
    ip link delete dev "$lab" 2>/dev/null || :
    [ ! -e "/run/netns/$lab" ] || ip netns delete "$lab"
    # iproute2 mounts the directory of names over itself for its first name.
    if [ -d /run/netns ] && [ -z "$(ls -A /run/netns)" ]; then
      umount /run/netns 2>/dev/null || :
    fi

    """#
  }
}
