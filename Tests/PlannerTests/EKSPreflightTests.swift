// SPDX-License-Identifier: Apache-2.0

import Components
import Facts
import Planner
import Spec
import Testing
import Values

private let key: String = "kubernetes.io/cluster/prod"

/// What a worker of EKS lacks, told before anything is changed.
@Suite struct EKSPreflightTests {
  private func cluster(_ count: Int = 1, _ eks: EKSSpec = EKSSpec(cluster: "prod")) -> ClusterSpec {
    ClusterSpec(
      name: "workers",
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 20, 2)),
      controlPlane: ControlPlaneSpec(eks: eks),
      hosts: (1...count).map {
        HostSpec(name: "w\($0)", ssh: nil, nodeIP: .unspecified, roles: [.worker])
      }
    )
  }

  private func facts(
    _ number: Int = 1,
    tags: [String: String]? = [key: "owned"],
    profile: InstanceProfile? = InstanceProfile(
      code: "Success",
      arn: "arn:aws:iam::123456789012:instance-profile/nodes",
      role: "node"
    )
  ) -> HostFacts {
    var facts = HostFacts(hostname: "w\(number)", machineID: "m\(number)")
    facts.instance = InstanceIdentity(
      id: "i-0\(number)",
      type: "m5.large",
      zone: "eu-west-1b",
      region: "eu-west-1",
      address: IPv4Address(raw: 0x0A00_0001),
      hostname: "ip-10-0-0-1.eu-west-1.compute.internal",
      tags: tags,
      profile: profile
    )
    return facts
  }

  private func membership(_ provider: EKSSpec.CloudProvider) -> EKSMembership {
    EKSMembership(
      cluster: "prod",
      region: "eu-west-1",
      endpoint: "https://e",
      authority: "",
      chosenCloudProvider: provider
    )
  }

  // MARK: Roles

  struct Profile: Sendable, CustomTestStringConvertible {
    let name: String
    let profile: InstanceProfile?
    /// Parts of what is said; none where all is well.
    let says: [String]
    var testDescription: String { name }
  }

  static let profiles = [
    Profile(name: "not asked", profile: nil, says: []),
    Profile(
      name: "none",
      profile: .absent,
      says: [
        "w1: its instance has no instance profile", "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryReadOnly",
        "aws ec2 associate-iam-instance-profile --instance-id i-01 --iam-instance-profile 'Name=PROFILE'"
          + " --region eu-west-1",
      ]
    ),
    Profile(
      name: "of a role that may not be assumed",
      profile: InstanceProfile(
        code: "AssumeRoleUnauthorizedAccess",
        arn: "arn:aws:iam::123456789012:instance-profile/a/nodes"
      ),
      says: [
        "gives no role's credentials", "AssumeRoleUnauthorizedAccess", "trust policy",
        "--instance-profile-name nodes",
      ]
    ),
    Profile(
      name: "without a role",
      profile: InstanceProfile(code: "Success", arn: "$(id)"),
      says: ["gives no role's credentials"]
    ),
  ]

  @Test("an instance without a role is a fault", arguments: profiles)
  func profile(_ example: Profile) {
    let found = Preflight.faults(
      cluster: cluster(),
      facts: ["w1": facts(profile: example.profile)]
    )
    #expect(found.count == (example.says.isEmpty ? 0 : 1))
    for part in example.says {
      #expect(found.first?.description.contains(part) == true, "\(found)")
    }
    #expect(Preflight.eksWarnings(cluster: cluster(), facts: ["w1": facts(profile: .absent)]) == [])
  }

  @Test("unless a program of the user's own gets the tokens: then it is told")
  func ownProgram() {
    let own = cluster(1, EKSSpec(cluster: "prod", authenticator: .program("/bin/token")))
    let facts = ["w1": facts(profile: .absent)]
    #expect(Preflight.faults(cluster: own, facts: facts) == [])
    #expect(Preflight.eksWarnings(cluster: own, facts: facts).count == 1)
    #expect(Preflight.eksWarnings(cluster: own, facts: ["w1": self.facts()]) == [])
  }

  @Test("the role's ARN is the profile's account's")
  func roleARN() {
    #expect(facts().instance?.profile?.roleARN == "arn:aws:iam::123456789012:role/node")
    #expect(InstanceProfile(code: "Success", arn: "x", role: "node").roleARN == nil)
  }

  // MARK: Tags

  struct Tags: Sendable, CustomTestStringConvertible {
    let name: String
    let tags: [String: String]?
    var provider = EKSSpec.CloudProvider.external
    var isFault = false
    let says: [String]
    var testDescription: String { name }
  }

  static let tags = [
    Tags(name: "owned", tags: [key: "owned", "Name": "x"], says: []),
    Tags(name: "shared", tags: [key: "shared"], says: []),
    Tags(
      name: "none",
      tags: ["Name": "kubernetes.io/cluster/prod"],
      says: [
        "without the tag \(key): w1", "the node joins without",
        "aws ec2 create-tags --resources i-01 --tags 'Key=\(key),Value=owned' --region eu-west-1",
      ]
    ),
    Tags(
      name: "none, in-tree",
      tags: [:],
      provider: .inTree,
      says: ["the in-tree cloud provider, load balancers"]
    ),
    Tags(
      name: "of another value",
      tags: [key: "yes"],
      says: ["w1: its instance's tag \(key) is neither owned nor shared: its value is 'yes'"]
    ),
    Tags(
      name: "another cluster's",
      tags: ["kubernetes.io/cluster/test": "owned"],
      says: [
        "w1: its instance is tagged for another cluster than prod: test", "create-tags",
        "aws ec2 delete-tags --resources i-01 --tags 'Key=kubernetes.io/cluster/test' --region eu-west-1",
      ]
    ),
    Tags(
      name: "also another's",
      tags: [key: "owned", "kubernetes.io/cluster/b": "owned"],
      says: []
    ),
    Tags(
      name: "also another's, in-tree",
      tags: [key: "owned", "kubernetes.io/cluster/b": "x"],
      provider: .inTree,
      isFault: true,
      says: [
        "tagged for 2 clusters", "does not start", "kubernetes.io/cluster/b = x",
        "delete-tags --resources i-01 --tags 'Key=kubernetes.io/cluster/b' --region",
      ]
    ),
    Tags(
      name: "not known",
      tags: nil,
      says: [
        "the tag \(key) could not be checked: w1: EC2 said no",
        "--instance-metadata-tags enabled",
      ]
    ),
  ]

  @Test("tags: what is said, and whether it ends the run", arguments: tags)
  func tagged(_ example: Tags) {
    let report = Preflight.tags(
      cluster: cluster(),
      facts: ["w1": facts(tags: example.tags)],
      membership: membership(example.provider),
      unchecked: "EC2 said no"
    )
    #expect(report.faults.count == (example.isFault ? 1 : 0))
    #expect(report.warnings.count == (example.isFault || example.says.isEmpty ? 0 : 1))
    let text = (report.faults + report.warnings).map(\.description).joined()
    for part in example.says { #expect(text.contains(part), "\(text)") }
  }

  @Test("many instances without the tag are one warning with one command")
  func together() throws {
    let report = Preflight.tags(
      cluster: cluster(3),
      facts: ["w1": facts(1, tags: [:]), "w2": facts(2), "w3": facts(3, tags: [:])],
      membership: membership(.external),
      unchecked: ""
    )
    let warning = try #require(report.warnings.first)
    #expect(report.warnings.count == 1 && warning.what.hasSuffix(": w1, w3"))
    #expect(warning.remedy?.contains("--resources i-01 i-03 --tags") == true)
  }
}
