// SPDX-License-Identifier: Apache-2.0

import Values

/// Where the API is reached.
enum EndpointRules {
  static let all = [
    Rule(
      doc:
        "An endpoint that is just one of several control-plane hosts is warned of: with that host "
        + "the API is gone.",
      check: singlePoint
    ),
    Rule(
      doc: "An endpoint that is a host without the role control-plane is warned of.",
      check: elsewhere
    ),
  ]

  private static func host(
    at endpoint: Endpoint,
    of spec: ClusterSpec,
    _ reading: Reading
  ) -> HostSpec? {
    guard reading.isSound(NetworkRules.endpoint), areRolesSound(spec, reading) else { return nil }
    return spec.hosts.first { host in
      [host.name, host.nodeIP.description, host.ssh?.address].contains(endpoint.host)
    }
  }

  private static func areRolesSound(_ spec: ClusterSpec, _ reading: Reading) -> Bool {
    reading.hosts(of: spec, with: "roles").count == spec.hosts.count
  }

  @Sendable private static func singlePoint(_ spec: ClusterSpec, _ reading: inout Reading) {
    let members = spec.hosts(with: .controlPlane)
    guard members.count > 1, let host = host(at: spec.controlPlane.endpoint, of: spec, reading),
      members.contains(host)
    else { return }
    reading.warning(
      NetworkRules.endpoint,
      "is the host \(host.name), one of \(members.count) with the role control-plane: when it is "
        + "down, so is the API; use a load balancer or a virtual address"
    )
  }

  @Sendable private static func elsewhere(_ spec: ClusterSpec, _ reading: inout Reading) {
    guard let host = host(at: spec.controlPlane.endpoint, of: spec, reading),
      !host.roles.contains(.controlPlane)
    else { return }
    reading.warning(
      NetworkRules.endpoint,
      "is the host \(host.name), which lacks the role control-plane: no API server listens there"
    )
  }
}
