// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Testing

@Suite struct JSONValueTests {
  private func parse(_ text: String) -> JSONValue? { JSONValue.parse(Array(text.utf8)) }

  @Test(arguments: [
    ("{\"a\": 1}", "{\"a\": 1, \"b\": 2}", true),
    ("{\"a\": {\"b\": true}}", "{\"a\": {\"b\": true, \"c\": null}}", true),
    ("{\"a\": [1, 2]}", "{\"a\": [1, 2]}", true),
    ("{\"a\": [1, 2]}", "{\"a\": [1, 2, 3]}", false),
    ("{\"a\": [{\"b\": 1}]}", "{\"a\": [{\"b\": 1, \"c\": 2}]}", true),
    ("{\"a\": 1}", "{\"a\": \"1\"}", false),
    ("{\"a\": 1}", "{}", false),
    ("{\"a\": null}", "{\"a\": null}", true),
    ("[]", "{}", false),
  ])
  func whatAServerAddsIsNoDifference(wanted: String, found: String, satisfied: Bool) throws {
    let wanted = try #require(parse(wanted))
    #expect(try #require(parse(found)).satisfies(wanted) == satisfied)
  }

  @Test(arguments: ["", "{", "nul", "{\"a\":}", "\u{0}"]) func whatIsNoJSONIsNil(text: String) {
    #expect(parse(text) == nil)
  }

  @Test func wrongShapesReadAsAbsent() throws {
    let value = try #require(parse("{\"a\": [1], \"b\": \"text\", \"c\": true}"))
    #expect(value["a"]?[0] == .number(1))
    #expect(value["a"]?[1] == nil)
    #expect(value["a"]?["x"] == nil)
    #expect(value["b"]?.array == [])
    #expect(value["b"]?.string == "text")
    #expect(value["c"]?.bool == true)
    #expect(value["nothing"] == nil)
  }

  @Test func aNodeIsReadFromWhateverTheServerSays() throws {
    let node = NodeStatus(
      try #require(
        parse(
          """
          {"metadata": {"name": "n1"}, "spec": {"podCIDR": "10.1.0.0/24"}, "status": {
            "conditions": [{"type": "MemoryPressure", "status": "False"},
                           {"type": "Ready", "status": "True", "message": "kubelet is posting"}],
            "addresses": [{"type": "Hostname", "address": "n1"},
                          {"type": "InternalIP", "address": "10.0.0.1"}],
            "nodeInfo": {"kubeletVersion": "v1.20.2", "containerRuntimeVersion": "containerd://1.6",
                         "architecture": "amd64", "kernelVersion": "6.1.0-18-amd64"}}}
          """
        )
      )
    )
    #expect(node.ready)
    #expect(node.internalIP == "10.0.0.1")
    #expect(node.podCIDR == "10.1.0.0/24")
    #expect(node.kubeletVersion == "v1.20.2")
    #expect(node.kernel == "6.1.0-18-amd64")
    let empty = NodeStatus(.object([:]))
    #expect(!empty.ready)
    #expect(empty.reason == "the kubelet has not reported yet")
  }
}
