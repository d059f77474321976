// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing
import Values

@testable import AWS

/// What is found out about a cluster, and where.
struct ClusterDiscoveryTests {
  static let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"

  @Test(
    "the cluster's DNS",
    arguments: [
      ("192.168.1.1", [], "10.100.0.10"), ("10.1.2.3", [], "172.20.0.10"),
      ("172.20.1.1", [], "10.100.0.10"),
      ("100.64.1.1", ["100.64.0.0/16", "10.0.0.0/16"], "172.20.0.10"),
      ("100.64.1.1", ["192.168.0.0/16"], "10.100.0.10"), ("11.0.0.1", [], "10.100.0.10"),
    ] as [(String, [String], String)]
  )
  func fallback(_ host: String, _ networks: [String], _ expected: String) throws {
    let host = try #require(IPv4Address(host))
    let dns = ClusterDNS(host: host, vpcNetworks: networks.compactMap { CIDR($0) })
    #expect(dns.address.description == expected)
    #expect(dns.source.hasPrefix("fallback: "))
  }

  @Test(
    "the service network decides",
    arguments: [
      ("10.100.0.0/16", "10.100.0.10"), ("172.16.5.0/24", "172.16.5.10"),
      ("10.0.0.16/28", "10.0.0.26"), ("10.0.0.0/29", nil),
    ] as [(String, String?)]
  )
  func network(_ network: String, _ expected: String?) throws {
    let network = try #require(CIDR(network))
    #expect(ClusterDNS(serviceNetwork: network, source: "x")?.address.description == expected)
  }

  @Test("authorities as PEM and in base64; nothing else")
  func authority() throws {
    #expect(try CertificateAuthority.pem(Self.pem) == Self.pem)
    let text = Data(Self.pem.utf8).base64EncodedString()
    #expect(try CertificateAuthority.pem(text) == Self.pem)
    #expect(try CertificateAuthority.pem(text.prefix(20) + "\n " + text.dropFirst(20)) == Self.pem)
    for wrong in ["", "x", "aGVsbG8=", "@@@@"] {
      #expect(throws: Failure.self) { try CertificateAuthority.pem(wrong) }
    }
  }

  /// One machine: an instance in us-west-2 with some tags, EKS with some clusters.
  struct World: Sendable, CustomTestStringConvertible {
    var name: String
    var known = ClusterDiscovery.Known()
    /// Tags in metadata; nil where the instance does not show them.
    var metadataTags: [String: String]?
    var ec2Tags: [String: String] = [:]
    var isInstance = true
    var metadataSwitchedOff = false
    var ec2Refuses = false
    var status = "ACTIVE"
    var serviceCIDR: String? = "10.55.0.0/16"
    var authority = Data(ClusterDiscoveryTests.pem.utf8).base64EncodedString()
    /// A part of the failure's text; nil where it works.
    var failure: String?
    /// `name=value from source` lines that must be among the findings.
    var findings: [String] = []
    /// The services that may be asked.
    var asks: Set<String> = []

    var testDescription: String { name }

