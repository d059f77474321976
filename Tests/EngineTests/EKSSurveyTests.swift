// SPDX-License-Identifier: Apache-2.0

import Components
import Facts
import Spec
import TestSupport
import Testing
import Values

@testable import Engine
@testable import Resources

/// What a survey of workers of EKS asks beside the hosts' contents.
@Suite struct EKSSurveyTests {
  private let membership = EKSMembership(
    cluster: "prod",
    region: "us-west-2",
    endpoint: "https://127.0.0.1:1",
    authority: "no certificate\n"
  )

  @Test("links are tried on the way of another program", arguments: ["dash", "bash", "busybox"])
  func links(_ shell: String) async throws {
    let trial = LinkTrial(of: "w", membership)
    let file = Resource.file(File(path: "/nonexistent/a", text: "1", reason: "a test"))
    let words = shell == "busybox" ? ["busybox", "sh"] : [shell]
    let result = try await Command.run(
      words,
      input: trial.program + Program.observe([file])
    )
    #expect(result.exitCode == 0 && result.error.isEmpty, "\(result.error)")
    let (faults, rest) = try trial.read(result.output)
    #expect(faults.count == 1 && faults[0].host == "w", "\(faults)")
    #expect(try Program.parse(observations: rest)[file.id]?.exists == false)
  }

  @Test("an answer that is not whole is refused")
  func truncated() {
    let trial = LinkTrial(of: "w", membership)
    #expect(throws: Failure.self) { try trial.read("kubewright-join 1\ncurl yes\n") }
    #expect(throws: Failure.self) { try trial.read("end\n") }
  }

  @Test("who is who for AWS, in a line")
  func identities() {
    func facts(_ role: String?) -> HostFacts {
      var facts = HostFacts(hostname: "x")
      facts.instance = InstanceIdentity(
        id: "i-1",
        type: "m5.large",
        zone: "us-west-2a",
        region: "us-west-2",
        address: IPv4Address(raw: 1),
        hostname: "x",
        profile: InstanceProfile(
          code: "Success",
          arn: "arn:aws:iam::123456789012:instance-profile/p",
          role: role
        )
      )
      return facts
    }
    let names = ["a", "b", "c", "d", "e", "f"]
    let cluster = ClusterSpec(
      name: "workers",
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 20, 2)),
      controlPlane: ControlPlaneSpec(eks: EKSSpec()),
      hosts: names.map { HostSpec(name: $0, ssh: nil, nodeIP: .unspecified, roles: [.worker]) }
    )
    let roles = ["a": "n", "b": "n", "c": "n", "d": "n", "e": "z"]
    let all = Dictionary(uniqueKeysWithValues: names.map { ($0, facts(roles[$0])) })
    let caller = CallerARN("arn:aws:iam::123456789012:user/me")
    #expect(
      AWSWord(caller: caller, unchecked: "").identities(of: cluster, facts: all)
        == "for AWS you are arn:aws:iam::123456789012:user/me; a, b, c and 1 more are"
        + " arn:aws:iam::123456789012:role/n; e is arn:aws:iam::123456789012:role/z"
    )
    #expect(AWSWord(unchecked: "").identities(of: cluster, facts: ["a": facts(nil)]) == nil)
  }
}
