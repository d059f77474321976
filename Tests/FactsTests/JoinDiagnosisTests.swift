// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Facts

struct JoinDiagnosisTests {
  @Test("each broken link is found first", arguments: network + credentials + identities + nodes)
  func first(_ link: BrokenLink) throws {
    var (evidence, expected) = (Self.registered, Self.expected)
    link.change(&evidence, &expected)
    let findings = JoinDiagnosis.findings(evidence, expected)
    let first = try #require(findings.first)
    for words in link.says { #expect(first.description.contains(words), "\(first)") }
    #expect(findings.allSatisfy { $0.host == "one" && $0.remedy?.isEmpty == false })
  }

  @Test("a node that is Ready has no finding, whatever else is odd")
  func ready() {
    var evidence = Self.registered
    evidence.node?.conditions = [.init(type: "Ready", status: "True")]
    evidence.kubelet.log = ["E0102 1 x.go:1] Failed to pull image \"a\": no"]
    evidence.serverSkew = 100
    #expect(JoinDiagnosis.findings(evidence, Self.expected) == [])
  }

  @Test("what only follows is not repeated, what does not is told behind it")
  func order() {
    var (evidence, expected) = (Self.registered, Self.expected)
    Self.connection(7, "Connection refused", connected: false)(&evidence, &expected)
    #expect(JoinDiagnosis.findings(evidence, expected).count == 1)
    evidence.runtime.properties["ActiveState"] = "inactive"
    evidence.identity = .init(exitCode: 0, status: 403, code: "ExpiredToken")
    #expect(
      JoinDiagnosis.findings(evidence, expected).map { String($0.what.prefix(30)) } == [
        "the cluster's endpoint refuses", "the host's AWS credentials hav",
        "crio.service is inactive",
      ]
    )
  }

  @Test("pressure is told beside NotReady")
  func pressure() {
    var (evidence, expected) = (Self.registered, Self.expected)
    Self.notReady("x")(&evidence, &expected)
    evidence.node?.conditions.append(
      .init(type: "DiskPressure", status: "True", message: "kubelet has disk pressure")
    )
    let found = JoinDiagnosis.findings(evidence, expected)
    #expect(found.map(\.what).last == "the node is short of disk: DiskPressure" && found.count == 2)
  }

  @Test(
    "images that cannot be pulled are told with their registry",
    arguments: [
      (
        "E0102 1 kuberuntime_sandbox.go:70] \"Failed to create sandbox for pod\" err=\"rpc error: code = Unknown"
          + " desc = failed to get sandbox image \\\"registry.k8s.io/pause:3.5\\\": unable to pull image"
          + " \\\"registry.k8s.io/pause:3.5\\\": dial tcp: i/o timeout\"",
        "from registry.k8s.io: registry.k8s.io/pause:3.5, without which no pod starts",
        "another pause image"
      ),
      (
        "E0102 1 remote_image.go:236] \"PullImage from image service failed\" err=\"rpc error: 403 Forbidden\""
          + " image=\"602401143452.dkr.ecr.us-west-2.amazonaws.com/amazon-k8s-cni:v1.11\"",
        "from 602401143452.dkr.ecr.us-west-2.amazonaws.com: ", "AmazonEC2ContainerRegistryReadOnly"
      ),
      (
        "E0102 1 pod_workers.go:190] Error syncing pod: failed to \"StartContainer\" for \"web\" with"
          + " ImagePullBackOff: \"Back-off pulling image \\\"nginx:nope\\\"\"",
        "from docker.io: nginx:nope", "reaches the registry"
      ),
    ]
  )
  func images(_ line: String, _ what: String, _ remedy: String) throws {
    var evidence = Self.registered
    evidence.kubelet.log = ["I0102 x", line, line.replacing("failed", with: "failed"), "I0102 y"]
    let found = JoinDiagnosis.findings(evidence, Self.expected)
    #expect(found.count == 2, "\(found)")
    #expect(found.last?.what.contains(what) == true, "\(found)")
    #expect(found.last?.remedy?.contains(remedy) == true && found.last?.why == line)
  }

  @Test(
    "callers of AWS",
    arguments: [
      ("arn:aws:sts::1:assumed-role/a/b", "arn:aws:iam::1:role/a"),
      ("arn:aws-us-gov:sts::1:assumed-role/a+b/c@d", "arn:aws-us-gov:iam::1:role/a+b"),
      ("arn:aws:iam::1:user/a", nil), ("arn:aws:iam::1:root", nil),
      ("arn:aws:sts::1:assumed-role/a$(x)/b", nil), ("arn:aws:sts::1:assumed-role/a", nil),
      ("arn:aws:s3:::bucket", nil), ("arn:aws:sts::1:assumed-role/a\n/b", nil), ("", nil),
    ] as [(String, String?)]
  )
  func callers(_ text: String, _ role: String?) {
    let caller = CallerARN(text)
    #expect(caller?.roleARN == role)
    if let caller { #expect(caller.description == text) }
  }
}