    func answer(_ request: HTTPRequest) throws -> HTTPReply {
      switch request.endpoint.host {
      case "169.254.169.254":
        guard isInstance else { throw ExchangeError.timeout }
        if metadataSwitchedOff { return .status(403) }
        if request.method == "PUT" { return .ok("tok") }
        let path = String(request.path.dropFirst("/latest/meta-data/".count))
        var values = InstanceMetadataTests.values.filter { !$0.key.hasPrefix("tags/") }
        if let metadataTags {
          values["tags/instance"] = metadataTags.keys.sorted().joined(separator: "\n")
          for (key, value) in metadataTags { values["tags/instance/\(key)"] = value }
        }
        return values[path].map { .ok($0) } ?? .status(404)
      case "eks.us-west-2.amazonaws.com":
        if request.path == "/clusters" { return .ok(#"{"clusters": ["dev", "prod"]}"#) }
        guard request.path == "/clusters/prod" else {
          return HTTPReply(
            status: 404,
            headers: [.init("x-amzn-ErrorType", "ResourceNotFoundException")]
          )
        }
        let ready =
          #""endpoint": "https://E.example.com", "certificateAuthority": {"data": "\#(authority)"},"#
        let network =
          serviceCIDR.map {
            #""kubernetesNetworkConfig": {"serviceIpv4Cidr": "\#($0)", "ipFamily": "ipv4"},"#
          } ?? ""
        return .ok(
          #"{"cluster": {"name": "prod", "version": "1.31", \#(status == "CREATING" ? "" : ready) \#(network) "accessConfig": {"authenticationMode": "API"}, "status": "\#(status)"}}"#
        )
      case "ec2.us-west-2.amazonaws.com":
        if ec2Refuses {
          return .status(
            403,
            "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>"
          )
        }
        let tags = ec2Tags.map { "<item><key>\($0.key)</key><value>\($0.value)</value></item>" }
        return .ok(
          """
          <DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>
          <reservationSet><item><instancesSet><item><instanceId>i-0abc</instanceId>
          <privateDnsName>ip-10-0-1-5.us-west-2.compute.internal</privateDnsName>
          <tagSet>\(tags.joined())</tagSet></item></instancesSet></item></reservationSet></DescribeInstancesResponse>
          """
        )
      default: throw ExchangeError.unresolved(request.endpoint.host, isDefinite: true)
      }
    }
  }

  static let inline = ClusterDiscovery.Known(
    cluster: "prod",
    endpoint: "https://inline",
    certificateAuthority: pem
  )

  static let worlds: [World] = [
    World(
      name: "by name",
      known: .init(cluster: "prod"),
      findings: [
        "region=us-west-2 from the availability zone us-west-2-lax-1a", "cluster=prod from given",
        "endpoint=https://E.example.com from eks:DescribeCluster",
        "version=1.31 from eks:DescribeCluster",
        "serviceCIDR=10.55.0.0/16 from eks:DescribeCluster",
        "clusterDNS=10.55.0.10 from the tenth address of 10.55.0.0/16 (eks:DescribeCluster)",
        "authenticationMode=API from eks:DescribeCluster",
        "nodeName=ip-10-0-1-5.us-west-2.compute.internal from ec2:DescribeInstances (privateDnsName)",
        "providerID=aws:///us-west-2-lax-1a/i-0abc from the zone and the instance's id",
      ],
      asks: ["eks", "ec2"]
    ),
    World(
      name: "by a tag in metadata",
      metadataTags: ["Name": "x", "kubernetes.io/cluster/prod": "owned"],
      findings: ["cluster=prod from the instance's tags in metadata"],
      asks: ["eks", "ec2"]
    ),
    World(
      name: "by a tag that only EC2 tells",
      ec2Tags: ["kubernetes.io/cluster/prod": "shared", "a": "b"],
      findings: ["cluster=prod from the instance's tags (ec2:DescribeInstances)"],
      asks: ["eks", "ec2"]
    ),
    World(
      name: "no tag",
      ec2Tags: ["kubernetes.io/cluster/prod": "x", "kubernetes.io/cluster/": "owned"],
      failure: "has no tag kubernetes.io/cluster/NAME",
      asks: ["ec2"]
    ),
    World(
      name: "two tags",
      ec2Tags: ["kubernetes.io/cluster/prod": "owned", "kubernetes.io/cluster/dev": "owned"],
      failure: "dev, prod",
      asks: ["ec2"]
    ),
    World(
      name: "a cluster that is not there",
      known: .init(cluster: "prd"),
      failure: "did you mean prod?",
      asks: ["eks"]
    ),
    World(
      name: "a cluster that is being made",
      known: .init(cluster: "prod"),
      status: "CREATING",
      failure: "its status is CREATING",
      asks: ["eks"]
    ),
    World(
      name: "EC2 may not be asked",
      known: .init(cluster: "prod"),
      ec2Refuses: true,
      findings: [
        "nodeName=ip-10-0-1-5.us-west-2.compute.internal from instance metadata (local-hostname)"
      ],
      asks: ["eks", "ec2"]
    ),
    World(
      name: "everything inline: no call",
      known: inline,
      ec2Refuses: true,
      findings: [
        "endpoint=https://inline from given",
        "clusterDNS=172.20.0.10 from fallback: the host's address 10.0.1.5 is in 10.0.0.0/8",
        "nodeName=ip-10-0-1-5.us-west-2.compute.internal from instance metadata (local-hostname)",
      ]
    ),
    World(
      name: "a cluster without a service network",
      known: .init(cluster: "prod"),
      serviceCIDR: nil,
      findings: [
        "clusterDNS=172.20.0.10 from fallback: the host's address 10.0.1.5 is in 10.0.0.0/8"
      ],
      asks: ["eks", "ec2"]
    ),
    World(
      name: "an authority that is none",
      known: .init(cluster: "prod"),
      authority: "hello",
      failure: "neither PEM nor PEM in base64",
      asks: ["eks"]
    ),
    World(
      name: "no instance, no name",
      isInstance: false,
      failure: "there are in us-west-2: dev, prod",
      asks: ["eks"]
    ),
    World(
      name: "no instance, by name",
      known: .init(cluster: "prod"),
      isInstance: false,
      findings: ["version=1.31 from eks:DescribeCluster"],
      asks: ["eks"]
    ),
    World(
      name: "an instance that does not tell about itself, by name",
      known: .init(cluster: "prod"),
      metadataSwitchedOff: true,
      findings: [
        "instanceID=instance metadata is switched off for this instance: HTTP 403 from instance metadata",
        "version=1.31 from eks:DescribeCluster",
      ],
      asks: ["eks"]
    ),
    World(
      name: "an instance that does not tell about itself, without a name",
      metadataSwitchedOff: true,
      failure: "instance metadata is switched off"
    ),
  ]

  @Test("discovery", arguments: worlds)
  func discovery(_ world: World) async throws {
    let exchange = ScriptedExchange { request, _ in try world.answer(request) }
    var environment = CredentialChainTests.keys
    if !world.isInstance || world.metadataSwitchedOff { environment["AWS_REGION"] = "us-west-2" }
    let context = try AWSContext(surroundings: .test(environment, exchange: exchange))
    if let expected = world.failure {
      let failure = await #expect(throws: Failure.self) {
        try await ClusterDiscovery(world.known, context: context)
      }
      #expect(failure?.description.contains(expected) == true)
    } else {
      let found = try await ClusterDiscovery(world.known, context: context)
      let lines = found.findings.map {
        "\($0.name)=\($0.value ?? $0.problem ?? "") from \($0.source)"
      }
      for line in world.findings {
        #expect(lines.contains(line), "\(lines)")
      }
      #expect(found.certificateAuthority == Self.pem)
      #expect((found.instance != nil) == (world.isInstance && !world.metadataSwitchedOff))
    }
    let asked = Set(exchange.requests.map { String($0.endpoint.host.prefix { $0 != "." }) })
    #expect(asked.subtracting(["169"]) == world.asks)
  }

