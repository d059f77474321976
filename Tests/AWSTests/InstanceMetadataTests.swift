// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import AWS

/// Instance metadata: its versions, its lateness, its refusals.
struct InstanceMetadataTests {
  static let values = [
    "": "instance-id", "instance-id": "i-0abc", "instance-type": "m5.large",
    "placement/availability-zone": "us-west-2-lax-1a", "local-ipv4": "10.0.1.5",
    "local-hostname": "ip-10-0-1-5.us-west-2.compute.internal other.example.com",
    "mac": "02:29:96:8f:6a:2d",
    "network/interfaces/macs/02:29:96:8f:6a:2d/vpc-ipv4-cidr-blocks":
      "192.168.0.0/16\n100.64.0.0/16",
    "tags/instance": "Name\nkubernetes.io/cluster/prod", "tags/instance/Name": "a b é",
    "tags/instance/kubernetes.io/cluster/prod": "owned",
  ]

  /// How a service behaves.
  enum Mood: Sendable, Equatable {
    case version2
    case version1
    /// The token request is never answered; the rest is with 401 or 200.
    case hopLimit(required: Bool)
    /// Refuses connections, or gives 503, for so many requests.
    case late(Int)
    case busy(Int)
    case switchedOff
    case hostile(String)
    case absent
  }

  static func exchange(_ mood: Mood) -> ScriptedExchange {
    ScriptedExchange { request, count in
      let isPut = request.method == "PUT"
      let token = request.headers.first { $0.name == "X-aws-ec2-metadata-token" }?.value
      switch mood {
      case .version1 where isPut: return .status(404)
      case .hopLimit where isPut: throw ExchangeError.timeout
      case .hopLimit(required: true): return .status(401)
      case .late(let number) where count < number: throw ExchangeError.refused
      case .busy(let number) where count < number: return .status(503)
      case .switchedOff: return .status(403)
      case .hostile(let text) where !isPut: return .ok(text)
      case .absent: throw ExchangeError.timeout
      case .version2 where !isPut && token != "tok": return .status(401)
      default: break
      }
      if isPut { return .ok("tok") }
      let prefix = "/latest/meta-data/"
      guard request.path.hasPrefix(prefix) else { return .status(404) }
      return values[String(request.path.dropFirst(prefix.count))].map { .ok($0) } ?? .status(404)
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let mood: Mood
    var allowsVersion1 = true
    var waited: Duration = .zero
    var kind: Failure.Kind?
    var says = ""

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "version 2", mood: .version2),
    Case(name: "version 1 where it may be", mood: .version1),
    Case(
      name: "version 1 forbidden",
      mood: .version1,
      allowsVersion1: false,
      kind: .preflight,
      says: "version 1 is forbidden"
    ),
    Case(name: "hop limit, tokens optional", mood: .hopLimit(required: false)),
    Case(
      name: "hop limit, tokens optional, version 1 forbidden",
      mood: .hopLimit(required: false),
      allowsVersion1: false,
      waited: .seconds(29),
      kind: .preflight,
      says: "http-put-response-hop-limit 2"
    ),
    Case(
      name: "hop limit, tokens required",
      mood: .hopLimit(required: true),
      waited: .seconds(29),
      kind: .preflight,
      says: "while GET is answered"
    ),
    Case(name: "20 s late", mood: .late(20), waited: .seconds(20)),
    Case(name: "busy for 5 s", mood: .busy(5), waited: .seconds(5)),
    Case(
      name: "later than we wait",
      mood: .late(1000),
      waited: .seconds(29),
      kind: .unreachable,
      says: "connection refused"
    ),
    Case(
      name: "switched off",
      mood: .switchedOff,
      kind: .preflight,
      says: "--http-endpoint enabled"
    ),
    Case(
      name: "not on EC2",
      mood: .absent,
      waited: .seconds(29),
      kind: .unreachable,
      says: "run this on an EC2 instance"
    ),
    Case(
      name: "a portal's page",
      mood: .hostile("<html>\u{1b}[2J</html>"),
      kind: .step,
      says: "not instance metadata"
    ),
    Case(
      name: "far too long",
      mood: .hostile(String(repeating: "x", count: 2000)),
      kind: .step,
      says: "not instance metadata"
    ),
  ]

