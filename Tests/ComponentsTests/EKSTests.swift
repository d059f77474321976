// SPDX-License-Identifier: Apache-2.0

import Catalog
import Components
import Facts
import Resources
import Spec
import Testing
import Values

@Suite struct EKSTests {
  private static func text(_ path: String, _ fixture: Fixture) throws -> String {
    for case .file(let file) in try fixture.resources("worker").map(\.resource)
    where file.path == path {
      return String(decoding: file.bytes, as: UTF8.self)
    }
    return ""
  }

  private static let unit = "/etc/systemd/system/kubelet.service"
  private static let configuration = "/var/lib/kubelet/config.yaml"

  @Test(arguments: Catalog.standard.minors)
  func aWorkerHoldsNoKeyAndNothingOfAControlPlane(_ minor: Minor) throws {
    let fixture = Fixture.eks(minor)
    for item in try fixture.resources("worker") {
      if case .file(let file) = item.resource {
        #expect(!String(decoding: file.bytes, as: UTF8.self).contains("PRIVATE KEY"))
        if case .secret = file.content { Issue.record("\(file.path) is a secret") }
      }
      let name = item.resource.id.name
      #expect(!name.contains("kube-proxy") && !name.contains("etcd") && !name.contains("apiserver"))
      #expect(name != "/etc/hosts")
    }
  }

