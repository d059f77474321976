// SPDX-License-Identifier: Apache-2.0

package import Spec
package import Values

/// What a running cluster says of itself.
///
/// By it changes of the spec are judged that the cluster would not outlive; what it does not say is not known.
package struct LivingCluster: Sendable, Equatable {
  /// A node as the API has it.
  package struct Node: Sendable, Equatable {
    package var name: String
    package var address: IPv4Address?
    package var podSubnet: CIDR?

    package init(name: String, address: IPv4Address? = nil, podSubnet: CIDR? = nil) {
      self.name = name
      self.address = address
      self.podSubnet = podSubnet
    }
  }

  /// The release that each API server runs, by host name.
  package var releases: [String: KubernetesVersion]
  /// The address of the service `kubernetes`, the first of the service network.
  package var apiService: IPv4Address?
  package var nodes: [Node]

  package init(
    releases: [String: KubernetesVersion] = [:],
    apiService: IPv4Address? = nil,
    nodes: [Node] = []
  ) {
    self.releases = releases
    self.apiService = apiService
    self.nodes = nodes
  }

  /// The pod subnets that nodes have, by node name: what the API was told cannot be taken back.
  package var podSubnets: [String: CIDR] {
    Dictionary(
      nodes.compactMap { node in node.podSubnet.map { (node.name, $0) } },
      uniquingKeysWith: { first, _ in first }
    )
  }

  // MARK: Faults

  /// What the spec asks for that would break the cluster.
  ///
  /// `holders` are the hosts that belong to the cluster already.
  package func faults(of cluster: ClusterSpec, holders: Set<String>) -> [Failure] {
    releaseFaults(cluster) + serviceFaults(cluster) + nameFaults(cluster, holders: holders)
  }

  /// Between minors there is no way back, and each is a step of its own (kubernetes.io, version skew policy).
  private func releaseFaults(_ cluster: ClusterSpec) -> [Failure] {
    let wanted = cluster.kubernetes.version
    return releases.sorted { $0.key < $1.key }.compactMap { host, running in
      let next = Minor(running.minor.major, running.minor.minor + 1)
      guard wanted.minor != running.minor, wanted.minor != next else { return nil }
      let isBack = wanted.minor < running.minor
      return Failure(
        .preflight,
        host: host,
        "its API server runs \(running), which cannot go to \(wanted)",
        why: isBack
          ? "an older minor does not read what a newer one wrote to etcd"
          : "Kubernetes is upgraded one minor at a time",
        remedy: isBack
          ? "set kubernetes.version to a release of \(running.minor) or \(next)"
          : "set kubernetes.version to a release of \(next) first"
      )
    }
  }

  private func serviceFaults(_ cluster: ClusterSpec) -> [Failure] {
    let wanted = cluster.network.serviceCIDR
    guard let apiService, !wanted.contains(apiService) else { return [] }
    return [
      Failure(
        .preflight,
        "the cluster's services lie outside network.serviceCIDR \(wanted)",
        why: "the service kubernetes has the address \(apiService)",
        remedy:
          "put the former serviceCIDR back: the service network of a living cluster cannot be "
          + "moved"
      )
    ]
  }

  /// A node that got another name would keep the bridge of the former one's pods, and no pod would start.
  private func nameFaults(_ cluster: ClusterSpec, holders: Set<String>) -> [Failure] {
    cluster.hosts.compactMap { host in
      guard holders.contains(host.name), !nodes.contains(where: { $0.name == host.name }),
        let former = strangers(cluster).first(where: { $0.address == host.nodeIP })
      else { return nil }
      return Failure(
        .preflight,
        host: host.name,
        "is the node \(TerminalText.escape(former.name)) of this cluster, and a node cannot be renamed",
        remedy:
          "put its former name back; or reset it under that name with --host, delete the node with "
          + "kubectl, and give it the new name then"
      )
    }
  }

  // MARK: Warnings

  /// Nodes that no host of the spec is: what runs there goes on, and nobody looks after it.
  package func warnings(of cluster: ClusterSpec) -> [String] {
    strangers(cluster).map { node in
      let name = TerminalText.escape(node.name)
      return
        "the node \(name) is no host of the spec: it stays in the cluster, with its credentials, until "
        + "it is reset (`kubewright reset --host \(name)`, by a spec that has it) and deleted "
        + "(`kubectl delete node \(name)`)"
    }
  }

  private func strangers(_ cluster: ClusterSpec) -> [Node] {
    let names = Set(cluster.hosts.map(\.name))
    return nodes.filter { !names.contains($0.name) }.sorted { $0.name < $1.name }
  }
}
