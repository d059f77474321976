// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Spec

/// What a node in the API lacks of what the spec has for it, and what it still has of ours that the spec no
/// longer has.
struct NodeDifference: Sendable, Equatable {
  /// The merge patch that mends it, for the very version of the node that was looked at: lists are replaced
  /// whole, and a taint that somebody else adds meanwhile must not be lost.
  let patch: JSONValue
  /// For a plan: `pod subnet 10.16.0.0/24, 2 labels; taint a=b:NoSchedule; no label tier`.
  let summary: String

  /// nil where the node is as it should be.
  ///
  /// - Parameters:
  ///   - node: as the API has it; nil: it did not say, so that all is taken for different.
  ///   - wanted: what the node must satisfy: labels and pod subnet.
  ///   - what: a name for that.
  ///   - taints: of the spec.
  ///   - ours: what was put there by an earlier spec.
  init?(node: JSONValue?, wanted: JSONValue, what: String, taints: [Taint], ours: NodeMarks) {
    var labels = wanted["metadata"]?["labels"]?.object ?? [:]
    let stale = ours.labels.filter { key in
      labels[key] == nil && (node == nil || node?["metadata"]?["labels"]?[key] != nil)
    }
    for key in stale { labels[key] = .null }

    let list = TaintList(node?["spec"]?["taints"]?.array ?? [])
    let kept = Set(taints.map(\.identity))
    let added = taints.filter { !list.holds($0) }
    let removed = ours.taints.filter { identity in
      !kept.contains(identity) && !TaintList.isOfKubernetes(identity)
        && (node == nil || list.identities.contains(identity))
    }

    let parts =
      (node?.satisfies(wanted) == true ? [] : [what]) + added.map { "taint \($0)" }
      + removed.map { "no taint \($0)" } + stale.map { "no label \($0)" }
    guard !parts.isEmpty else { return nil }
    summary = parts.joined(separator: "; ")

    var metadata: [String: JSONValue] = ["labels": .object(labels)]
    metadata["resourceVersion"] = node?["metadata"]?["resourceVersion"]
    var spec = wanted["spec"]?.object ?? [:]
    if !added.isEmpty || !removed.isEmpty {
      spec["taints"] = list.with(added, without: Set(removed))
    }
    patch = .object(["metadata": .object(metadata), "spec": .object(spec)])
  }
}

/// A node's taints as the API has them; members that we do not know stay.
private struct TaintList {
  let items: [JSONValue]

  init(_ items: [JSONValue]) {
    self.items = items
  }

  private static func identity(_ item: JSONValue) -> String {
    "\(item["key"]?.string ?? ""):\(item["effect"]?.string ?? "")"
  }

  var identities: [String] { items.map(Self.identity) }

  func holds(_ taint: Taint) -> Bool {
    items.contains {
      Self.identity($0) == taint.identity && ($0["value"]?.string ?? "") == taint.value
    }
  }

  /// Whether controllers put it there and take it away by what they see of the node.
  ///
  /// Source: pkg/controller/nodelifecycle and staging/src/k8s.io/cloud-provider of Kubernetes 1.20.
  static func isOfKubernetes(_ identity: String) -> Bool {
    ["node.kubernetes.io/", "node.cloudprovider.kubernetes.io/"].contains {
      identity.hasPrefix($0)
    }
  }

  func with(_ added: [Taint], without removed: Set<String>) -> JSONValue {
    let replaced = removed.union(added.map(\.identity))
    let new = added.map { taint in
      JSONValue.object([
        "key": .string(taint.key), "value": .string(taint.value),
        "effect": .string(taint.effect.rawValue),
      ])
    }
    return .array(items.filter { !replaced.contains(Self.identity($0)) } + new)
  }
}
