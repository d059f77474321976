// SPDX-License-Identifier: Apache-2.0

import Spec
import Testing

/// A valid file, to be made wrong.
enum SpecFixture {
  static let text = """
    apiVersion: kubewright/v1alpha1
    kind: Cluster
    metadata:
      name: demo
    spec:
      kubernetes:
        version: v1.30.4
      controlPlane:
        endpoint: api.example.com:6443
      network:
        podCIDR: 10.244.0.0/16
        serviceCIDR: 10.96.0.0/16
        nodePrefix: 24
        nodePorts: 30000-32767
        proxy:
          mode: iptables
      hosts:
        - name: a
          ssh:
            address: 192.0.2.1
          nodeIP: 192.0.2.1
          roles: [etcd, control-plane, worker]
        - name: b
          ssh:
            address: 192.0.2.2
          nodeIP: 192.0.2.2
          roles: [worker]

    """

  static func read(_ text: String) -> SpecResult {
    SpecReader.read(text: text, file: "c.yaml")
  }
}

/// A file with faults, and all that must be said of it.
struct BadFile: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String
  let expected: [String]

  var testDescription: String { name }

  init(_ name: String, text: String, expected: [String]) {
    self.name = name
    self.text = text
    self.expected = expected
  }

  /// The fixture with the first occurrence of each text replaced by another.
  init(_ name: String, edits: [(String, String)], expected: [String]) {
    var text = SpecFixture.text
    for (old, new) in edits {
      guard let range = text.firstRange(of: old) else {
        Issue.record("\(name): the fixture has no '\(old)'")
        continue
      }
      text.replaceSubrange(range, with: new)
    }
    self.init(name, text: text, expected: expected)
  }
}
