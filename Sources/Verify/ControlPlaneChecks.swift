// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Engine
import FoundationEssentials
import Spec
import Values

/// API servers, etcd members, nodes.
struct ControlPlaneChecks: Sendable {
  let cluster: ClusterSpec
  let clients: ClusterClients
  let settling: Settling

  /// `/readyz` and `/livez` of every API server, and that it is the version that the spec names.
  func apiServers() async throws -> [Check] {
    if cluster.isOfEKS { return try await apiServerOfEKS() }
    var checks: [Check] = []
    for host in cluster.hosts(with: .controlPlane) {
      for path in ["/readyz", "/livez"] {
        checks.append(
          try await readiness(of: host.name, path) {
            try await clients.withAPI(of: host.name) { try await $0.readiness(path) }
          }
        )
      }
      checks.append(
        try await Check.run("api", "\(host.name) version") {
          let version = try await clients.withAPI(of: host.name) { try await $0.get("/version") }
          let found = version?["gitVersion"]?.string ?? "none"
          let wanted = cluster.kubernetes.version.description
          guard found == wanted else { throw Unmet("\(found), the spec says \(wanted)") }
          return "\(found) \(version?["platform"]?.string ?? "")"
        }
      )
    }
    return checks
  }

  private func readiness(
    of name: String,
    _ path: String,
    _ answer: () async throws -> (ready: Bool, detail: String)
  ) async throws -> Check {
    try await Check.run("api", "\(name) \(path)", settling: settling) {
      let answer = try await answer()
      guard answer.ready else { throw Unmet(answer.detail, mayPass: true) }
      return answer.detail
    }
  }

  /// EKS's API server is there, and no older than our kubelets, which Kubernetes does not allow.
  private func apiServerOfEKS() async throws -> [Check] {
    let subject = clients.eks?.endpoint ?? "EKS"
    return [
      try await readiness(of: subject, "/readyz") {
        try await clients.withAnyAPI { try await $0.readiness() }
      },
      try await Check.run("api", "\(subject) version") {
        let version = try await clients.withAnyAPI { try await $0.get("/version") }
        let found = version?["gitVersion"]?.string ?? "none"
        let ours = cluster.kubernetes.version
        guard let theirs = KubernetesVersion(String(found.prefix { $0 != "-" && $0 != "+" })) else {
          throw Unmet("says its version is \(found)")
        }
        guard theirs.minor >= ours.minor else {
          throw Unmet("\(found) is older than the kubelets' \(ours)")
        }
        return "\(found), kubelets \(ours)"
      },
    ]
  }

  /// Every etcd member is healthy, and the members are the hosts of the spec.
  func etcd() async throws -> [Check] {
    var checks: [Check] = []
    let hosts = cluster.hosts(with: .etcd)
    let wanted = hosts.map(\.name).sorted()
    for host in hosts {
      checks.append(
        try await Check.run("etcd", host.name, settling: settling) {
          try await clients.withEtcd(of: host.name) { etcd in
            guard try await etcd.health() else {
              throw Unmet("says that it is not healthy", mayPass: true)
            }
            let members = try await etcd.members().map(\.name).sorted()
            guard members == wanted else {
              throw Unmet(
                "its members are \(members.joined(separator: ", ")), the spec says "
                  + wanted.joined(separator: ", ")
              )
            }
            return "healthy, \(members.count) members, \(try await etcd.version())"
          }
        }
      )
    }
    return checks
  }

  /// Every worker is a Ready node of the right version and address.
  func nodes() async throws -> [Check] {
    let hosts = cluster.hosts(with: .worker)
    var nodes: [NodeStatus] = []
    do {
      try await settling.rest {
        nodes =
          !cluster.isOfEKS
          ? try await clients.withAnyAPI { try await $0.nodes() }
          : try await clients.nodes(hosts.map(\.name))
        let waiting = nodes.filter { node in
          !node.ready && hosts.contains { $0.name == node.name }
        }
        guard waiting.isEmpty else { throw Unmet("NotReady", mayPass: true) }
      }
    } catch is Unmet {
      // Told below, for each node.
    } catch let failure as Failure {
      return hosts.map {
        Check(
          area: "node",
          subject: $0.name,
          passed: false,
          detail: "the API does not answer: \(failure.why ?? failure.what)"
        )
      }
    }
    var checks: [Check] = []
    for host in hosts {
      checks.append(
        try await Check.run("node", host.name) {
          guard let node = nodes.first(where: { $0.name == host.name }) else {
            throw Unmet("has not registered")
          }
          guard node.ready else { throw Unmet("NotReady: \(node.reason)") }
          let wanted = cluster.kubernetes.version.description
          guard node.kubeletVersion == wanted else {
            throw Unmet("kubelet \(node.kubeletVersion), the spec says \(wanted)")
          }
          guard node.internalIP == host.nodeIP.description else {
            throw Unmet("its address is \(node.internalIP ?? "none"), the spec says \(host.nodeIP)")
          }
          return "Ready, \(node.kubeletVersion), \(node.runtime), pods \(node.podCIDR ?? "-")"
        }
      )
    }
    let strangers = nodes.map(\.name).filter { name in !hosts.contains { $0.name == name } }
    for name in strangers {
      checks.append(
        Check(area: "node", subject: name, passed: false, detail: "is no host of the spec")
      )
    }
    return checks
  }

  /// A secret written through the API must not be readable in etcd.
  func encryption(namespace: String) async throws -> Check {
    let provider = cluster.secretsEncryption.provider
    return try await Check.run("secrets", "encrypted at rest") {
      guard provider != .identity else { return "not asked for: provider identity" }
      guard let member = cluster.hosts(with: .etcd).first else { throw Unmet("no etcd host") }
      let plain = "kubewright-verify-plaintext"
      let secret = JSONValue.object([
        "apiVersion": .string("v1"), "kind": .string("Secret"),
        "metadata": .object(["name": .string("at-rest")]),
        "data": .object(["probe": .string(Data(plain.utf8).base64EncodedString())]),
      ])
      _ = try await clients.withAnyAPI {
        try await $0.create(secret, in: "/api/v1/namespaces/\(namespace)/secrets")
      }
      let raw = try await clients.withEtcd(of: member.name) {
        try await $0.value(of: "/registry/secrets/\(namespace)/at-rest")
      }
      guard let raw else { throw Unmet("etcd does not have the secret that was written") }
      let text = String(decoding: raw, as: UTF8.self)
      let prefix = "k8s:enc:\(provider.rawValue):"
      guard text.hasPrefix(prefix), !text.contains(plain) else {
        throw Unmet(
          "etcd holds it as \(text.hasPrefix("k8s:enc:") ? "another kind" : "plain text")"
        )
      }
      return "etcd holds \(prefix)…"
    }
  }
}
