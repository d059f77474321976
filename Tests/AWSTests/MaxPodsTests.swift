// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Values

@testable import AWS

/// The number of pods, and the table behind it.
struct MaxPodsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let type: String
    var settings = MaxPods.Settings()
    let value: Int

    var testDescription: String { "\(type) \(settings)" }
  }

  /// Expected: awslabs/amazon-eks-ami, eni-max-pods.txt and max-pods-calculator.sh.
  static let cases: [Case] = [
    Case(type: "t3.micro", value: 4), Case(type: "t3.medium", value: 17),
    Case(type: "m5.large", value: 29), Case(type: "m5.xlarge", value: 58),
    Case(type: "m5.4xlarge", value: 234), Case(type: "c5.18xlarge", value: 737),
    Case(type: "p4d.24xlarge", value: 737), Case(type: "i3.large", value: 29),
    Case(type: "m5.4xlarge", settings: .init(cap: .always), value: 110),
    Case(type: "c5.18xlarge", settings: .init(cap: .always), value: 250),
    Case(type: "m5.large", settings: .init(customNetworking: true), value: 20),
    Case(type: "m5.large", settings: .init(prefixDelegation: true), value: 110),
    Case(type: "m5.large", settings: .init(prefixDelegation: true, cap: .never), value: 434),
    Case(
      type: "m5.large",
      settings: .init(prefixDelegation: true, customNetworking: true, cap: .never),
      value: 290
    ),
    Case(type: "c5.18xlarge", settings: .init(prefixDelegation: true), value: 250),
    Case(type: "t3.nano", settings: .init(prefixDelegation: true), value: 34),
  ]

  @Test("the number, and how it came about", arguments: cases)
  func number(_ example: Case) throws {
    let type = try #require(try InstanceTypeTable.embedded[example.type])
    let pods = try MaxPods(type, example.settings, source: "here")
    #expect(pods.value == example.value)
    #expect(pods.explanation.first?.contains("(here)") == true)
    #expect(pods.explanation.contains { $0.contains("= ") && $0.contains("+ 2") })
    #expect(
      pods.explanation.contains("\(example.value)")
        || pods.explanation.contains { $0.contains("\(example.value)") }
    )
  }

  @Test(
    "settings that do not go with the type",
    arguments: [
      ("m4.large", MaxPods.Settings(prefixDelegation: true), "Nitro"),
      ("hpc6id.32xlarge", MaxPods.Settings(customNetworking: true), "one network interface"),
    ]
  )
  func refused(_ name: String, _ settings: MaxPods.Settings, _ says: String) throws {
    let type = try #require(try InstanceTypeTable.embedded[name])
    let failure = #expect(throws: Failure.self) { try MaxPods(type, settings, source: "here") }
    #expect(failure?.description.contains(says) == true)
  }

  @Test("the embedded table is what its writer writes, and its reader reads")
  func roundTrip() throws {
    let table = try InstanceTypeTable.embedded
    #expect(table.all.count > 1300)
    #expect(table.text == InstanceTypeTable.embeddedText + "\n")
    #expect(try InstanceTypeTable(parsing: table.text, file: "t") == table)
  }

  @Test("the script makes the same table of the same answer")
  func script() async throws {
    let scratch = try Scratch()
    let answer = try scratch.write(
      """
      {"InstanceTypes": [
      {"InstanceType": "m5.large", "Hypervisor": "nitro", "BareMetal": false,
       "VCpuInfo": {"DefaultVCpus": 2},
       "NetworkInfo": {"MaximumNetworkInterfaces": 9, "Ipv4AddressesPerInterface": 10,
        "DefaultNetworkCardIndex": 1, "NetworkCards": [
         {"NetworkCardIndex": 0, "MaximumNetworkInterfaces": 6},
         {"NetworkCardIndex": 1, "MaximumNetworkInterfaces": 3}]}},
      {"InstanceType": "i3.metal", "BareMetal": true, "VCpuInfo": {"DefaultVCpus": 72},
       "NetworkInfo": {"MaximumNetworkInterfaces": 15, "Ipv4AddressesPerInterface": 50}}]}
      """,
      to: "answer.json"
    )
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let result = try await Command.run(
      "python3",
      "/\(root)/scripts/instance-types",
      answer,
      "S",
      "2026-01-02"
    )
    #expect(result.exitCode == 0, "\(result.error)")
    let expected = InstanceTypeTable([
      InstanceType(
        name: "m5.large",
        interfaces: 3,
        addressesPerInterface: 10,
        vCPUs: 2,
        takesPrefixes: true
      ),
      InstanceType(
        name: "i3.metal",
        interfaces: 15,
        addressesPerInterface: 50,
        vCPUs: 72,
        takesPrefixes: true
      ),
    ])
    #expect(result.output.contains(expected.text.indented(by: 4)))
    #expect(result.output.contains("provenance = \"S, 2026-01-02\""))
  }

  @Test(
    "tables in the wrong form",
    arguments: [
      "x", "3 10 2 + large", "3 10 2 * large m5", "0 10 2 + large m5",
      "3 10 99999999999999999999 + large m5",
    ]
  )
  func wrongTable(_ text: String) {
    let failure = #expect(throws: Failure.self) {
      try InstanceTypeTable(parsing: "# fine\n" + text, file: "t")
    }
    #expect(failure?.what.hasPrefix("t:2:1: error: ") == true)
  }

  @Test("a type that nobody knows says what to do")
  func unknown() async throws {
    let context = try AWSContext(surroundings: .test(["AWS_REGION": "us-east-1"]))
    let failure = await #expect(throws: Failure.self) {
      try await context.maxPods(instanceType: "m5.lagre", source: .table)
    }
    #expect(failure?.remedy?.contains("did you mean m5.large?") == true)
    #expect(failure?.remedy?.contains("set maxPods yourself") == true)
  }

  @Test("an unknown type is asked of EC2; where EC2 cannot be asked, that is said too")
  func asked() async throws {
    let environment = CredentialChainTests.keys.merging(["AWS_REGION": "us-east-1"]) { a, _ in a }
    let answer = """
      <DescribeInstanceTypesResponse><instanceTypeSet><item><instanceType>i3.metal</instanceType>
      <bareMetal>true</bareMetal><vCpuInfo><defaultVCpus>72</defaultVCpus></vCpuInfo><networkInfo>
      <maximumNetworkInterfaces>15</maximumNetworkInterfaces>
      <ipv4AddressesPerInterface>50</ipv4AddressesPerInterface></networkInfo></item></instanceTypeSet>
      </DescribeInstanceTypesResponse>
      """
    let known = try AWSContext(
      surroundings: .test(environment, exchange: ScriptedExchange { _, _ in .ok(answer) })
    )
    let pods = try await known.maxPods(instanceType: "i3.metal")
    #expect(pods.value == 737)
    #expect(pods.explanation.first?.contains("ec2:DescribeInstanceTypes") == true)

    let error =
      "<Response><Errors><Error><Code>InvalidInstanceType</Code><Message>m</Message></Error></Errors></Response>"
    let unknown = try AWSContext(
      surroundings: .test(environment, exchange: ScriptedExchange { _, _ in .status(400, error) })
    )
    let failure = await #expect(throws: Failure.self) {
      try await unknown.maxPods(instanceType: "z9.big")
    }
    #expect(failure?.remedy?.contains("EC2 does not know it") == true)

    let offline = try AWSContext(.init(retry: .init(attempts: 2)), surroundings: .test(environment))
    let other = await #expect(throws: Failure.self) {
      try await offline.maxPods(instanceType: "z9.big")
    }
    #expect(other?.why?.contains("connection refused") == true)
  }

  @Test("the table by numbers")
  func byNumber() throws {
    let table = try InstanceTypeTable.embedded
    let plain = table.maxPods(for: .amd64)
    #expect(plain[29]?.contains("m5.large") == true && plain[4]?.contains("t3.micro") == true)
    let prefixes = table.maxPods(.init(prefixDelegation: true), for: .amd64)
    #expect(prefixes[110]?.contains("m5.large") == true)
    #expect(!prefixes.values.joined().contains("t2.micro"), "it takes no prefixes")
  }

  /// Names of each kind, with what DescribeInstanceTypes says of them.
  @Test(
    "a type's name tells its architecture",
    arguments: [
      ("a1.large", .arm64), ("m6g.large", .arm64), ("c7gn.xlarge", .arm64), ("im4gn.large", .arm64),
      ("g5g.metal", .arm64), ("hpc7g.4xlarge", .arm64), ("t4g.nano", .arm64), ("m5.large", .amd64),
      ("g4dn.xlarge", .amd64), ("g6.large", .amd64), ("u-12tb1.112xlarge", .amd64),
      ("x2iedn.metal", .amd64), ("mac1.metal", nil), ("mac2-m2.metal", nil),
    ] as [(String, Architecture?)]
  )
  func architecture(_ name: String, _ architecture: Architecture?) throws {
    #expect(Self.type(name).architecture == architecture)
  }

  @Test("no type is offered to programs of another architecture")
  func byArchitecture() throws {
    let table = try InstanceTypeTable.embedded
    let names = [Architecture.amd64, .arm64].map { table.maxPods(for: $0).values.flatMap(\.self) }
    #expect(names[0].count > 500 && names[1].count > 200)
    #expect(Set(names[0]).isDisjoint(with: names[1]))
    #expect(table.maxPods(for: .x86) == table.maxPods(for: .amd64))
  }

  private static func type(_ name: String) -> InstanceType {
    InstanceType(
      name: name,
      interfaces: 3,
      addressesPerInterface: 10,
      vCPUs: 2,
      takesPrefixes: true
    )
  }
}
