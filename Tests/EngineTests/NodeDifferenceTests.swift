// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Spec
import TestSupport
import Testing
import Values

@testable import Engine

@Suite struct NodeDifferenceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// The node's labels and taints.
    var labels = #"{"tier": "leaf", "kubernetes.io/os": "linux"}"#
    var taints = "[]"
    var wanted: [Taint] = []
    var ours = NodeMarks()
    /// nil: nothing is to be done.
    var summary: String?
    /// What the node has afterwards.
    var labelsAfter: String?
    var taintsAfter: String?
  }

  private static let dedicated = Taint(key: "dedicated", value: "db", effect: .noSchedule)
  private static let dedicatedText =
    #"{"key": "dedicated", "value": "db", "effect": "NoSchedule"}"#
  private static let notReady =
    #"{"key": "node.kubernetes.io/not-ready", "effect": "NoExecute", "timeAdded": "2026-01-01T00:00:00Z"}"#

  static let cases: [Case] = [
    Case(testDescription: "a node as it should be"),
    Case(
      testDescription: "its taints too, whatever others put there",
      taints: "[\(notReady), \(dedicatedText)]",
      wanted: [dedicated],
      ours: NodeMarks(labels: ["tier"], taints: ["dedicated:NoSchedule"])
    ),
    Case(
      testDescription: "a missing label",
      labels: "{}",
      summary: "1 labels",
      labelsAfter: #"{"tier": "leaf"}"#
    ),
    Case(
      testDescription: "a missing taint joins those of others",
      taints: "[\(notReady)]",
      wanted: [dedicated],
      summary: "taint dedicated=db:NoSchedule",
      taintsAfter: "[\(notReady), \(dedicatedText)]"
    ),
    Case(
      testDescription: "another value takes the place of the old one",
      taints:
        #"[{"key": "dedicated", "effect": "NoSchedule"}, {"key": "x", "effect": "NoExecute"}]"#,
      wanted: [dedicated],
      summary: "taint dedicated=db:NoSchedule",
      taintsAfter: #"[{"key": "x", "effect": "NoExecute"}, \#(dedicatedText)]"#
    ),
    Case(
      testDescription: "another effect is another taint",
      taints: #"[{"key": "dedicated", "value": "db", "effect": "NoExecute"}]"#,
      wanted: [dedicated],
      summary: "taint dedicated=db:NoSchedule",
      taintsAfter:
        #"[{"key": "dedicated", "value": "db", "effect": "NoExecute"}, \#(dedicatedText)]"#
    ),
    Case(
      testDescription: "what we never put there stays",
      taints: "[\(dedicatedText)]",
      ours: NodeMarks(labels: ["tier"], taints: ["other:NoSchedule"])
    ),
    Case(
      testDescription: "ours goes once the spec has it no more",
      taints: "[\(notReady), \(dedicatedText)]",
      ours: NodeMarks(taints: ["dedicated:NoSchedule"]),
      summary: "no taint dedicated:NoSchedule",
      taintsAfter: "[\(notReady)]"
    ),
    Case(
      testDescription: "Kubernetes' own taints are its own, even where a spec had one",
      taints: "[\(notReady)]",
      ours: NodeMarks(taints: ["node.kubernetes.io/not-ready:NoExecute"])
    ),
    Case(
      testDescription: "a label of ours goes, one that is gone already is none",
      labels: #"{"tier": "leaf", "rack": "7", "kubernetes.io/os": "linux"}"#,
      ours: NodeMarks(labels: ["rack", "tier", "gone"]),
      summary: "no label rack",
      labelsAfter: #"{"tier": "leaf", "kubernetes.io/os": "linux"}"#
    ),
  ]

  @Test(arguments: cases)
  func itIsWhatTheNodeLacks(row: Case) throws {
    let node = try json(
      """
      {"metadata": {"labels": \(row.labels), "resourceVersion": "7"},
       "spec": {"podCIDR": "10.0.0.0/24", "taints": \(row.taints)}}
      """
    )
    let difference = NodeDifference(
      node: node,
      wanted: Self.wanted,
      what: "1 labels",
      taints: row.wanted,
      ours: row.ours
    )
    #expect(difference?.summary == row.summary)
    guard let difference else { return }
    #expect(difference.patch["metadata"]?["resourceVersion"]?.string == "7")
    let after = Self.merge(difference.patch, into: node)
    #expect(try after["metadata"]?["labels"] == json(row.labelsAfter ?? row.labels))
    #expect(try after["spec"]?["taints"] == json(row.taintsAfter ?? row.taints))
    #expect(
      NodeDifference(
        node: after,
        wanted: Self.wanted,
        what: "1 labels",
        taints: row.wanted,
        ours: row.ours
      ) == nil,
      "a second run changes nothing"
    )
  }

  @Test func ofAnUnknownNodeAllIsTold() throws {
    let difference = NodeDifference(
      node: nil,
      wanted: Self.wanted,
      what: "1 labels",
      taints: [Self.dedicated],
      ours: NodeMarks(labels: ["rack", "tier"], taints: ["old:NoExecute"])
    )
    #expect(
      difference?.summary
        == "1 labels; taint dedicated=db:NoSchedule; no taint old:NoExecute; no label rack"
    )
  }

  @Test func marksAreTheSpecs() throws {
    let host = HostSpec(
      name: "a",
      ssh: nil,
      nodeIP: IPv4Address(raw: 1),
      roles: [.worker],
      labels: ["tier": "leaf"],
      taints: [Self.dedicated]
    )
    let cluster = ClusterSpec(
      name: "test",
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 20, 2)),
      controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: "10.0.0.1")),
      hosts: [host]
    )
    let marks = NodeMarks.wanted(by: cluster)
    #expect(
      marks == [
        "a": NodeMarks(
          labels: ["node-role.kubernetes.io/worker", "tier"],
          taints: ["dedicated:NoSchedule"]
        )
      ]
    )
    let scratch = try Scratch()
    let state = StateFolder(besideSpec: "\(scratch.path)/cluster.yaml", cluster: "test")
    #expect(try state.nodeMarks().isEmpty)
    try state.create()
    try state.record(nodeMarks: marks)
    #expect(try state.nodeMarks() == marks)
    #expect(
      NodeMarks(labels: ["a"], taints: ["x"]).union(NodeMarks(labels: ["b", "a"]))
        == NodeMarks(labels: ["a", "b"], taints: ["x"])
    )
  }

  private static let wanted = JSONValue.object([
    "metadata": .object(["labels": .object(["tier": .string("leaf")])]),
    "spec": .object(["podCIDR": .string("10.0.0.0/24")]),
  ])

  private func json(_ text: String) throws -> JSONValue {
    try #require(JSONValue.parse(Array(text.utf8)))
  }

  /// As the API server merges (RFC 7396).
  private static func merge(_ patch: JSONValue, into target: JSONValue) -> JSONValue {
    guard case .object(let changes) = patch else { return patch }
    var members = target.object
    for (key, value) in changes {
      members[key] = value == .null ? nil : merge(value, into: members[key] ?? .object([:]))
    }
    return .object(members)
  }
}
