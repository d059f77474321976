// SPDX-License-Identifier: Apache-2.0

import Values

/// What no two hosts may share, and what a node may be called.
enum HostRules {
  static let all = [
    Rule(doc: "No two hosts have the same name.", check: names),
    Rule(doc: "No two hosts have the same nodeIP.", check: nodeIPs),
    Rule(
      doc:
        "No two hosts are reached at the same ssh address and port, and one host at most is this "
        + "machine (without `ssh`).",
      check: addresses
    ),
    Rule(
      doc:
        "Labels do not use the names that Kubernetes keeps for itself (`kubernetes.io`, `k8s.io`), "
        + "but those that a node may give to itself.",
      check: labels
    ),
    Rule(
      doc: "Labels and taints of a host without the role worker are warned of: it is no node.",
      check: noNode
    ),
  ]

  @Sendable private static func names(_ spec: ClusterSpec, _ reading: inout Reading) {
    distinct("name", spec, &reading) { $0.name }
  }

  @Sendable private static func nodeIPs(_ spec: ClusterSpec, _ reading: inout Reading) {
    distinct("nodeIP", spec, &reading) { $0.nodeIP.description }
  }

  @Sendable private static func addresses(_ spec: ClusterSpec, _ reading: inout Reading) {
    var first: [String: SpecPath] = [:]
    for (path, host) in reading.hosts(of: spec, with: "ssh") {
      let isSSHSound = reading.isSound(path["address"]) && reading.isSound(path["port"])
      guard isSSHSound, reading.isSound(path["jump"]) else { continue }
      // Behind different jumps the same private address is another host.
      let key = host.ssh.map { "\($0.address) \($0.port ?? 22) \($0.jump ?? "")" } ?? ""
      let place = host.ssh == nil ? path.parent ?? path : path["address"]
      guard let earlier = first[key] else {
        first[key] = place
        continue
      }
      guard let position = reading.place(earlier) else { continue }
      if let ssh = host.ssh {
        reading.error(
          place,
          "\(ssh.address) is the address of another host already, at \(position)"
        )
      } else {
        reading.error(
          place,
          "has no ssh, and so is this machine, as is the host at \(position)"
        )
      }
    }
  }

  private static func distinct(
    _ key: String,
    _ spec: ClusterSpec,
    _ reading: inout Reading,
    value: (HostSpec) -> String
  ) {
    var first: [String: SpecPath] = [:]
    for (path, host) in reading.hosts(of: spec, with: key) {
      let text = value(host)
      guard let earlier = first[text] else {
        first[text] = path
        continue
      }
      guard let position = reading.place(earlier) else { continue }
      reading.error(path, "\(text) is the \(key) of another host already, at \(position)")
    }
  }

  @Sendable private static func labels(_ spec: ClusterSpec, _ reading: inout Reading) {
    for (path, host) in reading.hosts(of: spec, with: "labels") {
      for key in host.labels.keys.sorted() where !NodeLabel.isAllowed(key) {
        reading.error(
          path[key],
          "a node may not give itself this label: Kubernetes keeps names of kubernetes.io and k8s.io "
            + "for its own use, but those under node.kubernetes.io and kubelet.kubernetes.io"
        )
      }
    }
  }

  @Sendable private static func noNode(_ spec: ClusterSpec, _ reading: inout Reading) {
    for (path, host) in reading.hosts(of: spec, with: "roles")
    where !host.roles.contains(.worker) {
      guard let host = path.parent else { continue }
      for key in ["labels", "taints"] where reading.isWritten(host[key]) {
        reading.warning(host[key], "has no effect: without the role worker the host is no node")
      }
    }
  }
}

/// Which labels a kubelet may give to its node.
///
/// Source: kubernetes 1.20.2, pkg/kubelet/apis/well_known_labels.go; the same set in every minor from
/// 1.16 on, where the kubelet refuses to start with others.
enum NodeLabel {
  private static let allowed: Set<String> = [
    "kubernetes.io/hostname", "kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/os",
    "beta.kubernetes.io/arch", "topology.kubernetes.io/zone", "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region",
    "node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type",
  ]

  static func isAllowed(_ key: String) -> Bool {
    let parts = key.split(separator: "/")
    guard parts.count == 2 else { return true }
    func isIn(_ domain: String) -> Bool { parts[0] == domain || parts[0].hasSuffix("." + domain) }
    return !isIn("kubernetes.io") && !isIn("k8s.io") || allowed.contains(key)
      || isIn("node.kubernetes.io") || isIn("kubelet.kubernetes.io")
  }
}
