// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing
import Values

@testable import AWS

/// Who asks, as `eks discover` tells it.
struct IdentityTests {
  struct World: Sendable, CustomTestStringConvertible {
    let name: String
    /// Paths under /latest/meta-data/; nil where this is no instance.
    var metadata: [String: String]?
    var forbidden = false
    var keys = true
    /// STS's answer: a status and the ARN.
    var sts: (Int, String) = (200, "arn:aws:sts::123456789012:assumed-role/nodes/i-0abc")
    let findings: [String]

    var testDescription: String { name }

    func answer(_ request: HTTPRequest) throws -> HTTPReply {
      switch request.endpoint.host {
      case "169.254.169.254":
        guard let metadata else { throw ExchangeError.refused }
        if forbidden { return .status(403) }
        if request.method == "PUT" { return .ok("tok") }
        let path = String(request.path.dropFirst("/latest/meta-data/".count))
        return metadata[path].map { .ok($0) } ?? .status(404)
      case "sts.us-west-2.amazonaws.com":
        guard sts.0 == 200 else {
          return .status(
            sts.0,
            "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not\nyou</Message></Error>"
              + "</ErrorResponse>"
          )
        }
        return .ok(
          "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>\(sts.1)</Arn><UserId>u</UserId>"
            + "<Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
        )
      default: throw ExchangeError.refused
      }
    }
  }

  static let profile =
    #"{"Code": "Success", "InstanceProfileArn": "arn:aws:iam::123456789012:instance-profile/p"}"#
  static let caller = [
    "caller=arn:aws:sts::123456789012:assumed-role/nodes/i-0abc from sts:GetCallerIdentity, for the"
      + " credentials from the environment (AWS_ACCESS_KEY_ID)",
    "account=123456789012 from sts:GetCallerIdentity, for the credentials from the environment"
      + " (AWS_ACCESS_KEY_ID)",
  ]
  static let info =
    "instanceProfile=arn:aws:iam::123456789012:instance-profile/p from instance metadata (iam/info)"
  static let roles = "instance metadata (iam/security-credentials)"

  static let worlds: [World] = [
    World(
      name: "an instance with a role",
      metadata: ["iam/info": profile, "iam/security-credentials/": "nodes"],
      findings: caller + [info, "instanceRole=nodes from \(roles)"]
    ),
    World(name: "no instance", findings: caller),
    World(
      name: "an instance without a profile",
      metadata: [:],
      findings: caller + [
        "instanceProfile: the instance has none from instance metadata (iam/info)"
      ]
    ),
    World(
      name: "a profile whose role is gone",
      metadata: [
        "iam/info": #"{"Code": "AssumeRole\u001bUnauthorized", "InstanceProfileArn": "rm -rf"}"#
      ],
      findings: caller + [
        "instanceProfile: metadata names none from instance metadata (iam/info)",
        "instanceRole: the profile gives no credentials: AssumeRole\\u{1b}Unauthorized from \(roles)",
      ]
    ),
    World(
      name: "metadata that are switched off",
      metadata: [:],
      forbidden: true,
      findings: caller + [
        "instanceProfile: instance metadata is switched off for this instance: HTTP 403 from instance"
          + " metadata (iam/info)"
      ]
    ),
    World(
      name: "STS refuses",
      sts: (403, ""),
      findings: ["caller: AccessDenied: not you from sts:GetCallerIdentity"]
    ),
    World(
      name: "STS says what is no ARN",
      sts: (200, "$(reboot)"),
      findings: ["caller: STS gave something that is no ARN from sts:GetCallerIdentity"]
    ),
  ]

  @Test(arguments: worlds)
  func whoAsks(_ world: World) async throws {
    let exchange = ScriptedExchange { request, _ in try world.answer(request) }
    let environment = CredentialChainTests.keys.merging(["AWS_REGION": "us-west-2"]) { _, new in
      new
    }
    let context = try AWSContext(surroundings: .test(environment, exchange: exchange))
    let lines = try await context.identity().map { finding in
      finding.value.map { "\(finding.name)=\($0) from \(finding.source)" }
        ?? "\(finding.name): \(finding.problem ?? "") from \(finding.source)"
    }
    #expect(lines == world.findings)
  }

  @Test func withoutCredentialsTheReasonsOfEachPlaceAreTold() async throws {
    let context = try AWSContext(surroundings: .test(["AWS_REGION": "us-west-2"]))
    let found = try await context.identity()
    #expect(found.map(\.name) == ["caller"] && found.first?.value == nil)
    let problem = try #require(found.first?.problem)
    #expect(
      problem.hasPrefix("there are no AWS credentials: environment: AWS_ACCESS_KEY_ID is not set; ")
    )
    let json = String(decoding: try JSONEncoder().encode(found), as: UTF8.self)
    #expect(json.contains("\"problem\"") && !json.contains("\"value\""))
  }
}
