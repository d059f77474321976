// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
package import Components
package import Planner
import Resources
package import Spec
package import Values

/// Compares and applies the objects that the cluster needs in its API.
package struct ObjectPlanner: Sendable {
  package let cluster: ClusterSpec
  package let podSubnets: [String: CIDR]
  /// What earlier runs put on each node.
  package let marks: [String: NodeMarks]
  package let clients: ClusterClients

  /// `nodeNames` has what the cluster calls hosts that it does not call by their names in the spec.
  package init(
    cluster: ClusterSpec,
    podSubnets: [String: CIDR],
    marks: [String: NodeMarks] = [:],
    clients: ClusterClients,
    nodeNames: [String: String] = [:]
  ) {
    var cluster = cluster
    for index in cluster.hosts.indices {
      let name = cluster.hosts[index].name
      cluster.hosts[index].name = nodeNames[name] ?? name
    }
    self.cluster = cluster
    self.podSubnets = podSubnets
    self.marks = Dictionary(
      marks.map { (nodeNames[$0.key] ?? $0.key, $0.value) },
      uniquingKeysWith: { first, _ in first }
    )
    self.clients = clients
  }

  /// What has to change.
  ///
  /// Where no API server runs yet, everything is to be made.
  package func changes(apiMayRun: Bool) async throws -> [Stage: [ObjectChange]] {
    guard apiMayRun else { return try all }
    // Nothing is asked where nothing is wanted: who joins EKS may not be one who may ask.
    guard !hosts.isEmpty || !ClusterObjects.all(cluster).isEmpty else { return [:] }
    do {
      return try await clients.withAnyAPI { api in
        [
          .objects: try await objectChanges(api),
          .nodes: hosts.isEmpty ? [] : try nodeChanges(await nodes(api)),
        ]
      }
    } catch let failure as Failure where failure.kind == .unreachable {
      // What EKS runs is not ours to mend.
      if cluster.isOfEKS { return [:] }
      // The API is down for now; the stages before will mend it, and making what is there is harmless.
      return try all
    }
  }

  /// Makes the objects of `stage` be so.
  package func apply(_ stage: Stage, events: EventSink) async throws {
    try await clients.withAnyAPI { api in
      switch stage {
      case .objects:
        let pending = Set(try await objectChanges(api).map(\.name))
        for object in ClusterObjects.all(cluster) where pending.contains(object.name) {
          let wanted = try Self.json(object.json, of: object.name)
          if try await api.get(object.path) == nil {
            try await api.create(wanted, in: object.collection)
          } else {
            try await api.replace(wanted, at: object.path)
          }
          await events(.stepDone(host: "api", step: object.name))
        }
      case .nodes:
        let nodes = try await nodes(api)
        for host in hosts where try await mend(host, nodes[host.name], api) {
          await events(.stepDone(host: "api", step: host.patch.name))
        }
      case .prepare, .etcd, .controlPlane, .workers: return
      }
    }
  }

  private var hosts: [(name: String, taints: [Taint], patch: ClusterObject)] {
    zip(
      cluster.hosts(with: .worker),
      ClusterObjects.nodePatches(cluster, podSubnets: podSubnets)
    ).map { ($0.name, $0.taints, $1) }
  }

  private var all: [Stage: [ObjectChange]] {
    get throws {
      [
        .objects: ClusterObjects.all(cluster).map { Self.change(.create, $0, "new") },
        .nodes: try nodeChanges([:]),
      ]
    }
  }

  private func objectChanges(_ api: KubernetesAPI) async throws -> [ObjectChange] {
    var changes: [ObjectChange] = []
    for object in ClusterObjects.all(cluster) {
      guard let present = try await api.get(object.path) else {
        changes.append(Self.change(.create, object, "new"))
        continue
      }
      if !present.satisfies(try Self.json(object.json, of: object.name)) {
        changes.append(Self.change(.update, object, "differs"))
      }
    }
    return changes
  }

  /// The nodes that the API has, by name.
  private func nodes(_ api: KubernetesAPI) async throws -> [String: JSONValue] {
    if cluster.isOfEKS {
      // Who is a node of EKS itself may read no more than itself.
      var found: [String: JSONValue] = [:]
      for host in hosts { found[host.name] = try await api.get(host.patch.path) }
      return found
    }
    let nodes = try await api.get("/api/v1/nodes")?["items"]?.array ?? []
    return Dictionary(
      nodes.compactMap { node in node["metadata"]?["name"]?.string.map { ($0, node) } },
      uniquingKeysWith: { first, _ in first }
    )
  }

  private func nodeChanges(_ nodes: [String: JSONValue]) throws -> [ObjectChange] {
    try hosts.compactMap { host in
      try difference(host.patch, host.taints, ours: marks[host.name], nodes[host.name])
        .map { Self.change(.update, host.patch, $0.summary) }
    }
  }

  private func difference(
    _ patch: ClusterObject,
    _ taints: [Taint],
    ours: NodeMarks?,
    _ node: JSONValue?
  ) throws -> NodeDifference? {
    NodeDifference(
      node: node,
      wanted: try Self.json(patch.json, of: patch.name),
      what: patch.summary,
      taints: taints,
      ours: ours ?? NodeMarks()
    )
  }

  /// Returns whether there was something to change.
  private func mend(
    _ host: (name: String, taints: [Taint], patch: ClusterObject),
    _ node: JSONValue?,
    _ api: KubernetesAPI
  ) async throws -> Bool {
    var seen = node
    for _ in 0..<Self.attempts {
      if seen == nil { seen = try await api.get(host.patch.path) }
      guard let node = seen else {
        throw Failure(
          .step,
          "\(host.patch.name) is not registered",
          remedy: "see the kubelet's log on \(host.name)"
        )
      }
      let difference = try difference(host.patch, host.taints, ours: marks[host.name], node)
      guard let difference else { return false }
      if try await api.merge(difference.patch, into: host.patch.path) { return true }
      // Kubelets and controllers write to their nodes all the time.
      seen = nil
    }
    throw Failure(
      .step,
      "\(host.patch.name) changed at each of \(Self.attempts) attempts to patch it",
      remedy: "run the same command again"
    )
  }

  /// Of a patch that is for one version of a node.
  private static let attempts = 10

  private static func json(_ text: String, of name: String) throws -> JSONValue {
    guard let value = JSONValue.parse(Array(text.utf8)) else {
      throw Failure(.internalError, "the object \(name) was rendered as something that is not JSON")
    }
    return value
  }

  private static func change(
    _ action: Change.Action,
    _ object: ClusterObject,
    _ summary: String
  ) -> ObjectChange {
    ObjectChange(action: action, name: object.name, summary: summary, reason: object.reason)
  }
}
