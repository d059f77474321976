// SPDX-License-Identifier: Apache-2.0

import Facts
import FoundationEssentials
import TestSupport
import Testing
import Values

@testable import AWS

/// What a host's shell asks the metadata service, beside the native client.
struct InstanceShellTests {
  typealias Rule = FakeAWS.Rule

  private static let values = InstanceMetadataTests.values.merging([
    "placement/availability-zone": "us-west-2-lax-1a"
  ]) { _, new in new }

  private static func gets(
    _ changed: [String: String?] = [:],
    token: String? = "tok=="
  ) -> [Rule] {
    var values = values.mapValues { Optional($0) }
    for (key, value) in changed { values[key] = .some(value) }
    return values.compactMap { key, value in
      value.map { .init(method: "GET", path: "/latest/meta-data/\(key)", body: $0, token: token) }
    }
  }

  private static let put = Rule(method: "PUT", path: "/latest/api/token", body: "tok==")

  /// Waits as long as a busy machine needs.
  private static func patient(allowsVersion1: Bool = true) -> InstanceShell {
    InstanceShell(allowsVersion1: allowsVersion1, patience: 300, wait: 30)
  }

  /// Gives up after one answer, or after the lack of one.
  private static func impatient(allowsVersion1: Bool = true, wait: Int = 30) -> InstanceShell {
    InstanceShell(allowsVersion1: allowsVersion1, patience: 1, wait: wait)
  }

  private static func probe(
    _ endpoint: String,
    _ userland: Userland = .dash,
    instance: InstanceShell = patient(),
    environment: [String] = []
  ) async throws -> ProbeResult {
    let words =
      ["env", "AWS_EC2_METADATA_SERVICE_ENDPOINT=\(endpoint)", "http_proxy=http://127.0.0.1:1"]
      + environment + userland.shell
    let program = Probe.program(asksInstance: true, instance: instance)
    let result = try await Command.run(words, input: program)
    #expect(result.exitCode == 0 && result.error.isEmpty, "\(result.error)")
    return try Probe.parse(result.output)
  }

  @Test("it says what the native client says", arguments: Userland.allCases)
  func agrees(_ userland: Userland) async throws {
    let imds = try await FakeAWS([Self.put] + Self.gets())
    let endpoint = imds.server.endpoint.description
    let result = try await Self.probe(endpoint + "/", userland)
    let found = try #require(result.facts.instance, "\(result.instanceProblem ?? "")")
    let environment = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": endpoint]
    let native = try await AWSContext.with(environment: environment) { context in
      try await InstanceFacts(context.metadata)
    }
    #expect(found.id == native.instanceID && found.type == native.instanceType)
    #expect(found.zone == native.zone && found.region == native.region?.name)
    #expect(found.region == "us-west-2")
    #expect(found.address == native.address && found.vpcNetworks == native.vpcNetworks)
    #expect(found.vpcNetworks.count == 2)
    #expect(found.hostname == "ip-10-0-1-5.us-west-2.compute.internal")
    #expect(found.tags == native.tags && found.tags?.count == 2)
    #expect(found.providerID == native.providerID && found.metadataVersion == 2)
    // As it is recorded, and as it was before hosts were asked.
    let kept = try JSONEncoder().encode(result.facts)
    #expect(try JSONDecoder().decode(HostFacts.self, from: kept) == result.facts)
    var old = result.facts
    old.instance = nil
    let text = String(decoding: try JSONEncoder().encode(old), as: UTF8.self)
    #expect(!text.contains("\"instance\""))
    #expect(try JSONDecoder().decode(HostFacts.self, from: Data(text.utf8)) == old)
  }

  @Test("no token is in the arguments of a process")
  func hidden() async throws {
    let imds = try await FakeAWS([Self.put] + Self.gets())
    let scratch = try Scratch()
    let curl = """
      #!/bin/sh
      printf '%s\\n' "$*" >>\(scratch.path)/said
      exec \(try Command.path(of: "curl")) "$@"

      """
    _ = try scratch.write(curl, to: "bin/curl", mode: 0o755)
    let result = try await Self.probe(
      imds.server.endpoint.description,
      environment: ["PATH=\(scratch.path)/bin:/usr/bin:/bin"]
    )
    #expect(result.facts.instance != nil)
    let said = try scratch.text(of: "said")
    #expect(said.contains("/latest/meta-data/mac") && !said.contains("tok=="), "\(said)")
  }

  @Test("a service that is late is waited for", arguments: Userland.allCases)
  func late(_ userland: Userland) async throws {
    let imds = try await FakeAWS([Rule(status: 503, times: 3), Self.put] + Self.gets())
    let result = try await Self.probe(imds.server.endpoint.description, userland)
    #expect(result.facts.instance?.id == "i-0abc", "\(result.instanceProblem ?? "")")
  }

