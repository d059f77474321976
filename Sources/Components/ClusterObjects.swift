// SPDX-License-Identifier: Apache-2.0

import Catalog
package import Spec
package import Values

/// An object in the Kubernetes API, or what a node there is to be patched with.
package struct ClusterObject: Sendable, Equatable {
  /// `clusterrolebinding/kubewright:kube-apiserver-to-kubelet`, `node/worker-1`.
  package var name: String
  /// Where it is read and replaced: `/api/v1/nodes/worker-1`.
  package var path: String
  /// Where it is created: the path without its name.
  package var collection: String
  package var json: String
  /// What of it will be so, for a plan: `pod subnet 10.16.0.0/24, 2 labels`.
  package var summary: String
  package var reason: String
}

/// What a bare cluster needs in its API beside what every API server makes there by itself.
package enum ClusterObjects {
  /// The objects of the stage `objects`, in the order they are made.
  package static func all(_ cluster: ClusterSpec) -> [ClusterObject] {
    let minor = cluster.kubernetes.version.minor
    // EKS brings its own rights and policies.
    if cluster.isOfEKS { return HandlerObjects.all(cluster) }
    return [kubeletAccess(minor)]
      + HandlerObjects.all(cluster)
      + (Admission.usesPodSecurityPolicy(at: minor) ? PodSecurityPolicies.objects(minor) : [])
      + (cluster.network.cni == .flannel ? Flannel.objects(minor) : [])
  }

  /// kube-proxy and the nodes have their rights from the start (`system:node-proxier`, the Node
  /// authorizer); the API server's own client has none, as it is not in `system:masters`.
  private static func kubeletAccess(_ minor: Minor) -> ClusterObject {
    RBACObject(
      minor: minor,
      kind: "ClusterRoleBinding",
      name: "kubewright:kube-apiserver-to-kubelet"
    )
    .object(
      [
        ("roleRef", RBACObject.clusterRole("system:kubelet-api-admin")),
        ("subjects", [RBACObject.subject("User", "kube-apiserver-kubelet-client")]),
      ],
      reason: "Lets the API server read logs from kubelets and run commands in pods."
    )
  }

  /// The RuntimeClass of each handler; none where the version has no such objects.
  package static func runtimeClasses(_ cluster: ClusterSpec) -> [ClusterObject] {
    HandlerObjects.all(cluster)
  }

  /// The patches of the stage `nodes`: pod subnets, and labels that a kubelet may not set on itself.
  ///
  /// Taints are a list, so that a patch of them hangs on what the node has.
  package static func nodePatches(
    _ cluster: ClusterSpec,
    podSubnets: [String: CIDR]
  ) -> [ClusterObject] {
    cluster.hosts(with: .worker).map { host in
      let labels = labels(of: host, in: cluster)
      var members: [(key: String, value: Document)] = [
        (
          "metadata",
          [
            "labels": .map(
              labels.sorted { $0.key < $1.key }.map { (key: $0.key, value: .text($0.value)) }
            )
          ]
        )
      ]
      var summary = "\(labels.count) labels"
      if let subnet = podSubnets[host.name] {
        // The API server fills podCIDRs from it, where it has that field.
        members.append(("spec", ["podCIDR": .text(subnet.description)]))
        summary = "pod subnet \(subnet), " + summary
      }
      return ClusterObject(
        name: "node/\(host.name)",
        path: "/api/v1/nodes/\(host.name)",
        collection: "/api/v1/nodes",
        json: Document.map(members).json,
        summary: summary,
        reason: "The node's pod subnet, and labels for its roles and from the spec."
      )
    }
  }

  /// The labels that a node is to have: the spec's, its roles', its handlers'.
  package static func labels(of host: HostSpec, in cluster: ClusterSpec) -> [String: String] {
    var labels = host.labels.merging(HandlerObjects.labels(of: host)) { own, _ in own }
    // Roles of EKS's nodes are for its owner to name.
    if cluster.isOfEKS { return labels }
    let minor = cluster.kubernetes.version.minor
    labels["node-role.kubernetes.io/worker"] = ""
    if host.roles.contains(.controlPlane) {
      labels[Catalog.standard.fact(.controlPlaneLabel, at: minor)] = ""
    }
    return labels
  }
}

/// The frame that RBAC objects share.
struct RBACObject {
  let minor: Minor
  let kind: String
  let name: String
  var namespace: String?

  func object(
    _ members: [(key: String, value: Document)],
    reason: String
  ) -> ClusterObject {
    let version = Catalog.standard.fact(.rbacAPIVersion, at: minor)
    let scope = namespace.map { "/namespaces/\($0)" } ?? ""
    let collection = "/apis/\(version)\(scope)/\(kind.lowercased())s"
    let metadata: Document =
      namespace.map { ["name": .text(name), "namespace": .text($0)] } ?? ["name": .text(name)]
    let document = Document.map(
      [("apiVersion", .text(version)), ("kind", .text(kind)), ("metadata", metadata)] + members
    )
    return ClusterObject(
      name: "\(kind.lowercased())/\(name)",
      path: "\(collection)/\(name)",
      collection: collection,
      json: document.json,
      summary: "new",
      reason: reason
    )
  }

  static func clusterRole(_ name: String) -> Document {
    ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": .text(name)]
  }

  static func subject(_ kind: String, _ name: String) -> Document {
    ["apiGroup": "rbac.authorization.k8s.io", "kind": .text(kind), "name": .text(name)]
  }
}
