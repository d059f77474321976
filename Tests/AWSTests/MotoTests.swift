// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import TestSupport
import Testing
import Values

@testable import AWS

/// Everything against moto: instance metadata, STS, EKS and EC2 as boto3's own users know them.
struct MotoTests {
  /// Makes clusters and an instance; prints the instance's id and private DNS name.
  private static let seed = """
    import boto3, sys
    made = dict(region_name="us-west-2", endpoint_url=sys.argv[1],
                aws_access_key_id="a", aws_secret_access_key="b")
    eks = boto3.client("eks", **made)
    for name in ["prod"] + ["c%03d" % n for n in range(104)]:
        eks.create_cluster(name=name, version="1.31", roleArn="arn:aws:iam::123456789012:role/r",
                           resourcesVpcConfig={},
                           kubernetesNetworkConfig={"serviceIpv4Cidr": "10.55.0.0/16"})
    ec2 = boto3.client("ec2", **made)
    image = ec2.describe_images()["Images"][0]["ImageId"]
    one = ec2.run_instances(
        ImageId=image, MinCount=1, MaxCount=1, InstanceType="m5.large",
        TagSpecifications=[{"ResourceType": "instance", "Tags": [
            {"Key": "kubernetes.io/cluster/prod", "Value": "owned"},
            {"Key": "Name", "Value": "a <b> & \\u00fc"}]}])["Instances"][0]
    print(one["InstanceId"], one["PrivateDnsName"], one["PrivateIpAddress"])
    """

  @Test("clients, discovery and the table")
  func everything() async throws {
    let moto = try await LoopbackServer.moto()
    let scratch = try Scratch()
    let script = try scratch.write(Self.seed, to: "seed.py")
    let result = try await Command.run("python3", script, moto.endpoint.description)
    try #require(result.exitCode == 0, "\(result.error)")
    let words = result.output.split(whereSeparator: \.isWhitespace).map(String.init)
    let (id, name, address) = (words[0], words[1], words[2])
    let imds = try await FakeAWS(
      [.init(method: "PUT", body: "tok")]
        + [
          "instance-id": id, "instance-type": "m5.large", "local-ipv4": address,
          "placement/availability-zone": "us-west-2b", "placement/region": "us-west-2",
        ].map { .init(method: "GET", path: "/latest/meta-data/\($0.key)", body: $0.value) }
    )
    let environment = CredentialChainTests.keys.merging([
      "AWS_ENDPOINT_URL": moto.endpoint.description,
      "AWS_EC2_METADATA_SERVICE_ENDPOINT": imds.server.endpoint.description,
    ]) { _, new in new }

    try await AWSContext.with(environment: environment) { context in
      let region = try await context.region().value
      #expect(region.name == "us-west-2")

      let identity = try await context.sts(region).callerIdentity()
      #expect(identity.account == "123456789012")
      let role = STS.Role(arn: "arn:aws:iam::123456789012:role/r", sessionName: "s")
      let assumed = try await context.sts(region).assume(role, origin: "moto")
      #expect(assumed.accessKeyID.hasPrefix("ASIA") && assumed.expiration != nil)
      let web = try await context.sts(region)
        .assume(role, webIdentity: Sensitive("jwt"), origin: "moto")
      #expect(web.accessKeyID.hasPrefix("ASIA"))

      let names = try await context.eks(region).clusters()
      #expect(names.count == 105 && names.contains("prod"))
      let missing = await #expect(throws: ServiceError.self) {
        try await context.eks(region).cluster("none")
      }
      #expect(missing?.reason == .notFound)

      let instance = try #require(try await context.ec2(region).instance(id))
      #expect(instance.privateDNSName == name && instance.privateAddress == address)
      #expect(instance.tags["Name"] == "a <b> & ü")
      #expect(try await context.ec2(region).instance("i-0123456789abcdef0") == nil)

      // moto's authority is random text.
      let authority = ClusterDiscoveryTests.pem
      let found = try await ClusterDiscovery(
        .init(certificateAuthority: authority),
        context: context
      )
      #expect(found.cluster == "prod" && found.nodeName == name)
      #expect(found.serviceNetwork?.description == "10.55.0.0/16")
      #expect(found.dns?.address.description == "10.55.0.10")
      #expect(found.version == Minor(1, 31))
      #expect(found.endpoint.hasPrefix("https://"))

      let pods = try await context.maxPods(source: .ec2)
      #expect(pods.value == 29)
      let unknown = await #expect(throws: Failure.self) {
        try await context.maxPods(instanceType: "m5.lagre")
      }
      #expect(unknown?.remedy?.contains("m5.large") == true)

      // Types come and go between editions of the data, and a few new ones' figures are corrected.
      let refreshed = try await context.instanceTypeTable()
      let embedded = try InstanceTypeTable.embedded
      let common = refreshed.all.filter { embedded[$0.name] != nil }
      #expect(common.count > 1000)
      let corrected = common.filter { embedded[$0.name] != $0 }
      #expect(corrected.count * 100 < common.count, "\(corrected)")
      #expect(try InstanceTypeTable(parsing: refreshed.text, file: "t") == refreshed)
    }
  }

  @Test("instance metadata: the role's credentials, and the values that moto has")
  func metadata() async throws {
    let moto = try await LoopbackServer.moto()
    let environment = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": moto.endpoint.description]
    try await AWSContext.with(environment: environment) { context in
      #expect(try await context.region().value.name == "us-east-1")
      let credentials = try await context.credentials.current()
      #expect(credentials.accessKeyID == "test-key")
      #expect(credentials.origin == "the instance's role default-role")
      #expect(try await context.metadata.text("/latest/meta-data/local-ipv4") == "127.0.0.1")
    }
  }
}