  @Test("a slow answer to the token request is no hop limit", arguments: Userland.allCases)
  func slow(_ userland: Userland) async throws {
    let imds = try await FakeAWS(
      [Rule(method: "PUT", path: "/latest/api/token", body: "tok==", delay: 3)]
        + Self.gets()
    )
    let result = try await Self.probe(
      imds.server.endpoint.description,
      userland,
      instance: InstanceShell(allowsVersion1: false, patience: 300)
    )
    #expect(result.facts.instance?.metadataVersion == 2, "\(result.instanceProblem ?? "")")
  }

  @Test("one that nobody listens at yet, too")
  func refused() async throws {
    let imds = try await FakeAWS([Self.put] + Self.gets())
    let scratch = try Scratch()
    // A curl that finds nobody before its fourth call.
    let curl = """
      #!/bin/sh
      echo >>\(scratch.path)/calls
      [ "$(wc -l <\(scratch.path)/calls)" -gt 3 ] || exit 7
      exec \(try Command.path(of: "curl")) "$@"

      """
    _ = try scratch.write(curl, to: "bin/curl", mode: 0o755)
    let result = try await Self.probe(
      imds.server.endpoint.description,
      environment: ["PATH=\(scratch.path)/bin:/usr/bin:/bin"]
    )
    #expect(result.facts.instance?.id == "i-0abc", "\(result.instanceProblem ?? "")")
  }

  struct Service: Sendable, CustomTestStringConvertible {
    let name: String
    var rules: [Rule]
    var instance = patient()
    /// What the problem says; nil where there is none.
    var says: String?
    var testDescription: String { name }
  }

  private static let services = [
    Service(
      name: "version 1, allowed",
      rules: [Rule(method: "PUT", status: 404)] + gets(token: nil)
    ),
    Service(
      name: "version 1, by 405",
      rules: [Rule(method: "PUT", status: 405)] + gets(token: nil)
    ),
    Service(
      name: "version 1, forbidden",
      rules: [Rule(method: "PUT", status: 404)] + gets(token: nil),
      instance: patient(allowsVersion1: false),
      says: "have no version 2 (HTTP 404), and version 1 is forbidden"
    ),
    Service(
      name: "switched off",
      rules: [Rule(status: 403)],
      says: "--http-endpoint enabled"
    ),
    Service(
      name: "the token's answer does not arrive, and version 2 is required",
      rules: [Rule(method: "PUT", silent: true), Rule(status: 401)],
      instance: impatient(wait: 5),
      says: "--http-put-response-hop-limit 2"
    ),
    Service(
      name: "the token's answer does not arrive, and version 1 is forbidden",
      rules: [Rule(method: "PUT", silent: true)] + gets(token: nil),
      instance: impatient(allowsVersion1: false, wait: 5),
      says: "not to PUT (for a token) within 5 s, though to GET: likely the hop limit is too low"
    ),
    Service(
      name: "the token's answer does not arrive, and version 1 is allowed",
      rules: [Rule(method: "PUT", silent: true)] + gets(token: nil),
      instance: InstanceShell(patience: 300)
    ),
    Service(
      name: "a token with a blank",
      rules: [Rule(method: "PUT", body: "a b")],
      instance: impatient(),
      says: "do not answer: its token is no token"
    ),
    Service(
      name: "a token that ends a quote",
      rules: [Rule(method: "PUT", body: "a\"\nurl=file:///etc/passwd")],
      instance: impatient(),
      says: "its token is no token"
    ),
    Service(
      name: "an answer without end",
      rules: [put, Rule(body: "i-0123456789abcdef", copies: 100_000)],
      instance: impatient(),
      says: "its answer is too long"
    ),
    Service(
      name: "an error",
      rules: [put, Rule(status: 500)],
      instance: impatient(),
      says: "do not answer: HTTP 500"
    ),
  ]

  @Test("each kind of service", arguments: services)
  func service(_ service: Service) async throws {
    let imds = try await FakeAWS(service.rules)
    let result = try await Self.probe(
      imds.server.endpoint.description,
      instance: service.instance
    )
    if let says = service.says {
      #expect(result.facts.instance == nil)
      #expect(result.instanceProblem?.contains(says) == true, "\(result.instanceProblem ?? "")")
    } else {
      #expect(result.facts.instance?.metadataVersion == 1, "\(result.instanceProblem ?? "")")
    }
  }

  @Test("no service at all, and one that may not be asked")
  func absent() async throws {
    let nobody = try await Self.probe("http://127.0.0.1:1", instance: Self.impatient())
    #expect(nobody.instanceProblem?.contains("do not answer: nobody listens there") == true)
    let off = try await Self.probe(
      "http://127.0.0.1:1",
      environment: ["AWS_EC2_METADATA_DISABLED=True"]
    )
    #expect(off.instanceProblem?.contains("AWS_EC2_METADATA_DISABLED") == true)
    let imds = try await FakeAWS([Rule(method: "PUT", status: 404)] + Self.gets(token: nil))
    let forbidden = try await Self.probe(
      imds.server.endpoint.description,
      environment: ["AWS_EC2_METADATA_V1_DISABLED=true"]
    )
    #expect(forbidden.instanceProblem?.contains("version 1 is forbidden") == true)
  }

