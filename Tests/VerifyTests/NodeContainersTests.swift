// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Testing
import Values

@testable import Verify

@Suite struct NodeContainersTests {
  private static let pod = """
    {"metadata": {"name": "web", "namespace": "default"},
     "spec": {"nodeName": "a", "runtimeClassName": "untrusted"},
     "status": {
       "initContainerStatuses": [{"name": "setup", "image": "busybox:1", "restartCount": 0,
         "containerID": "cri-o://aaaabbbbccccddddeeeeffff",
         "state": {"terminated": {"exitCode": 0, "startedAt": "2026-01-02T03:04:05Z"}}}],
       "containerStatuses": [
         {"name": "main", "image": "nginx:1", "restartCount": 2,
          "containerID": "cri-o://0123456789abcdef0123",
          "state": {"running": {"startedAt": "2026-01-02T03:04:06Z"}}},
         {"name": "side", "image": "none:1", "restartCount": 0,
          "state": {"waiting": {"reason": "ErrImagePull", "message": "no"}}}]}}
    """

  private func containers(_ pod: String = pod) throws -> [NodeContainer] {
    NodeContainer.all(of: try #require(JSONValue.parse(Array(pod.utf8))))
  }

  @Test func rowsAreThoseOfCrictl() throws {
    let rows = NodeContainers.rows(try containers()).map { $0.joined(separator: " ") }
    #expect(
      rows == [
        "NODE CONTAINER IMAGE CREATED STATE NAME ATTEMPT POD HANDLER",
        "a aaaabbbbccccd busybox:1 2026-01-02T03:04:05Z Exited setup 0 default/web untrusted",
        "a 0123456789abc nginx:1 2026-01-02T03:04:06Z Running main 2 default/web untrusted",
        "a - none:1 - ErrImagePull side 0 default/web untrusted",
      ]
    )
  }

  @Test func theEnginesOwnHandlerIsTheDefault() throws {
    let plain = Self.pod.replacing(", \"runtimeClassName\": \"untrusted\"", with: "")
    #expect(try containers(plain).allSatisfy { $0.handler == "default" })
  }

  @Test(arguments: [
    "{}", "[]", "{\"status\": {\"containerStatuses\": [{}, 1, null]}}",
    "{\"status\": {\"containerStatuses\": [{\"restartCount\": 1e300, \"containerID\": \"//\"}]}}",
  ])
  func wrongShapesAreNoFault(pod: String) throws {
    #expect(try containers(pod).allSatisfy { !$0.isRunning && $0.attempt == 0 && $0.id.isEmpty })
  }

  @Test func whatRunsIsSeen() async throws {
    let all = try containers()
    let check = try await NodeContainers.check(node: "a") { all }
    #expect(check.passed && check.detail == "1 running: main; side ErrImagePull")
    let waiting = try await NodeContainers.check(node: "a") { [all[2]] }
    #expect(!waiting.passed && waiting.detail == "none is running: side ErrImagePull")
    let none = try await NodeContainers.check(node: "a") { [] }
    #expect(!none.passed && none.detail == "none")
    let silent = try await NodeContainers.check(node: "a") { throw Failure(.step, "x", why: "y") }
    #expect(!silent.passed && silent.detail == "x: y")
  }
}

@Suite struct LabelSelectionTests {
  private static func nodes(_ name: String, ready: String) -> JSONValue? {
    JSONValue.parse(
      Array(
        """
        {"items": [{"metadata": {"name": "other"}}, {"metadata": {"name": "\(name)"}, "status":
          {"conditions": [{"type": "Ready", "status": "\(ready)", "message": "no network"}]}}]}
        """.utf8
      )
    )
  }

  @Test func aReadyNodeIsFoundByEachLabel() async throws {
    let labels = ["runtime": "crio", "node.example.com/tier": "a"]
    let checks = try await LabelSelection.checks(node: "a", labels: labels) { path in
      let expected = ["runtime%3Dcrio", "node.example.com%2Ftier%3Da"]
        .map { "/api/v1/nodes?labelSelector=\($0)" }
      return expected.contains(path) ? Self.nodes("a", ready: "True") : nil
    }
    #expect(checks.map(\.passed) == [true, true])
    #expect(
      checks.map(\.subject) == ["a by label node.example.com/tier=a", "a by label runtime=crio"]
    )
    #expect(checks[0].detail == "Ready, one of 2")
  }

  @Test(arguments: [
    ("b", "True", "is not among the 2 nodes with that label"),
    ("a", "False", "NotReady: no network"),
  ])
  func otherAnswersFail(name: String, ready: String, detail: String) async throws {
    let checks = try await LabelSelection.checks(node: "a", labels: ["runtime": "crio"]) { _ in
      Self.nodes(name, ready: ready)
    }
    #expect(checks.map(\.passed) == [false] && checks.map(\.detail) == [detail])
  }
}
