// SPDX-License-Identifier: Apache-2.0

import Crypto
package import Values

/// Signature Version 4 as EKS, EC2 and STS check it (not S3, whose paths are encoded once only).
///
/// The rules are those of botocore's `auth.SigV4Auth` and `SigV4QueryAuth`.
package struct Signer: Sendable {
  private let credentials: Credentials
  private let region: String
  private let service: String

  /// - Parameters:
  ///   - credentials: who signs.
  ///   - region: of the endpoint: us-west-2.
  ///   - service: the signing name: eks, ec2, sts.
  package init(_ credentials: Credentials, region: String, service: String) {
    self.credentials = credentials
    self.region = region
    self.service = service
  }

  /// The request with the headers X-Amz-Date, X-Amz-Security-Token and Authorization.
  package func signed(_ request: HTTPRequest, at date: Timestamp) -> HTTPRequest {
    var request = request
    request.headers.append(.init("X-Amz-Date", date.basic))
    if let token = credentials.sessionToken {
      request.headers.append(.init("X-Amz-Security-Token", token.revealText()))
    }
    let signature = signature(of: canonical(request), at: date)
    request.headers.append(
      .init(
        "Authorization",
        "\(Self.algorithm) Credential=\(credentials.accessKeyID)/\(scope(date)), "
          + "SignedHeaders=\(Self.signedHeaders(of: request)), Signature=\(signature)"
      )
    )
    return request
  }

  /// The request with its signature in the query, good for `seconds` from `date`.
  ///
  /// Its URL is a credential: whoever holds it can make this request.
  package func presigned(
    _ request: HTTPRequest,
    validFor seconds: Int,
    at date: Timestamp
  ) -> HTTPRequest {
    var request = request
    request.query += [
      .init("X-Amz-Algorithm", Self.algorithm),
      .init("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope(date))"),
      .init("X-Amz-Date", date.basic),
      .init("X-Amz-Expires", String(seconds)),
      .init("X-Amz-SignedHeaders", Self.signedHeaders(of: request)),
    ]
    if let token = credentials.sessionToken {
      request.query.append(.init("X-Amz-Security-Token", token.revealText()))
    }
    let signature = signature(of: canonical(request), at: date)
    request.query.append(.init("X-Amz-Signature", signature))
    return request
  }

  private static let algorithm = "AWS4-HMAC-SHA256"

  /// Headers that proxies and clients change on the way, so that nobody signs them.
  private static let unsigned: Set<String> = [
    "authorization", "connection", "expect", "keep-alive", "proxy-authenticate",
    "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "user-agent",
    "x-amzn-trace-id",
  ]

  private func scope(_ date: Timestamp) -> String {
    "\(date.basic.prefix(8))/\(region)/\(service)/aws4_request"
  }

  /// The request in the one form that both sides hash.
  func canonical(_ request: HTTPRequest) -> String {
    let query = request.query
      .map { (URIEncoding.encode($0.name), URIEncoding.encode($0.value)) }
      .sorted { $0 < $1 }
      .map { "\($0.0)=\($0.1)" }
      .joined(separator: "&")
    let headers = Self.canonicalHeaders(of: request).map { "\($0.name):\($0.value)\n" }.joined()
    return [
      request.method.uppercased(),
      URIEncoding.encode(Self.normalized(request.fullPath), keeping: "/"),
      query,
      headers,
      Self.signedHeaders(of: request),
      Digest(of: request.body).hex,
    ].joined(separator: "\n")
  }

  private func signature(of canonical: String, at date: Timestamp) -> String {
    let text = [Self.algorithm, date.basic, scope(date), Digest(of: canonical).hex]
      .joined(separator: "\n")
    var key = Array("AWS4".utf8) + credentials.secretAccessKey.reveal()
    for part in [String(date.basic.prefix(8)), region, service, "aws4_request"] {
      key = Self.hmac(key, part)
    }
    return Self.hmac(key, text).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }

  private static func hmac(_ key: [UInt8], _ text: String) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
  }

  private static func signedHeaders(of request: HTTPRequest) -> String {
    canonicalHeaders(of: request).map(\.name).joined(separator: ";")
  }

  /// Lower-case names in order, runs of white space folded, values of one name joined by commas.
  private static func canonicalHeaders(of request: HTTPRequest) -> [HTTPRequest.Field] {
    var values: [String: [String]] = [:]
    for header in request.headers where !unsigned.contains(header.name.lowercased()) {
      let words = header.value.split(whereSeparator: \.isWhitespace)
      values[header.name.lowercased(), default: []].append(words.joined(separator: " "))
    }
    values["host"] = values["host"] ?? [request.endpoint.authority]
    return values.sorted { $0.key < $1.key }
      .map { .init($0.key, $0.value.joined(separator: ",")) }
  }

  /// The path without dot segments and doubled slashes.
  private static func normalized(_ path: String) -> String {
    var segments: [Substring] = []
    for segment in path.split(separator: "/") where segment != "." {
      if segment == ".." {
        segments = segments.dropLast()
      } else {
        segments.append(segment)
      }
    }
    let tail = path.hasSuffix("/") && !segments.isEmpty ? "/" : ""
    return "/" + segments.joined(separator: "/") + tail
  }
}
