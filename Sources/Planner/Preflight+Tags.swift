// SPDX-License-Identifier: Apache-2.0

package import Components
package import Facts
package import Spec
package import Values

extension Preflight {
  /// What instances' tags say that should be otherwise.
  package struct TagReport: Sendable, Equatable {
    /// What keeps a node from coming.
    package var faults: [Failure] = []
    /// What does not: EKS lets a node in by its role, and not by its tags.
    package var warnings: [Failure] = []
  }

  /// Whether each instance carries the tag of its cluster, `kubernetes.io/cluster/NAME`.
  ///
  /// - Parameters:
  ///   - cluster: the spec.
  ///   - facts: with the tags as metadata or EC2 tell them, by host.
  ///   - membership: the cluster that the hosts are to join.
  ///   - unchecked: why EC2 did not tell tags that metadata do not show.
  /// - Returns: faults and warnings, in the order of the spec.
  package static func tags(
    cluster: ClusterSpec,
    facts: [String: HostFacts],
    membership: EKSMembership,
    unchecked: String
  ) -> TagReport {
    let examiner = TagExaminer(
      membership: membership,
      isInTree: membership.cloudProvider(at: cluster.kubernetes.version.minor) == .inTree
    )
    var report = TagReport()
    var missing: [(host: String, id: String)] = []
    var unknown: [(host: String, id: String)] = []
    for host in cluster.hosts {
      guard let instance = facts[host.name]?.instance else { continue }
      guard let tags = instance.tags else {
        unknown.append((host.name, instance.id))
        continue
      }
      if let fault = examiner.fault(of: host.name, instance.id, tags) {
        report.faults.append(fault)
      } else if ClusterTag.named(in: tags).isEmpty {
        missing.append((host.name, instance.id))
      } else if let warning = examiner.warning(of: host.name, instance.id, tags) {
        report.warnings.append(warning)
      }
    }
    if !missing.isEmpty { report.warnings.append(examiner.missing(missing)) }
    if !unknown.isEmpty { report.warnings.append(examiner.unknown(unknown, why: unchecked)) }
    return report
  }
}

/// Looks at tags for one cluster.
private struct TagExaminer {
  let membership: EKSMembership
  /// Whether kubelets have Kubernetes' own code for AWS.
  let isInTree: Bool

  private var cluster: String { membership.cluster }
  private var key: String { ClusterTag.key(of: cluster) }

  /// The code for AWS in Kubernetes ends where it finds two such tags, whatever their values.
  func fault(of host: String, _ id: String, _ tags: [String: String]) -> Failure? {
    let named = ClusterTag.named(in: tags)
    guard isInTree, named.count > 1 else { return nil }
    return Failure(
      .preflight,
      host: host,
      "its instance is tagged for \(named.count) clusters, with which the in-tree cloud provider of a kubelet"
        + " does not start",
      why: named.map { "\(ClusterTag.key(of: $0)) = \(tags[ClusterTag.key(of: $0)] ?? "")" }
        .joined(separator: "\n"),
      remedy: "leave the one of its cluster:\n"
        + named.filter { $0 != cluster }.map { delete($0, from: id) }.joined(separator: "\n")
    )
  }

  func warning(of host: String, _ id: String, _ tags: [String: String]) -> Failure? {
    if ClusterTag.clusters(in: tags).contains(cluster) { return nil }
    if let value = tags[key] {
      return Failure(
        .preflight,
        host: host,
        "its instance's tag \(key) is neither owned nor shared",
        why: "its value is '\(value)'",
        remedy: create([id])
      )
    }
    let others = ClusterTag.named(in: tags)
    return Failure(
      .preflight,
      host: host,
      "its instance is tagged for another cluster than \(cluster): \(others.joined(separator: ", "))",
      why: reason,
      remedy: "see that it is the right instance; if so:\n"
        + ([create([id])] + others.map { delete($0, from: id) }).joined(separator: "\n")
    )
  }

  func missing(_ instances: [(host: String, id: String)]) -> Failure {
    Failure(
      .preflight,
      "without the tag \(key): \(instances.map(\.host).joined(separator: ", "))",
      why: reason,
      remedy: create(instances.map(\.id))
    )
  }

  func unknown(_ instances: [(host: String, id: String)], why: String) -> Failure {
    Failure(
      .preflight,
      "the tag \(key) could not be checked: \(instances.map(\.host).joined(separator: ", "))",
      why: why,
      remedy: "let instances show their tags, for each: "
        + Shell.command(
          ["aws", "ec2", "modify-instance-metadata-options", "--instance-id", instances[0].id]
            + ["--instance-metadata-tags", "enabled", "--region", membership.region]
        )
    )
  }

  private var reason: String {
    isInTree
      ? "the in-tree cloud provider, load balancers and security groups go by it; the node joins without"
      : "load balancers and security groups go by it; the node joins without"
  }

  private func create(_ ids: [String]) -> String {
    Shell.command(
      ["aws", "ec2", "create-tags", "--resources"] + ids
        + ["--tags", "Key=\(key),Value=owned", "--region", membership.region]
    )
  }

  private func delete(_ other: String, from id: String) -> String {
    Shell.command(
      ["aws", "ec2", "delete-tags", "--resources", id]
        + ["--tags", "Key=\(ClusterTag.key(of: other))", "--region", membership.region]
    )
  }
}
