// SPDX-License-Identifier: Apache-2.0

import PKI
import Spec
import Testing
import Values

struct PKIProfileTests {
  let cluster = ClusterSpec.sample(
    [("a", [.etcd]), ("b", [.controlPlane]), ("c", [.worker])],
    extraSANs: ["203.0.113.7", "extra.example.org", "kubernetes"]
  )

  private func request(_ name: LeafName) throws -> LeafRequest {
    try #require(PKIProfile.leaves(for: cluster).first { $0.name == name })
  }

  @Test func `a host has only the leaves of its roles`() {
    #expect(
      PKIProfile.leaves(for: cluster).map(\.name.description) == [
        "etcd-server@a", "etcd-peer@a", "apiserver@b", "apiserver-kubelet-client@b",
        "apiserver-etcd-client@b", "front-proxy-client@b", "controller-manager@b", "scheduler@b",
        "kubelet-server@c", "kubelet-client@c", "etcd-healthcheck-client", "kube-proxy", "admin",
      ]
    )
  }

  @Test func `a cluster without workers has no kube-proxy`() {
    let names = PKIProfile.leaves(for: .sample([("a", [.etcd, .controlPlane])])).map(\.name)
    #expect(!names.contains(.kubeProxy))
    #expect(!names.contains(.kubeletClient(host: "a")))
  }

  @Test func `the API server is known by every name it is called, once each`() throws {
    #expect(
      try request(.apiServer(host: "b")).names.map(\.description) == [
        "kubernetes", "kubernetes.default", "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local", "b", "localhost", "10.0.0.2", "10.96.0.1",
        "127.0.0.1", "api.example.org", "203.0.113.7", "extra.example.org",
      ]
    )
  }

  @Test(arguments: [
    (LeafName.etcdServer(host: "a"), "CN=a", AuthorityName.etcd),
    (.etcdPeer(host: "a"), "CN=a", .etcd),
    (.etcdHealthcheckClient, "CN=kube-etcd-healthcheck-client", .etcd),
    (.apiServer(host: "b"), "CN=kube-apiserver", .cluster),
    (.apiServerKubeletClient(host: "b"), "CN=kube-apiserver-kubelet-client", .cluster),
    (.apiServerEtcdClient(host: "b"), "CN=kube-apiserver-etcd-client", .etcd),
    (.frontProxyClient(host: "b"), "CN=front-proxy-client", .frontProxy),
    (.controllerManager(host: "b"), "CN=system:kube-controller-manager", .cluster),
    (.scheduler(host: "b"), "CN=system:kube-scheduler", .cluster),
    (.kubeletServer(host: "c"), "O=system:nodes, CN=system:node:c", .cluster),
    (.kubeletClient(host: "c"), "O=system:nodes, CN=system:node:c", .cluster),
    (.kubeProxy, "CN=system:kube-proxy", .cluster),
    (.admin, "O=system:masters, CN=kubernetes-admin", .cluster),
  ])
  func `subjects and authorities`(
    _ name: LeafName,
    _ subject: String,
    _ authority: AuthorityName
  ) throws {
    let request = try request(name)
    #expect(request.subject.description == subject)
    #expect(request.authority == authority)
  }

  @Test func `only the operator is a master`() {
    let masters = PKIProfile.leaves(for: cluster)
      .filter { $0.subject.organizations.contains("system:masters") }
    #expect(masters.map(\.name) == [.admin])
  }

  @Test(arguments: [("10.1.2.3", true), ("10.1.2.03", false), ("a.b", false), ("1.2.3", false)])
  func `a name is an address or not`(_ text: String, _ isAddress: Bool) {
    let name = SubjectName(text)
    #expect(name.description == text)
    if case .address = name { #expect(isAddress) } else { #expect(!isAddress) }
  }
}