  @Test(
    "the region, from whoever says it first",
    arguments: [
      ("eu-west-1", ["AWS_REGION": "us-east-1"], "eu-west-1 given"),
      (
        nil, ["AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-2"], "us-east-1 AWS_REGION"
      ),
      (nil, ["AWS_DEFAULT_REGION": "us-east-2"], "us-east-2 AWS_DEFAULT_REGION"),
      (nil, ["HOME": "/h"], "ap-south-1 the profile default"),
      (nil, [:], "us-west-2 the availability zone us-west-2-lax-1a"),
    ] as [(String?, [String: String], String)]
  )
  func region(_ option: String?, _ environment: [String: String], _ expected: String) async throws {
    let surroundings = Surroundings.test(
      environment,
      files: ["/h/.aws/config": "[default]\nregion = ap-south-1"],
      exchange: InstanceMetadataTests.exchange(.version2)
    )
    let region = try await AWSContext(.init(region: option), surroundings: surroundings).region()
    #expect("\(region.value) \(region.source)" == expected)
  }

  @Test("a zone given for a region is told so")
  func zoneForRegion() async throws {
    let context = try AWSContext(.init(region: "us-west-2a"), surroundings: .test())
    let failure = await #expect(throws: Failure.self) { try await context.region() }
    #expect(failure?.remedy?.contains("a letter more") == true)
  }

  @Test(
    "the role behind a session",
    arguments: [
      ("arn:aws:sts::123456789012:assumed-role/node/i-0abc", "arn:aws:iam::123456789012:role/node"),
      ("arn:aws-cn:sts::1:assumed-role/a-b/s", "arn:aws-cn:iam::1:role/a-b"),
      ("arn:aws:iam::1:user/x", nil), ("arn:aws:sts::1:assumed-role/x", nil), ("", nil),
    ] as [(String, String?)]
  )
  func role(_ arn: String, _ expected: String?) {
    #expect(STS.Identity(account: "1", arn: arn, userID: "u").roleARN == expected)
  }
}
