// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Spec
import Testing
import Values

@testable import Verify

@Suite struct HandlerCheckTests {
  private static let host = "6.1.0-18-amd64"
  private static let own = HandlerSpec(name: "untrusted", type: .kata)
  private static let shared = HandlerSpec(
    name: "gpu",
    type: .custom,
    runtime: "/usr/bin/gpu",
    kernel: .host
  )

  /// What was seen, or the reason why it is wrong.
  private static func verdict(
    _ log: String,
    host: String = host,
    handler: HandlerSpec?
  ) throws -> (passed: Bool, detail: String) {
    do {
      return (true, try KernelSeen(log: log, host: host).judge(handler))
    } catch let unmet as Unmet {
      return (false, unmet.reason)
    }
  }

  @Test(arguments: [
    (HandlerSpec?.none, "\(host)\n", true, "on the host's kernel \(host)"),
    (nil, "4.4.0\n", false, "trusted pod on the kernel 4.4.0, the host's is \(host)"),
    (own, "4.4.0\n", true, "on a kernel of its own, 4.4.0; the host's is \(host)"),
    (own, "\(host)\n", false, "untrusted pod on the host's kernel \(host)"),
    // Releases are compared whole.
    (own, "\(host)x\n", true, "on a kernel of its own, \(host)x; the host's is \(host)"),
    (shared, host, true, "on the host's kernel \(host), as the spec says"),
    (
      shared, "4.4.0", false,
      "on the kernel 4.4.0, the host's is \(host): the spec says kernel: host"
    ),
    // A machine's own messages come before.
    (
      own, "[    1.0] booting\r\n6.1.62\r\n", true,
      "on a kernel of its own, 6.1.62; the host's is \(host)"
    ),
    (nil, "", false, "the pod did not tell its kernel"),
    (own, "\n\n", false, "the pod did not tell its kernel"),
  ])
  func kernelsAreJudged(_ handler: HandlerSpec?, _ log: String, _ passed: Bool, _ says: String)
    throws
  {
    let verdict = try Self.verdict(log, handler: handler)
    #expect(verdict.passed == passed)
    #expect(verdict.detail == says)
  }

  @Test(arguments: [HandlerSpec?.none, own, shared])
  func aNodeThatDoesNotTellItsKernelIsNoProof(_ handler: HandlerSpec?) throws {
    let verdict = try Self.verdict("4.4.0", host: "", handler: handler)
    #expect(!verdict.passed)
    #expect(verdict.detail == "the node does not tell its kernel")
  }

  private static func pods(_ version: KubernetesVersion, _ engine: RuntimeEngine) -> [JSONValue] {
    let host = HostSpec(
      name: "worker-1",
      ssh: nil,
      nodeIP: IPv4Address(raw: 0x0A00_0001),
      roles: [.worker],
      runtime: RuntimeSpec(engine: engine, handlers: [own])
    )
    let cluster = ClusterSpec(
      name: "test",
      kubernetes: KubernetesSpec(version: version),
      controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: "10.0.0.1")),
      hosts: [host]
    )
    return HandlerChecks.pods(on: host, in: cluster).map { $0.object(image: "busybox") }
  }

  @Test func aTrustedPodAndOneOfTheHandler() throws {
    let pods = Self.pods(KubernetesVersion(1, 20, 2), .containerd)
    #expect(
      pods.map { $0["metadata"]?["name"]?.string }
        == ["trusted-worker-1", "handler-untrusted-worker-1"]
    )
    #expect(pods.map { $0["spec"]?["runtimeClassName"]?.string } == [nil, "untrusted"])
    #expect(pods.allSatisfy { $0["metadata"]?["annotations"] == nil })
    #expect(pods.allSatisfy { $0["spec"]?["nodeName"]?.string == "worker-1" })
    let commands = pods.map {
      $0["spec"]?["containers"]?[0]?["command"]?.array.compactMap(\.string)
    }
    #expect(
      commands
        == Array(repeating: ["/bin/busybox", "sh", "-c", "/bin/busybox uname -r"], count: 2)
    )
  }

  @Test func annotationsReachThePodsOfOldCRIO() {
    let pods = Self.pods(KubernetesVersion(1, 11, 10), .crio)
    let name = "io.kubernetes.cri-o.TrustedSandbox"
    #expect(pods.map { $0["metadata"]?["annotations"]?[name]?.string } == ["true", "false"])
    #expect(pods.allSatisfy { $0["spec"]?["runtimeClassName"] == nil })
  }

  @Test(arguments: [(false, "Never", "client"), (true, "Always", "server")])
  func podsServeOrEnd(_ isServer: Bool, _ restart: String, _ label: String) {
    let pod = TestPod(name: "a", script: "true", isServer: isServer).object(image: "i")
    #expect(pod["spec"]?["restartPolicy"]?.string == restart)
    #expect(pod["metadata"]?["labels"]?["kubewright.io/verify"]?.string == label)
    #expect(pod["spec"]?["nodeName"]?.string == "")
    #expect(pod["spec"]?["hostNetwork"]?.bool == false)
  }
}
