// SPDX-License-Identifier: Apache-2.0

/// What joins machines: a cable between two, or a segment that more share.
package struct Link: Sendable, Hashable {
  /// At least two, in the order of the file.
  package var ends: [LinkEnd]

  package init(_ ends: [LinkEnd]) {
    self.ends = ends
  }

  package init(_ ends: LinkEnd...) {
    self.ends = ends
  }

  /// Whether cutting it takes both of its ends' carrier away.
  package var isCable: Bool { ends.count == 2 }
}

/// Where a link is plugged in.
package struct LinkEnd: Sendable, Hashable, CustomStringConvertible {
  package var machine: String
  package var interface: String
  package var address: InterfaceAddress?

  package init(machine: String, interface: String, address: InterfaceAddress? = nil) {
    self.machine = machine
    self.interface = interface
    self.address = address
  }

  package var description: String { "\(machine):\(interface)" }
}
