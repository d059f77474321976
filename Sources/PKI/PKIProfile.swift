// SPDX-License-Identifier: Apache-2.0

package import Spec
import Values

/// Which leaves a cluster needs.
///
/// The set follows kubeadm's
/// (https://kubernetes.io/docs/setup/best-practices/certificates/); it differs where less is enough: no
/// client but the operator is in `system:masters`, and each host has certificates of its own.
package enum PKIProfile {
  /// Every leaf of `cluster`, in the order of its hosts; the leaves that belong to no host come last.
  package static func leaves(for cluster: ClusterSpec) -> [LeafRequest] {
    var leaves: [LeafRequest] = []
    for host in cluster.hosts {
      if host.roles.contains(.etcd) { leaves += etcd(host) }
      if host.roles.contains(.controlPlane) { leaves += controlPlane(host, cluster) }
      if host.roles.contains(.worker) { leaves += kubelet(host) }
    }
    if !cluster.hosts(with: .etcd).isEmpty {
      leaves.append(
        client(
          .etcdHealthcheckClient,
          .etcd,
          LeafSubject("kube-etcd-healthcheck-client")
        )
      )
    }
    if !cluster.hosts(with: .worker).isEmpty {
      leaves.append(client(.kubeProxy, .cluster, LeafSubject("system:kube-proxy")))
    }
    if cluster.network.cni == .flannel {
      leaves.append(client(.flannel, .cluster, LeafSubject("flannel")))
    }
    leaves.append(
      client(
        .admin,
        .cluster,
        LeafSubject("kubernetes-admin", organizations: ["system:masters"])
      )
    )
    return leaves
  }

  private static func client(
    _ name: LeafName,
    _ authority: AuthorityName,
    _ subject: LeafSubject
  ) -> LeafRequest {
    LeafRequest(name: name, authority: authority, subject: subject, usages: [.client])
  }

  /// A member's server certificate is a client's too: etcd's own gateway shows it when it calls itself.
  private static func etcd(_ host: HostSpec) -> [LeafRequest] {
    let names = unique([
      .dns(host.name), .dns("localhost"), .address(host.nodeIP), .address(loopback),
    ])
    return [LeafName.etcdServer(host: host.name), .etcdPeer(host: host.name)].map {
      LeafRequest(
        name: $0,
        authority: .etcd,
        subject: LeafSubject(host.name),
        names: names,
        usages: [.server, .client]
      )
    }
  }

  private static func controlPlane(_ host: HostSpec, _ cluster: ClusterSpec) -> [LeafRequest] {
    let names: [SubjectName] =
      [
        .dns("kubernetes"), .dns("kubernetes.default"), .dns("kubernetes.default.svc"),
        .dns("kubernetes.default.svc.\(cluster.network.dnsDomain)"), .dns(host.name),
        .dns("localhost"), .address(host.nodeIP), .address(cluster.network.apiServiceAddress),
        // The host's own clients, and the operator's through a tunnel, connect there.
        .address(loopback), SubjectName(cluster.controlPlane.endpoint.host),
      ] + cluster.controlPlane.extraSANs.map(SubjectName.init)
    return [
      LeafRequest(
        name: .apiServer(host: host.name),
        authority: .cluster,
        subject: LeafSubject("kube-apiserver"),
        names: unique(names),
        usages: [.server]
      ),
      // RBAC grants this user the kubelets' API; kubeadm puts it into system:masters instead.
      client(
        .apiServerKubeletClient(host: host.name),
        .cluster,
        LeafSubject("kube-apiserver-kubelet-client")
      ),
      client(
        .apiServerEtcdClient(host: host.name),
        .etcd,
        LeafSubject("kube-apiserver-etcd-client")
      ),
      client(
        .frontProxyClient(host: host.name),
        .frontProxy,
        LeafSubject("front-proxy-client")
      ),
      client(
        .controllerManager(host: host.name),
        .cluster,
        LeafSubject("system:kube-controller-manager")
      ),
      client(.scheduler(host: host.name), .cluster, LeafSubject("system:kube-scheduler")),
    ]
  }

  private static func kubelet(_ host: HostSpec) -> [LeafRequest] {
    let node = LeafSubject("system:node:\(host.name)", organizations: ["system:nodes"])
    return [
      LeafRequest(
        name: .kubeletServer(host: host.name),
        authority: .cluster,
        subject: node,
        names: unique([.dns(host.name), .address(host.nodeIP)]),
        usages: [.server]
      ),
      client(.kubeletClient(host: host.name), .cluster, node),
    ]
  }

  private static let loopback = IPv4Address(raw: 0x7F00_0001)

  private static func unique(_ names: [SubjectName]) -> [SubjectName] {
    var seen: Set<SubjectName> = []
    return names.filter { seen.insert($0).inserted }
  }
}
