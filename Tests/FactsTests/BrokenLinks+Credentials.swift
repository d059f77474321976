// SPDX-License-Identifier: Apache-2.0

import Values

@testable import Facts

extension JoinDiagnosisTests {
  static let credentials: [BrokenLink] = [
    .init(
      "no command",
      "is not on the host: /usr/local/bin/aws-iam-authenticator",
      change: credential(127)
    ),
    .init("not for here", "cannot be executed", "architecture", change: credential(126)),
    .init(
      "no role",
      "fails with exit code 1",
      "NoCredentialProviders",
      "metadata has no role",
      "associate-iam-instance-profile",
      change: credential(
        1,
        "could not get token: NoCredentialProviders: no valid providers in chain",
        metadata: .init(exitCode: 0, status: 404)
      )
    ),
    .init(
      "hop limit",
      "does not come to an end",
      "metadata does not answer",
      "--http-put-response-hop-limit 2",
      change: credential(137, metadata: .init(exitCode: 28, status: 0))
    ),
    .init(
      "metadata is off",
      "switched off",
      "--http-endpoint enabled",
      change: credential(1, metadata: .init(exitCode: 0, status: 403))
    ),
    .init(
      "role is there",
      "credentials of the role worker",
      "by hand",
      change: credential(1, metadata: .init(exitCode: 0, status: 200, role: "worker"))
    ),
    .init("clock", "its clock is 301 s ahead of the cluster's", "169.254.169.123") {
      found,
      expected in
      found.serverSkew = 301
      refused("SignatureDoesNotMatch", "Signature not yet current: 2 is still later than 1")(
        &found,
        &expected
      )
    },
    .init(
      "signature expired",
      "signature for too old or too new",
      change: refused("SignatureDoesNotMatch", "Signature expired: 1 is now earlier than 2")
    ),
    .init("request expired", "too old or too new", change: refused("RequestExpired")),
    .init(
      "credentials expired",
      "AWS credentials have expired",
      "sts.us-west-2.amazonaws.com: ExpiredToken",
      change: refused("ExpiredToken", "The security token included in the request is expired")
    ),
    .init(
      "unknown key",
      "does not know the host's access key",
      "AWS_STS_REGIONAL_ENDPOINTS",
      change: refused(
        "InvalidClientTokenId",
        "The security token included in the request is invalid."
      )
    ),
    .init(
      "wrong region",
      "signs for the wrong region: us-west-2",
      change: refused(
        "SignatureDoesNotMatch",
        "Credential should be scoped to a valid region, not 'us-west-2'."
      )
    ),
    .init(
      "another region",
      "wrong region: eu-west-1, and the cluster is in us-west-2",
      "AWS_REGION=us-west-2"
    ) {
      found,
      expected in
      refused("SignatureDoesNotMatch", "does not match")(&found, &expected)
      found.signedRegion = "eu-west-1"
    },
    .init(
      "wrong secret",
      "the host's signature is wrong",
      change: refused("SignatureDoesNotMatch")
    ),
    .init("denied", "forbids the host to be identified", change: refused("AccessDenied")),
    .init("something new", "refuses the host's credentials", "Odd", change: refused("Odd")),
  ]
}
