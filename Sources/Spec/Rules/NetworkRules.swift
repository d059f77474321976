// SPDX-License-Identifier: Apache-2.0

import Values

/// What addresses may be.
enum NetworkRules {
  static let all = [
    Rule(
      doc: "The pod and the service network do not overlap, and neither holds a host's address or "
        + "the endpoint.",
      check: overlaps
    ),
    Rule(
      doc: "Networks and hosts' addresses lie outside of what IPv4 keeps for other uses "
        + "(0.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16, 224.0.0.0/3).",
      check: special
    ),
    Rule(
      doc:
        "The service network's prefix is 12 to 28: the API server takes no larger network, and a "
        + "smaller one lacks the DNS service's tenth address.",
      check: serviceSize
    ),
    Rule(
      doc: "The pod network has a subnet of `nodePrefix` for every host, and no more than 65536 "
        + "subnets, which is what the controller manager can count.",
      check: podSubnets
    ),
  ]

  static let podCIDR = SpecPath("spec", "network", "podCIDR")
  static let serviceCIDR = SpecPath("spec", "network", "serviceCIDR")
  static let endpoint = SpecPath("spec", "controlPlane", "endpoint")

  private static let reserved = [
    CIDR(base: IPv4Address(raw: 0), prefix: 8),
    CIDR(base: IPv4Address(raw: 0x7F00_0000), prefix: 8),
    CIDR(base: IPv4Address(raw: 0xA9FE_0000), prefix: 16),
    CIDR(base: IPv4Address(raw: 0xE000_0000), prefix: 3),
  ]

  private static func networks(
    _ spec: ClusterSpec,
    _ reading: Reading
  ) -> [(path: SpecPath, cidr: CIDR)] {
    [(podCIDR, spec.network.podCIDR), (serviceCIDR, spec.network.serviceCIDR)]
      .filter { reading.isSound($0.0) }
  }

  @Sendable private static func overlaps(_ spec: ClusterSpec, _ reading: inout Reading) {
    let pods = spec.network.podCIDR
    let services = spec.network.serviceCIDR
    if reading.isSound(podCIDR), reading.isSound(serviceCIDR), pods.overlaps(services) {
      reading.error(serviceCIDR, "\(services) overlaps the pod network \(pods)")
    }
    for network in networks(spec, reading) {
      for (path, host) in reading.hosts(of: spec, with: "nodeIP")
      where network.cidr.contains(host.nodeIP) {
        reading.error(path, "\(host.nodeIP) lies in \(network.path) \(network.cidr)")
      }
      if reading.isSound(endpoint), let address = IPv4Address(spec.controlPlane.endpoint.host),
        network.cidr.contains(address)
      {
        reading.error(endpoint, "\(address) lies in \(network.path) \(network.cidr)")
      }
    }
  }

  @Sendable private static func special(_ spec: ClusterSpec, _ reading: inout Reading) {
    for (path, cidr) in networks(spec, reading) {
      guard let range = reserved.first(where: { $0.overlaps(cidr) }) else { continue }
      reading.error(path, "\(cidr) overlaps \(range), which IPv4 keeps for other uses")
    }
    for (path, host) in reading.hosts(of: spec, with: "nodeIP") {
      guard let range = reserved.first(where: { $0.contains(host.nodeIP) }) else { continue }
      reading.error(
        path,
        "\(host.nodeIP) is no address for other hosts to reach: it lies in \(range)"
      )
    }
  }

  @Sendable private static func serviceSize(_ spec: ClusterSpec, _ reading: inout Reading) {
    let prefix = spec.network.serviceCIDR.prefix
    guard reading.isSound(serviceCIDR), !(12...28).contains(prefix) else { return }
    reading.error(
      serviceCIDR,
      prefix < 12
        ? "\(spec.network.serviceCIDR) is too large: the API server takes a /12 at most"
        : "\(spec.network.serviceCIDR) is too small: a /28 is the least"
    )
  }

  @Sendable private static func podSubnets(_ spec: ClusterSpec, _ reading: inout Reading) {
    let path = SpecPath("spec", "network", "nodePrefix")
    let network = spec.network
    guard reading.isSound(podCIDR), reading.isSound(path) else { return }
    let bits = network.nodePrefix - network.podCIDR.prefix
    guard bits >= 0 else {
      reading.error(
        path,
        "a /\(network.nodePrefix) for each node is larger than the pod network "
          + "\(network.podCIDR)"
      )
      return
    }
    guard bits <= 16 else {
      reading.error(
        path,
        "\(network.podCIDR) holds more than 65536 subnets of /\(network.nodePrefix)",
        allowed: ["\(network.podCIDR.prefix) to \(min(30, network.podCIDR.prefix + 16))"]
      )
      return
    }
    guard spec.hosts.count > 1 << bits else { return }
    reading.error(
      podCIDR,
      "\(network.podCIDR) holds \(1 << bits) of the /\(network.nodePrefix) that every node needs, "
        + "and there are \(spec.hosts.count) hosts"
    )
  }
}
