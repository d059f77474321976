// SPDX-License-Identifier: Apache-2.0

package import ClusterAPI
package import Facts
package import Spec
import Values

/// Takes workers out of another's control plane, once nothing of it is left on them.
package struct ClusterDeparture: Sendable {
  /// The instances that are nodes there, by host name; empty where hosts of ours are the control plane.
  package let instances: [String: InstanceIdentity]

  /// - Parameters:
  ///   - cluster: the hosts, and whose control plane they have.
  ///   - found: what the hosts say now.
  ///   - recorded: what was known of them; EC2's names for instances are among it.
  package init(_ cluster: ClusterSpec, found: [String: HostFacts], recorded: [String: HostFacts]) {
    guard cluster.isOfEKS else {
      instances = [:]
      return
    }
    instances = found.reduce(into: [:]) { instances, host in
      let (name, known) = (host.key, recorded[host.key]?.instance)
      let now = host.value.instance
      instances[name] = now == nil || known?.id == now?.id ? known ?? now : now
    }
  }

  /// Deletes the node of a host, by the operator's own credentials.
  /// - Returns: what there is to say; nil where the host is no node.
  package func leave(
    _ host: String,
    by clients: @Sendable () async throws -> ClusterClients
  ) async -> String? {
    guard let instance = instances[host] else { return nil }
    do {
      return try await clients().withAnyAPI { try await Self.delete(instance, $0) }
    } catch {
      return Self.stays(instance.nodeName, error)
    }
  }

  /// Why a node could not be deleted, and who can.
  static func stays(_ node: String, _ error: any Error) -> String {
    let why = (error as? Failure).map { $0.what + ($0.why.map { ", \($0)" } ?? "") }
    return "its node \(node) stays in the cluster: \(why ?? "\(error)"); delete it with "
      + "kubectl delete node \(node)"
  }

  /// Names are used again by other instances, identities are not.
  package static func delete(
    _ instance: InstanceIdentity,
    _ api: KubernetesAPI
  ) async throws -> String {
    let name = instance.nodeName
    guard InstanceIdentity.isHostname(name) else {
      throw Failure(.invalidInput, "that is not the name of a node")
    }
    let path = "/api/v1/nodes/\(name)"
    guard let node = try await api.get(path) else { return "has no node in the cluster" }
    if let provider = node["spec"]?["providerID"]?.string,
      provider.split(separator: "/").last.map(String.init) != instance.id
    {
      return
        "the node \(name) is another instance's by now (\(TerminalText.escape(provider))), and stays"
    }
    try await api.delete(path)
    return "its node \(name) is deleted"
  }
}
