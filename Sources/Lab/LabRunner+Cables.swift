// SPDX-License-Identifier: Apache-2.0

import Glibc
import Values

extension LabRunner {
  /// Cuts the cable at `HOST:INTERFACE`, as if it were pulled: both of its ends lose their carrier, and
  /// stay without it over reboots.
  ///
  /// On a segment that more than two share, that one end alone is pulled. Does nothing where it is cut.
  /// - Throws: `Failure`: `invalidInput` for an end that the topology has not, `state` where the lab is not up.
  package func cut(_ end: String) async throws {
    try await setCable(at: end, isCut: true)
  }

  /// Mends what `cut` did.
  package func mend(_ end: String) async throws {
    try await setCable(at: end, isCut: false)
  }

  /// The ends of a link that are pulled together when the one that `text` names is.
  func pulledEnds(_ text: String) throws -> [LinkEnd] {
    let ends = topology.links.flatMap { link in
      link.ends.map { (end: $0, pulled: link.isCable ? link.ends : [$0]) }
    }
    if let match = ends.first(where: { $0.end.description == text }) { return match.pulled }
    let names = ends.map(\.end.description)
    throw Failure(
      .invalidInput,
      "the topology has no link that ends at '\(text)'",
      remedy: NearestSpelling.of(text, among: names).map { "did you mean '\($0)'?" }
        ?? (names.isEmpty ? "it has no links" : "it has \(names.joined(separator: ", "))")
    )
  }

  private func setCable(at text: String, isCut: Bool) async throws {
    let ends = try pulledEnds(text)
    guard TextFile.exists(folder.path) else {
      throw Failure(.state, "the lab is not up", remedy: "kubewright lab up")
    }
    try await locked {
      for end in ends {
        let file = folder.place(of: end.machine).cut(end.interface)
        if isCut { try TextFile.write("", to: file) } else { unlink(file) }
        let machine = try machine(end.machine)
        let port = fabric.ports(of: machine).first { $0.interface == end.interface }
        // A machine that does not run has no port, and finds the file when it boots.
        if let port, MachineProcess(at: folder.place(of: end.machine))?.isAlive == true {
          try await Program(
            "ip",
            "-n",
            names.lab,
            "link",
            "set",
            "dev",
            port.name,
            isCut ? "down" : "up"
          ).run("\(isCut ? "cut" : "mend") the cable at \(end)")
        }
      }
    }
  }
}
