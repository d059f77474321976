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
  package let clients: ClusterClients
  /// What the cluster calls hosts that it does not call by their names in the spec.
  package let nodeNames: [String: String]

  package init(
    cluster: ClusterSpec,
    podSubnets: [String: CIDR],
    clients: ClusterClients,
    nodeNames: [String: String] = [:]
  ) {
    self.cluster = cluster
    self.podSubnets = podSubnets
    self.clients = clients
    self.nodeNames = nodeNames
  }

  /// What has to change.
  ///
  /// Where no API server runs yet, everything is to be made.
  package func changes(apiMayRun: Bool) async throws -> [Stage: [ObjectChange]] {
    guard apiMayRun else { return all }
    do {
      return try await clients.withAnyAPI { api in
        [.objects: try await objectChanges(api), .nodes: try await nodeChanges(api)]
      }
    } catch let failure as Failure where failure.kind == .unreachable {
      // The API is down for now; the stages before will mend it, and making what is there is harmless.
      return all
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
        let pending = Set(try await nodeChanges(api).map(\.name))
        for patch in nodePatches where pending.contains(patch.name) {
          try await api.merge(Self.json(patch.json, of: patch.name), into: patch.path)
          await events(.stepDone(host: "api", step: patch.name))
        }
      case .prepare, .etcd, .controlPlane, .workers: return
      }
    }
  }

  private var nodePatches: [ClusterObject] {
    ClusterObjects.nodePatches(cluster, podSubnets: podSubnets, nodeNames: nodeNames)
  }

  private var all: [Stage: [ObjectChange]] {
    [
      .objects: ClusterObjects.all(cluster).map { Self.change(.create, $0, "new") },
      .nodes: nodePatches.map { Self.change(.update, $0, $0.summary) },
    ]
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

  private func nodeChanges(_ api: KubernetesAPI) async throws -> [ObjectChange] {
    let nodes = try await api.get("/api/v1/nodes")?["items"]?.array ?? []
    let byName = Dictionary(
      nodes.compactMap { node in node["metadata"]?["name"]?.string.map { ($0, node) } },
      uniquingKeysWith: { first, _ in first }
    )
    var changes: [ObjectChange] = []
    for patch in nodePatches {
      let name = String(patch.name.split(separator: "/").last ?? "")
      if let node = byName[name], node.satisfies(try Self.json(patch.json, of: patch.name)) {
        continue
      }
      changes.append(Self.change(.update, patch, patch.summary))
    }
    return changes
  }

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
