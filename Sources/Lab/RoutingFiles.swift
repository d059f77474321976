// SPDX-License-Identifier: Apache-2.0

import Values

/// The files that make FRR speak OSPF on a machine.
struct RoutingFiles: Sendable, Equatable {
  let hostname: String
  let ospf: OSPF

  /// `/etc/frr/frr.conf`.
  ///
  /// Only interfaces that have a cable look for neighbours. All others are passive, those that appear
  /// later too: a bridge of pods is advertised as soon as it is there, and pods hear nothing of it.
  var configuration: String {
    var lines = [
      "frr defaults traditional", "hostname \(hostname)", "log syslog warnings",
      "service integrated-vtysh-config",
    ]
    for interface in ospf.interfaces {
      lines += ["interface \(interface.name)", " no ip ospf passive"]
      lines.append(" ip ospf retransmit-interval 2")
      if interface.isPointToPoint { lines.append(" ip ospf network point-to-point") }
      if let cost = interface.cost { lines.append(" ip ospf cost \(cost)") }
      if let interval = interface.helloInterval {
        lines.append(" ip ospf hello-interval \(interval)")
      }
      if let interval = interface.deadInterval {
        lines.append(" ip ospf dead-interval \(interval)")
      }
      lines.append("exit")
    }
    lines.append("router ospf")
    if let id = ospf.routerID { lines.append(" ospf router-id \(id)") }
    if ospf.redistributesConnected { lines.append(" redistribute connected") }
    if ospf.redistributesStatic {
      // Static routes are the kernel's here, not FRR's.
      lines += [" redistribute static", " redistribute kernel"]
    }
    // FRR's own 5 s and 1 s make a fabric of a few links wait after every change of one.
    lines += [" timers throttle lsa all 100", " timers lsa min-arrival 50"]
    lines.append(" passive-interface default")
    lines += ospf.networks.map { " network \($0.prefix) area \($0.area)" }
    lines.append("exit")
    return lines.joined(separator: "\n") + "\n"
  }

  /// `/etc/frr/daemons`.
  static let daemons = """
    ospfd=yes
    vtysh_enable=yes
    zebra_options="  -A 127.0.0.1 -s 90000000"
    ospfd_options="  -A 127.0.0.1"

    """
}
