// SPDX-License-Identifier: Apache-2.0

package import ClusterAPI
import Values

/// One container as `crictl ps --all` lists it on the node, by what the API knows.
package struct NodeContainer: Sendable, Equatable, Codable {
  package var node: String
  /// The first 13 digits of the runtime's id; empty where the container was not made yet.
  package var id: String
  package var image: String
  /// When it was started, RFC 3339; nil where it did not start.
  package var created: String?
  /// `Running`, `Exited`, or the reason why it waits: `ErrImagePull`.
  package var state: String
  package var name: String
  /// How often it was started again.
  package var attempt: Int
  package var namespace: String
  package var pod: String
  /// The pod's RuntimeClass; `default` for the engine's own handler.
  package var handler: String

  package var isRunning: Bool { state == "Running" }

  /// The containers of a Pod object, in the order in which they start.
  package static func all(of pod: JSONValue) -> [NodeContainer] {
    let status = pod["status"]
    let lists = ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"]
    return lists.flatMap { status?[$0]?.array ?? [] }.map { container in
      let state = container["state"]
      let word =
        state?["running"] != nil
        ? "Running"
        : state?["terminated"] != nil
          ? "Exited" : state?["waiting"]?["reason"]?.string ?? "Waiting"
      let id = container["containerID"]?.string ?? ""
      return NodeContainer(
        node: pod["spec"]?["nodeName"]?.string ?? "",
        id: String((id.split(separator: "/").last ?? "").prefix(13)),
        image: container["image"]?.string ?? "",
        created: (state?["running"] ?? state?["terminated"])?["startedAt"]?.string,
        state: TerminalText.escape(word),
        name: container["name"]?.string ?? "",
        attempt: container["restartCount"]?.integer ?? 0,
        namespace: pod["metadata"]?["namespace"]?.string ?? "",
        pod: pod["metadata"]?["name"]?.string ?? "",
        handler: pod["spec"]?["runtimeClassName"]?.string ?? "default"
      )
    }
  }
}

/// What a person looks at on a node that joined.
package enum NodeContainers {
  /// The containers of `node`, by namespace, pod and order.
  ///
  /// - Throws: `Failure` when the API does not answer.
  package static func of(_ node: String, _ api: KubernetesAPI) async throws -> [NodeContainer] {
    let pods = try await api.get("/api/v1/pods?fieldSelector=spec.nodeName%3D\(node)")
    return (pods?["items"]?.array ?? [])
      .sorted { key(of: $0) < key(of: $1) }.flatMap(NodeContainer.all)
  }

  private static func key(of pod: JSONValue) -> String {
    "\(pod["metadata"]?["namespace"]?.string ?? "")/\(pod["metadata"]?["name"]?.string ?? "")"
  }

  /// The heading and a row a container, as `crictl ps` has them.
  package static func rows(_ containers: [NodeContainer]) -> [[String]] {
    [["NODE", "CONTAINER", "IMAGE", "CREATED", "STATE", "NAME", "ATTEMPT", "POD", "HANDLER"]]
      + containers.map {
        [
          $0.node, $0.id.isEmpty ? "-" : $0.id, $0.image, $0.created ?? "-", $0.state, $0.name,
          String($0.attempt), "\($0.namespace)/\($0.pod)", $0.handler,
        ]
      }
  }

  /// Whether any container runs on `node`, and which.
  package static func check(
    node: String,
    _ list: () async throws -> [NodeContainer]
  ) async throws -> Check {
    try await Check.run("node", "containers on \(node)") {
      let containers = try await list()
      let running = containers.filter(\.isRunning)
      let others = containers.filter { !$0.isRunning && $0.state != "Exited" }
      let waiting = others.map { "\($0.name) \($0.state)" }.joined(separator: ", ")
      guard !running.isEmpty else {
        throw Unmet(waiting.isEmpty ? "none" : "none is running: \(waiting)")
      }
      let names = Set(running.map(\.name)).sorted().joined(separator: ", ")
      return "\(running.count) running: \(names)" + (waiting.isEmpty ? "" : "; \(waiting)")
    }
  }
}
