// SPDX-License-Identifier: Apache-2.0

package import ClusterAPI

/// That a node is found by its labels, as `kubectl get nodes --selector` finds it.
package enum LabelSelection {
  /// One check a label of `labels`, which are those of the spec's host.
  ///
  /// `get` reads a path of the API; nil where there is nothing.
  package static func checks(
    node: String,
    labels: [String: String],
    _ get: (String) async throws -> JSONValue?
  ) async throws -> [Check] {
    var checks: [Check] = []
    for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
      checks.append(
        try await Check.run("node", "\(node) by label \(key)=\(value)") {
          let list = try await get("/api/v1/nodes?labelSelector=\(query("\(key)=\(value)"))")
          let nodes = (list?["items"]?.array ?? []).map(NodeStatus.init)
          guard let found = nodes.first(where: { $0.name == node }) else {
            throw Unmet("is not among the \(nodes.count) nodes with that label")
          }
          guard found.ready else { throw Unmet("NotReady: \(found.reason)") }
          return "Ready, one of \(nodes.count)"
        }
      )
    }
    return checks
  }

  /// Percent-encodes what has a meaning in a query; labels have letters, digits and `-._/` beside it.
  private static func query(_ text: String) -> String {
    text.replacing("/", with: "%2F").replacing("=", with: "%3D")
  }
}
