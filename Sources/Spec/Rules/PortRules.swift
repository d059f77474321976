// SPDX-License-Identifier: Apache-2.0

import Values

/// What ports may be.
enum PortRules {
  static let all = [
    Rule(
      doc: "The endpoint's port is none that another program of a control-plane host uses "
        + "(\(used.map { String($0.port) }.joined(separator: ", "))).",
      check: endpointPort
    ),
    Rule(
      doc: "The node ports hold neither the endpoint's port nor one of those.",
      check: nodePorts
    ),
    Rule(
      doc: "Node ports from 32768 to 60999, which the kernel gives to outgoing connections, are "
        + "warned of.",
      check: ephemeral
    ),
  ]

  private static let used = [
    (port: 22, program: "sshd"), (port: 2379, program: "etcd"), (port: 2380, program: "etcd"),
    (port: 10249, program: "kube-proxy"), (port: 10250, program: "kubelet"),
    (port: 10256, program: "kube-proxy"), (port: 10257, program: "kube-controller-manager"),
    (port: 10259, program: "kube-scheduler"),
  ]

  private static let nodePortsPath = SpecPath("spec", "network", "nodePorts")

  @Sendable private static func endpointPort(_ spec: ClusterSpec, _ reading: inout Reading) {
    let path = NetworkRules.endpoint
    guard reading.isSound(path),
      let other = used.first(where: { $0.port == spec.controlPlane.endpoint.port })
    else { return }
    reading.error(path, "port \(other.port) is \(other.program)'s")
  }

  @Sendable private static func nodePorts(_ spec: ClusterSpec, _ reading: inout Reading) {
    guard reading.isSound(nodePortsPath) else { return }
    let range = spec.network.nodePorts
    var ports = used
    if reading.isSound(NetworkRules.endpoint) {
      ports.insert((spec.controlPlane.endpoint.port, "the API server"), at: 0)
    }
    let taken = ports.filter { range.contains($0.port) }
      .map { "\($0.port) (\($0.program))" }
    guard !taken.isEmpty else { return }
    reading.error(
      nodePortsPath,
      "\(range.lowerBound)-\(range.upperBound) holds ports in use: " + taken.joined(separator: ", ")
    )
  }

  @Sendable private static func ephemeral(_ spec: ClusterSpec, _ reading: inout Reading) {
    let range = spec.network.nodePorts
    guard reading.isSound(nodePortsPath), range.overlaps(32768...60999) else { return }
    reading.warning(
      nodePortsPath,
      "\(range.lowerBound)-\(range.upperBound) holds ports that the kernel gives to outgoing "
        + "connections (32768-60999): services there fail at times"
    )
  }
}