  @Test(
    "an answer of another shape is refused",
    arguments: [
      ("instance-id", "i-0ABC"), ("instance-id", "x-0abc"), ("instance-id", "i-"),
      ("instance-id", "i-0abc\n"), ("instance-id", "<html>"), ("instance-id", ""),
      ("instance-type", "m5"), ("instance-type", "m5.large;id"), ("instance-type", "m5.a.b"),
      ("placement/availability-zone", "us west"), ("placement/availability-zone", "$(id)"),
      ("placement/region", "us-west-2a"), ("placement/region", "../x-1"),
      ("local-ipv4", "10.0.0.256"), ("local-ipv4", "10.0.0"), ("local-ipv4", "010.0.0.1"),
      ("local-ipv4", "10.0.0.1 "), ("local-hostname", "-x"), ("local-hostname", "a_b"),
      ("local-hostname", "a'b"), ("mac", "02:29:96:8f:6a"), ("mac", "02:29:96:8f:6a:zz"),
      ("network/interfaces/macs/02:29:96:8f:6a:2d/vpc-ipv4-cidr-blocks", "10.0.0.0/33"),
      ("network/interfaces/macs/02:29:96:8f:6a:2d/vpc-ipv4-cidr-blocks", "10.0.0.0"),
      ("network/interfaces/macs/02:29:96:8f:6a:2d/vpc-ipv4-cidr-blocks", "* /8"),
      ("tags/instance", "a b"), ("tags/instance", "a\n$(id)"),
    ]
  )
  func garbage(_ name: String, _ value: String) async throws {
    let imds = try await FakeAWS([Self.put] + Self.gets([name: value]))
    let result = try await Self.probe(imds.server.endpoint.description)
    #expect(result.facts.instance == nil)
    let problem = try #require(result.instanceProblem)
    #expect(problem.contains(name.split(separator: "/").last ?? "") || problem.contains("tag"))
  }

  private static let info = """
    {
      "Code" : "Success",
      "LastUpdated" : "2026-01-02T03:04:05Z",
      "InstanceProfileArn" : "arn:aws:iam::123456789012:instance-profile/nodes",
      "InstanceProfileId" : "AIPAEXAMPLE"
    }
    """

  private static let profiles: [(info: String?, roles: String?, profile: InstanceProfile?)] = [
    (nil, nil, .absent),
    (
      info, "node",
      InstanceProfile(
        code: "Success",
        arn: "arn:aws:iam::123456789012:instance-profile/nodes",
        role: "node"
      )
    ),
    (
      #"{"Code": "InstanceProfileNotFound", "InstanceProfileArn": ""}"#, nil,
      InstanceProfile(code: "InstanceProfileNotFound")
    ),
    (
      info, "a b",
      InstanceProfile(code: "Success", arn: "arn:aws:iam::123456789012:instance-profile/nodes")
    ),
    (nil, "node\nother", InstanceProfile(code: "Success", role: "node")),
    ("<html>", "x\nend", nil), (#"{"Code": "a b\nmanifest\nend"}"#, nil, nil),
  ]

  @Test("the instance profile, and its role", arguments: Userland.allCases)
  func instanceProfile(_ userland: Userland) async throws {
    for (info, roles, profile) in Self.profiles {
      let imds = try await FakeAWS(
        [Self.put]
          + Self.gets(["iam/info": info, "iam/security-credentials/": roles])
      )
      let found = try await Self.probe(imds.server.endpoint.description, userland)
      #expect(found.facts.instance?.profile == profile, "\(info ?? "")")
      #expect(found.facts.instance?.tags?.count == 2)
    }
  }

  @Test("what is not there is said, or derived")
  func missing() async throws {
    let without = try await FakeAWS([Self.put] + Self.gets(["instance-type": nil]))
    let result = try await Self.probe(without.server.endpoint.description)
    #expect(result.instanceProblem == "this instance's metadata have no instance-type")
    let few = try await FakeAWS([Self.put] + Self.gets(["mac": nil, "tags/instance": nil]))
    let instance = try await Self.probe(few.server.endpoint.description).facts.instance
    #expect(instance?.vpcNetworks == [] && instance?.tags == nil && instance?.id == "i-0abc")
  }

  @Test("shellcheck finds nothing to say")
  func shellcheck() async throws {
    let program = Probe.program(asksInstance: true)
    #expect(try await ShellText.complaints(about: program) == [])
    #expect(!Probe.program().contains("imds"))
  }
}
