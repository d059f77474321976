// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Values

@testable import AWS

/// Tokens, compared with those of the real `aws eks get-token`.
struct TokenTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let cluster: String
    let region: String
    var session: String?
    var execInfo: String?
    var endpoint: String?

    var testDescription: String { "\(cluster) in \(region) \(execInfo ?? "")" }

    var environment: [String: String] {
      var variables = [
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "AWS_DEFAULT_REGION": region,
        // What awscli 2 does always, and awscli 1 when told.
        "AWS_STS_REGIONAL_ENDPOINTS": "regional",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
      ]
      variables["AWS_SESSION_TOKEN"] = session
      variables["KUBERNETES_EXEC_INFO"] = execInfo
      variables["AWS_ENDPOINT_URL_STS"] = endpoint
      return variables
    }
  }

  struct Document: Codable, Equatable {
    struct Spec: Codable, Equatable {}
    struct Status: Codable, Equatable {
      let expirationTimestamp: String
      let token: String
    }
    let kind: String
    let apiVersion: String
    let spec: Spec
    let status: Status
  }

  static let group = "client.authentication.k8s.io"

  static let cases = [
    Case(cluster: "prod", region: "us-west-2"),
    Case(cluster: "a_b-C9", region: "eu-central-1", session: SignerTests.token),
    Case(cluster: "china", region: "cn-north-1"),
    Case(cluster: "gov", region: "us-gov-west-1"),
    Case(cluster: "x", region: "us-east-1", execInfo: #"{"apiVersion": "\#(group)/v1"}"#),
    Case(cluster: "x", region: "us-east-1", execInfo: #"{"apiVersion": "\#(group)/v1beta1"}"#),
    Case(cluster: "x", region: "us-east-1", execInfo: #"{"apiVersion": "\#(group)/v1alpha1"}"#),
    Case(cluster: "x", region: "us-east-1", execInfo: #"{"apiVersion": "\#(group)/v9"}"#),
    Case(cluster: "x", region: "us-east-1", execInfo: "not JSON"),
    Case(cluster: "local", region: "us-east-1", endpoint: "http://127.0.0.1:4566"),
  ]

  @Test("the document is awscli's, byte for byte, for the same moment", arguments: cases)
  func document(_ example: Case) async throws {
    let variables = example.environment.map { "\($0.key)=\($0.value)" }
    let result = try await Command.run(
      ["env"] + variables
        + ["aws", "eks", "get-token", "--cluster-name", example.cluster, "--output", "json"]
    )
    try #require(result.exitCode == 0, "\(result.error)")
    let theirs = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
    let url = try #require(Self.url(of: theirs.status.token))
    let date = try #require(Self.date(of: url))

    let time = FakeTime(date)
    let context = try AWSContext(surroundings: .test(example.environment, time: time))
    let (json, _) = try await context.execCredential(cluster: example.cluster)
    let ours = try JSONDecoder().decode(Document.self, from: Data(json.reveal()))
    #expect(Self.url(of: ours.status.token) == url)
    #expect(ours.status.token == theirs.status.token)
    #expect(ours.kind == theirs.kind)
    #expect(ours.apiVersion == theirs.apiVersion)
    #expect(ours.status.expirationTimestamp == date.advanced(bySeconds: 840).description)
    // awscli reads the clock a second time for it.
    let expiration = try #require(Timestamp(rfc3339: theirs.status.expirationTimestamp))
    #expect((840...900).contains(expiration.seconds - date.seconds))

    // The same layout: with the same token and date the texts are equal but for the last line's end.
    let renamed = json.revealText().replacing(
      ours.status.expirationTimestamp,
      with: theirs.status.expirationTimestamp
    )
    #expect(renamed.trimmingSuffix == result.output.trimmingSuffix)
  }

  @Test("the verifier's rules hold")
  func rules() throws {
    let token = EKSToken(
      cluster: "prod",
      region: try #require(Region("us-west-2")),
      endpoint: Endpoint(host: "sts.us-west-2.amazonaws.com"),
      credentials: .example,
      at: Timestamp(seconds: 1_440_938_160)
    )
    let text = token.token.revealText()
    #expect(text.utf8.count <= 4096 && !text.contains("="))
    let url = try #require(Self.url(of: text))
    #expect(url.hasPrefix("https://sts.us-west-2.amazonaws.com/?Action=GetCallerIdentity&"))
    #expect(url.contains("X-Amz-Expires=60&"))
    #expect(url.contains("X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&"))
    #expect("\(token)".contains("k8s-aws-v1") == false)
  }

  @Test(
    "names that are no cluster's are refused",
    arguments: ["", "a b", "a\nb", "ü", String(repeating: "x", count: 101)]
  )
  func names(_ name: String) async throws {
    let context = try AWSContext(surroundings: .test(["AWS_REGION": "us-east-1"]))
    let failure = await #expect(throws: Failure.self) { try await context.token(cluster: name) }
    #expect(failure?.kind == .invalidInput)
  }

  private static func url(of token: String) -> String? {
    guard token.hasPrefix("k8s-aws-v1.") else { return nil }
    var text = String(token.dropFirst("k8s-aws-v1.".count)).replacing("-", with: "+")
      .replacing("_", with: "/")
    while text.count % 4 != 0 { text += "=" }
    return Data(base64Encoded: text).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func date(of url: String) -> Timestamp? {
    guard let range = url.firstRange(of: "X-Amz-Date=") else { return nil }
    let digits = Array(url[range.upperBound...].prefix(16))
    guard digits.count == 16 else { return nil }
    func part(_ range: Range<Int>) -> String { String(digits[range]) }
    return Timestamp(
      rfc3339: "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T"
        + "\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z"
    )
  }
}

extension String {
  fileprivate var trimmingSuffix: Substring {
    var text = self[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