  @Test(arguments: Catalog.standard.minors)
  func theNodeIsNamedByTheInstanceFromWhenTheProviderIsOutside(_ minor: Minor) throws {
    let fixture = Fixture.eks(minor)
    let unit = try Self.text(Self.unit, fixture)
    let isExternal = minor >= Minor(1, 26)
    #expect(unit.contains("--cloud-provider=\(isExternal ? "external" : "aws")"))
    #expect(
      unit.contains("--hostname-override=ip-10-1-2-3.eu-west-1.compute.internal") == isExternal
    )
    #expect(unit.contains("--node-ip=10.1.2.3"))
    #expect(unit.contains("--node-labels=runtime=containerd"))
    #expect(unit.contains("--image-credential-provider-config=") == (minor >= Minor(1, 27)))
    let configuration = try Self.text(Self.configuration, fixture)
    #expect(
      configuration.contains("providerID: \"aws:///eu-west-1b/i-0123456789abcdef0\"") == isExternal
    )
    #expect(configuration.contains("serverTLSBootstrap: true"))
    #expect(
      configuration.contains("RotateKubeletServerCertificate: true") == (minor < Minor(1, 12))
    )
    #expect(configuration.contains("maxPods: 29"))
    #expect(configuration.contains("- \"172.20.0.10\""))
    #expect(configuration.contains("memory: \"574Mi\""))
    #expect(!configuration.contains("tlsCertFile"))
  }

  @Test func anOlderKubeletOutsideIsToldItsProviderByAFlag() throws {
    let fixture = Fixture.eks(
      Minor(1, 18),
      EKSSpec(cluster: "production", cloudProvider: .external)
    )
    let unit = try Self.text(Self.unit, fixture)
    #expect(unit.contains("--provider-id=aws:///eu-west-1b/i-0123456789abcdef0"))
  }

  @Test(arguments: [
    (EKSSpec.Authenticator.iam, "/usr/local/bin/aws-iam-authenticator", "token"),
    (.kubewright, "/usr/local/bin/kubewright", "--cluster-name"), (.awsCLI, "aws", "get-token"),
    (.program("/opt/eks-token"), "/opt/eks-token", "production"),
  ])
  func tokensComeFromTheAuthenticator(
    _ authenticator: EKSSpec.Authenticator,
    command: String,
    word: String
  ) throws {
    let fixture = Fixture.eks(
      Minor(1, 20),
      EKSSpec(
        authenticator: authenticator,
        endpoints: EKSSpec.ServiceEndpoints(sts: "https://sts.example.com")
      )
    )
    let kubeconfig = try Self.text("/etc/kubernetes/kubelet.conf", fixture)
    #expect(kubeconfig.contains("command: \(command)\n"))
    #expect(kubeconfig.contains("- \(word)\n") || kubeconfig.contains("- \"\(word)\"\n"))
    #expect(kubeconfig.contains("AWS_ENDPOINT_URL_STS"))
    #expect(kubeconfig.contains("client.authentication.k8s.io/v1beta1"))
    let programs = try fixture.resources("worker").map(\.resource.id.name)
    #expect(
      programs.contains("/usr/local/bin/aws-iam-authenticator") == (authenticator == .iam)
    )
  }

  @Test(arguments: [
    ("eu-west-1", "602401143452.dkr.ecr.eu-west-1.amazonaws.com"),
    ("eu-south-1", "590381155156.dkr.ecr.eu-south-1.amazonaws.com"),
    ("cn-north-1", "918309763551.dkr.ecr.cn-north-1.amazonaws.com.cn"),
    ("us-iso-east-1", "725322719131.dkr.ecr.us-iso-east-1.c2s.ic.gov"),
    ("eu-isoe-west-1", "249663109785.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk"),
    // Nobody has published whose registry has EKS's images there.
    ("eusc-de-east-1", nil), ("us-isob-west-1", nil),
  ])
  func theRegionsOwnRegistryIsAskedFirst(region: String, registry: String?) throws {
    var fixture = Fixture.eks(Minor(1, 11))
    fixture.membership?.region = region
    fixture.cluster.hosts[0].runtime = RuntimeSpec(
      engine: .crio,
      crio: CRIOSpec(source: .distribution)
    )
    #expect(
      try Self.text("/etc/crio/crio.conf", fixture)
        .contains("registries = [\(registry.map { "\"\($0)\", " } ?? "")\"docker.io\"]")
    )
  }

  /// It would undo at the next boot what an operator does; user data themselves do not take it away.
  @Test(arguments: Catalog.standard.minors)
  func theProgramOfUserDataGoesFirst(_ minor: Minor) throws {
    var fixture = Fixture.eks(minor)
    let first = try #require(try fixture.resources("worker").first)
    #expect(first.stage == .prepare && first.resource.id.name == UserData.scriptPath)
    guard case .absence(let absence) = first.resource else { throw Unexpected() }
    #expect(absence.ours != nil && absence.id.kind == "file")
    fixture.membership?.isLate = true
    #expect(
      try !fixture.resources("worker").contains { $0.resource.id.name == UserData.scriptPath }
    )
  }

  private struct Unexpected: Error {}

  @Test func aHostThatKnowsNothingOfItselfIsRefused() throws {
    var fixture = Fixture.eks(Minor(1, 30))
    fixture.facts.instance = nil
    let failure = try #require(throws: Failure.self) { try fixture.resources("worker") }
    #expect(failure.kind == .preflight)
  }

  /// What a host fills in by itself looks, once filled in, like what is known beforehand.
  @Test(arguments: Catalog.standard.minors)
  func placeholdersBecomeWhatIsKnown(_ minor: Minor) throws {
    let known = Fixture.eks(minor)
    var late = known
    late.membership?.isLate = true
    late.membership?.maxPods = nil
    late.membership?.serviceNetwork = nil
    late.facts.instance = nil
    let values: [LateValue: String] = [
      .address: "10.1.2.3", .nodeName: "ip-10-1-2-3.eu-west-1.compute.internal",
      .providerID: "aws:///eu-west-1b/i-0123456789abcdef0", .maxPods: "29",
      .reservedCPU: "70m", .reservedMemory: "574Mi", .clusterDNS: "172.20.0.10",
    ]
    for path in [Self.unit, Self.configuration] {
      var text = try Self.text(path, late)
      for (value, word) in values { text = text.replacing(value.placeholder, with: word) }
      #expect(try text == Self.text(path, known))
      #expect(!text.contains("_KUBEWRIGHT_"))
    }
  }
}
