// SPDX-License-Identifier: Apache-2.0

import Values

extension LabRunner {
  /// A cluster.yaml for the lab's hosts, their host keys pinned: the first ones are etcd and control
  /// plane as well, all are workers, unless the topology says otherwise.
  ///
  /// A host that has a loopback address is a node by that one, for no link of it can fail.
  /// - Parameters:
  ///   - version: the Kubernetes version, `v1.20.2`.
  ///   - controlPlanes: how many hosts are etcd and control plane.
  /// - Returns: the file's text.
  /// - Throws: `Failure` (`state`) before the lab was up, `invalidInput` where not so many machines are hosts of it.
  package func clusterSpecText(version: String, controlPlanes: Int = 1) throws -> String {
    let nodes = topology.machines.filter { $0.node != nil }
    guard let first = nodes.first else {
      throw Failure(
        .invalidInput,
        "no machine of the topology is a host of the cluster",
        remedy: "give one a node in the topology's kubewright.machines"
      )
    }
    guard (1...nodes.count).contains(controlPlanes) else {
      throw Failure(
        .invalidInput,
        "\(controlPlanes) control planes on \(nodes.count) hosts",
        remedy: "give 1 to \(nodes.count)"
      )
    }
    let endpoint = Self.nodeAddress(first)
    var lines = [
      "# Made by kubewright lab spec for the lab \(topology.name).",
      "apiVersion: kubewright/v1alpha1",
      "kind: Cluster",
      "metadata: {name: \(topology.name)}",
      "spec:",
      "  kubernetes: {version: \(version)}",
    ]
    if !topology.cluster.contains(where: { $0.key == "controlPlane" }) {
      lines.append("  controlPlane: {endpoint: \"\(endpoint):6443\"}")
    }
    lines += topology.cluster.flatMap { Self.indented($0.text, by: 2) }
    lines.append("  hosts:")
    for (index, machine) in nodes.enumerated() {
      let host = try host(machine)
      lines += [
        "    - name: \(Self.yaml(host.name))",
        "      ssh:",
        "        address: \(host.address)",
        "        user: \(host.user)",
        "        identityFile: \(Self.yaml(host.identityFile))",
        "        hostKey: \(host.hostKey)",
      ]
      let given = machine.node ?? []
      if !given.contains(where: { $0.key == "nodeIP" }) {
        lines.append("      nodeIP: \(Self.nodeAddress(machine))")
      }
      if !given.contains(where: { $0.key == "roles" }) {
        let isControlPlane = index < controlPlanes
        lines.append("      roles: [\(isControlPlane ? "etcd, control-plane, worker" : "worker")]")
      }
      lines += given.flatMap { Self.indented($0.text, by: 6) }
    }
    return lines.joined(separator: "\n")
  }

  private static func nodeAddress(_ machine: Machine) -> IPv4Address {
    machine.loopbacks.first?.address ?? machine.address
  }

  private static func indented(_ text: String, by spaces: Int) -> [String] {
    text.split(separator: "\n").map { String(repeating: " ", count: spaces) + $0 }
  }

  /// A double-quoted YAML scalar: names and paths that look like numbers or hold colons stay text.
  private static func yaml(_ text: String) -> String {
    var quoted = "\""
    for character in text.unicodeScalars {
      switch character {
      case "\"", "\\": quoted += "\\\(character)"
      case "\n": quoted += "\\n"
      default: quoted.unicodeScalars.append(character)
      }
    }
    return quoted + "\""
  }
}
