// SPDX-License-Identifier: Apache-2.0

import AWS
import Spec
import Testing

@testable import Engine

@Suite struct EKSEndpointsTests {
  /// Whatever the environment of this test or its profile say.
  @Test func theSpecsEndpointsGoBeforeAllElse() async throws {
    var spec = EKSSpec()
    spec.region = "us-west-2"
    spec.endpoints.sts = "https://sts.example"
    let environment = try await spec.withAWS(region: nil) { $0.surroundings.environment }
    #expect(environment["AWS_ENDPOINT_URL_STS"] == "https://sts.example")
    #expect(environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] == "false")
  }
}
