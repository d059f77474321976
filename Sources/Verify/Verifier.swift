// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
package import Engine
import PKI
package import Spec
import Values

/// Makes every assertion that a person would make of a fresh cluster.
package struct Verifier: Sendable {
  private let cluster: ClusterSpec
  private let clients: ClusterClients
  private let patience: Duration

  /// How long a cluster that has just come up may take to answer everywhere, unless said otherwise.
  package static let usualPatience = Duration.seconds(30)

  /// What may pass by itself is waited for as long as `patience`, once for the whole run.
  package init(
    cluster: ClusterSpec,
    clients: ClusterClients,
    patience: Duration = usualPatience
  ) {
    self.cluster = cluster
    self.clients = clients
    self.patience = patience
  }

  /// Runs all checks; what cannot be tried because something before it failed is a failed check too.
  /// - Throws: only cancellation and defects.
  package func run() async throws -> [Check] {
    let settling = Settling(patience: patience)
    let control = ControlPlaneChecks(cluster: cluster, clients: clients, settling: settling)
    let isEKS = cluster.isOfEKS
    async let certificates =
      isEKS
      ? [] : CertificateChecks(cluster: cluster, clients: clients, settling: settling).run()
    var checks = try await control.apiServers()
    checks += try await control.etcd()
    let nodes = try await control.nodes()
    checks += nodes
    let ready = Set(nodes.filter(\.passed).map(\.subject))
    for host in cluster.hosts(with: .worker) where ready.contains(host.name) {
      checks += try await LabelSelection.checks(node: host.name, labels: host.labels) { path in
        try await clients.withAnyAPI { try await $0.get(path) }
      }
    }
    checks += try await certificates
    checks += try await inNamespace(control: control, ready: ready)
    return checks
  }

  private func inNamespace(
    control: ControlPlaneChecks,
    ready: Set<String>
  ) async throws -> [Check] {
    let suffix = String(UInt32.random(in: 0...UInt32.max), radix: 16)
    let namespace = "kubewright-verify-\(suffix)"
    let object = JSONValue.object([
      "apiVersion": .string("v1"), "kind": .string("Namespace"),
      "metadata": .object([
        "name": .string(namespace),
        "labels": .object(["pod-security.kubernetes.io/enforce": .string("privileged")]),
      ]),
    ])
    let created = try await Check.run("api", "makes a namespace") {
      _ = try await clients.withAnyAPI { try await $0.create(object, in: "/api/v1/namespaces") }
      return namespace
    }
    guard created.passed else { return [created] }
    var checks = [created]
    do {
      if !cluster.isOfEKS {
        checks.append(try await control.encryption(namespace: namespace))
      }
      let pods = TestPods(clients: clients, namespace: namespace, image: try await image())
      checks += try await WorkloadChecks(cluster: cluster, pods: pods, ready: ready).run()
      checks += try await HandlerChecks(cluster: cluster, pods: pods, ready: ready).run()
    } catch {
      await remove(namespace)
      throw error
    }
    await remove(namespace)
    return checks
  }

  /// Takes the namespace away again; where that fails the next check of the API tells why.
  private func remove(_ namespace: String) async {
    let clients = clients
    // Not a child task: the namespace goes even when the run was cancelled.
    await Task.detached {
      do {
        try await clients.withAnyAPI { try await $0.delete("/api/v1/namespaces/\(namespace)") }
      } catch { return }
    }.value
  }

  /// The image of the test pods: the one that was delivered with the cluster, or the public one.
  private func image() async throws -> String {
    let nodes = try await clients.withAnyAPI { try await $0.get("/api/v1/nodes") }
    let names = (nodes?["items"]?.array ?? []).flatMap { $0["status"]?["images"]?.array ?? [] }
      .flatMap { $0["names"]?.array ?? [] }.compactMap(\.string)
    return names.contains(Self.deliveredImage) ? Self.deliveredImage : Self.publicImage
  }

  private static let deliveredImage = "kubewright.local/busybox:1"
  private static let publicImage = "registry.k8s.io/e2e-test-images/busybox:1.29-4"
}
