// SPDX-License-Identifier: Apache-2.0

import Values

/// What a lab calls the things that it makes on this computer.
///
/// The names come from the topology's name and the lab's directory, so that two clones of one
/// repository can have their labs up side by side.
struct LabNames: Sendable, Equatable {
  /// `kwl-NAME-HASH`, at most 15 characters: the lab's network namespace, its interface on the
  /// operator's side and its control group.
  let lab: String

  init(topology: String, directory: String) {
    let hash = Digest(of: "\(topology)\n\(directory)").hex.prefix(5)
    var head = String(topology.prefix(5))
    while head.hasSuffix("-") { head.removeLast() }
    lab = "kwl-\(head)-\(hash)"
  }

  /// What systemd-nspawn and a systemd on this computer know a machine by; at most 64 bytes.
  func machine(_ host: String) -> String { "\(lab)-\(host)" }

  /// A locally administered MAC address that stays the same over reboots and power cuts.
  func hardwareAddress(_ host: String, _ interface: String) -> String {
    let digits = Array(Digest(of: "\(lab) \(host) \(interface)").hex)
    let octets = (0..<5).map { String(digits[(2 * $0)..<(2 * $0 + 2)]) }
    return (["02"] + octets).joined(separator: ":")
  }
}
