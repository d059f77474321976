// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import TestSupport
import Testing
import Values

@testable import AWS

/// Regions, their partitions and their endpoints, compared with what the installed botocore knows.
struct PartitionTests {
  struct Answer: Codable, Hashable, Sendable {
    let partition: String
    let region: String
    let service: String
    let fips: Bool
    let dual: Bool
    let url: String
  }

  @Test func everyRegionHasBotocoresEndpoints() async throws {
    let answers = try await Self.botocore()
    #expect(Set(answers.map(\.partition)).isSuperset(of: ["aws", "aws-iso-f", "aws-eusc"]))
    for answer in answers {
      let region = try #require(Region(answer.region))
      let service = try #require(Service(rawValue: answer.service))
      #expect(region.partition.name == answer.partition, "\(region)")
      #expect(
        service.endpoint(
          in: region,
          environment: [
            "AWS_USE_FIPS_ENDPOINT": String(answer.fips),
            "AWS_USE_DUALSTACK_ENDPOINT": String(answer.dual),
          ]
        )?.description == answer.url,
        "\(answer)"
      )
    }
  }

  @Test func botocoreKnowsNoPartitionThatWeDoNot() async throws {
    let known = Set(AWSPartition.all.map(\.name))
    #expect(known == Set(try await Self.botocore().map(\.partition)))
  }

  @Test(arguments: ["eu-west-1", "us-east-2", "mx-central-1", "us-isolated-1", "cnx-north-1"])
  func allElseIsTheStandardOne(_ name: String) {
    #expect(AWSPartition.of(region: name) == .standard)
  }

  /// What botocore's own rules say, for every region that it knows.
  private static func botocore() async throws -> [Answer] {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let result = try await Command.run("python3", try scratch.write(program, to: "ask.py"))
    try #require(result.exitCode == 0, "\(result.error)")
    return try JSONDecoder().decode([Answer].self, from: Data(result.output.utf8))
  }

  private static let program = """
    import json, sys
    import botocore.session
    from botocore.endpoint_provider import EndpointProvider

    loader = botocore.session.get_session().get_component("data_loader")
    partitions = loader.load_data("partitions")
    answers = []
    for service in ("eks", "ec2", "sts"):
        rules = EndpointProvider(loader.load_service_model(service, "endpoint-rule-set-1"), partitions)
        more = {"UseGlobalEndpoint": False} if service == "sts" else {}
        for partition in partitions["partitions"]:
            for region in partition["regions"]:
                if region.endswith("-global"):
                    continue
                for fips in (False, True):
                    for dual in (False, True):
                        url = rules.resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dual, **more).url
                        answers.append({"partition": partition["id"], "region": region, "service": service,
                                        "fips": fips, "dual": dual, "url": url})
    json.dump(answers, sys.stdout)
    """
}