  @Test("one value", arguments: cases)
  func value(_ example: Case) async throws {
    let time = FakeTime()
    let metadata = try InstanceMetadata(
      .init(allowsVersion1: example.allowsVersion1),
      surroundings: .test(time: time, exchange: Self.exchange(example.mood))
    )
    if let kind = example.kind {
      let failure = await #expect(throws: Failure.self) {
        try await metadata.text("/latest/meta-data/instance-id")
      }
      #expect(failure?.kind == kind)
      #expect(failure?.description.contains(example.says) == true)
    } else {
      #expect(try await metadata.text("/latest/meta-data/instance-id") == "i-0abc")
      #expect(try await metadata.text("/latest/meta-data/none") == nil)
    }
    #expect(time.sleeps.reduce(.zero, +) == example.waited)
  }

  /// A service that answers token requests after so long, and everything else at once.
  private struct Slow: Exchange {
    let delay: Duration
    let time: FakeTime

    func send(_ request: HTTPRequest, timeout: Duration, limit: Int) async throws -> HTTPReply {
      guard request.method == "PUT" else {
        return request.headers.isEmpty ? .status(401) : .ok("i-0abc")
      }
      time.pass(min(delay, timeout))
      guard delay < timeout else { throw ExchangeError.timeout }
      return .ok("tok")
    }
  }

  @Test(
    "a slow answer to the token request is no hop limit",
    arguments: [(1, 30, nil), (3, 30, nil), (7, 30, nil), (3, 5, 2), (60, 30, 13)]
      as [(Int, Int, Int?)]
  )
  func slow(_ delay: Int, _ patience: Int, _ waited: Int?) async throws {
    let time = FakeTime()
    let metadata = try InstanceMetadata(
      .init(patience: .seconds(patience)),
      surroundings: .test(time: time, exchange: Slow(delay: .seconds(delay), time: time))
    )
    if let waited {
      let failure = await #expect(throws: Failure.self) {
        try await metadata.text("/latest/meta-data/instance-id")
      }
      #expect(
        failure?.why == "no answer to PUT (for a token) within \(waited) s, while GET is answered"
      )
      #expect(time.timing.elapsed() <= .seconds(patience))
    } else {
      #expect(try await metadata.text("/latest/meta-data/instance-id") == "i-0abc")
    }
  }

  @Test("after it failed to come, nobody waits again")
  func gaveUp() async throws {
    let time = FakeTime()
    let metadata = try InstanceMetadata(
      surroundings: .test(time: time, exchange: Self.exchange(.absent))
    )
    await #expect(throws: Failure.self) { try await metadata.text("/latest/a") }
    let before = time.sleeps.count
    await #expect(throws: Failure.self) { try await metadata.text("/latest/b") }
    #expect(time.sleeps.count == before)
  }

  @Test("a token serves for six hours, and is fetched again after a 401")
  func tokens() async throws {
    let time = FakeTime()
    let exchange = ScriptedExchange { request, count in
      if request.method == "PUT" { return .ok("tok\(count)") }
      return count == 3 ? .status(401) : .ok("x")
    }
    let metadata = try InstanceMetadata(surroundings: .test(time: time, exchange: exchange))
    for _ in 0..<3 { _ = try await metadata.text("/latest/a") }
    #expect(exchange.requests.map(\.method) == ["PUT", "GET", "GET", "GET", "PUT", "GET"])
    time.pass(.seconds(21_600))
    _ = try await metadata.text("/latest/a")
    #expect(exchange.requests.suffix(2).map(\.method) == ["PUT", "GET"])
  }

  @Test(
    "the environment's switches",
    arguments: [
      (["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1338/"], "127.0.0.1"),
      (["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"], "[fd00:ec2::254]"),
      ([:], "169.254.169.254"),
    ] as [([String: String], String)]
  )
  func environment(_ variables: [String: String], _ host: String) async throws {
    let exchange = Self.exchange(.version2)
    let metadata = try InstanceMetadata(surroundings: .test(variables, exchange: exchange))
    _ = try await metadata.text("/latest/meta-data/instance-id")
    #expect(exchange.requests.allSatisfy { $0.endpoint.host == host })
  }

  @Test("version 1 can be forbidden by the environment")
  func version1Disabled() async throws {
    let metadata = try InstanceMetadata(
      surroundings: .test(
        ["AWS_EC2_METADATA_V1_DISABLED": "true"],
        exchange: Self.exchange(.version1)
      )
    )
    await #expect(throws: Failure.self) { try await metadata.text("/latest/meta-data/mac") }
  }

  @Test("everything that an instance knows of itself")
  func facts() async throws {
    let metadata = try InstanceMetadata(surroundings: .test(exchange: Self.exchange(.version2)))
    let facts = try await InstanceFacts(metadata)
    #expect(facts.instanceID == "i-0abc" && facts.instanceType == "m5.large")
    #expect(facts.region?.name == "us-west-2")
    #expect(facts.regionSource == "the availability zone us-west-2-lax-1a")
    #expect(facts.providerID == "aws:///us-west-2-lax-1a/i-0abc")
    #expect(facts.address == IPv4Address("10.0.1.5"))
    #expect(facts.vpcNetworks.map(\.description) == ["192.168.0.0/16", "100.64.0.0/16"])
    #expect(facts.tags == ["Name": "a b é", "kubernetes.io/cluster/prod": "owned"])
  }
}
