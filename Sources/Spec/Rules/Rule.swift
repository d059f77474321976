// SPDX-License-Identifier: Apache-2.0

import Values

/// Something that must hold between keys that are each right by themselves.
struct Rule: Sendable {
  /// A sentence for the reference.
  let doc: String
  let check: @Sendable (ClusterSpec, inout Reading) -> Void

  /// In the order of the reference.
  static let all: [Self] =
    ControlPlaneRules.all + VersionRules.all + NetworkRules.all + PortRules.all + EndpointRules.all
    + HostRules.all
    + RoleRules.all + CRIORules.all + HandlerRules.all + AdmissionRules.all + SupplyRules.all
}

extension Reading {
  /// The hosts whose value of `key` can be judged, with their places in the file.
  func hosts(
    of spec: ClusterSpec,
    with key: String
  ) -> [(path: SpecPath, host: HostSpec)] {
    spec.hosts.enumerated().compactMap { index, host in
      let path = SpecPath.host(index)[key]
      return isSound(path) ? (path, host) : nil
    }
  }
}
