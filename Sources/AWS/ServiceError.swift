// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Values

/// A service's refusal, in its own words, with what to do about it.
package struct ServiceError: Error, Sendable, Equatable, CustomStringConvertible {
  package let service: Service
  /// The action's name: DescribeCluster.
  package let operation: String
  package let region: Region
  package let status: Int
  /// The service's own code: AccessDeniedException; `HTTP 503` where it gave none.
  package let code: String
  package let message: String
  package let requestID: String?
  /// The server's clock minus ours, in seconds, where it said its time.
  package let skew: Int64?
  /// Where the credentials came from; nil for a request without a signature.
  package let credentials: String?
  /// Who was refused, where STS was asked.
  package internal(set) var caller: CallerARN?

  /// What kind of refusal it is, whichever service said it.
  package enum Reason: Sendable, Equatable {
    case throttled
    case serverFault
    case expiredCredentials
    case unknownCredentials
    case accessDenied
    case clock
    case badSignature
    case notFound
    case regionOff
    case other
  }

  package var reason: Reason {
    if Self.clockCodes.contains(code) { return .clock }
    if Self.signatureCodes.contains(code) {
      let says = ["Signature expired", "not yet current"]
      return isSkewed || says.contains { message.contains($0) } ? .clock : .badSignature
    }
    // EC2 says this of a wrong clock and of an unknown key alike.
    if code == "AuthFailure" { return isSkewed ? .clock : .unknownCredentials }
    if let reason = Self.reasons[code] { return reason }
    if status == 429 || code.contains("Throttl") { return .throttled }
    if status >= 500 { return .serverFault }
    return .other
  }

  private var isSkewed: Bool { skew.map { abs($0) >= Self.tolerance } ?? false }

  /// Whether asking again may help.
  package var isRetryable: Bool { reason == .throttled || reason == .serverFault }

  /// AWS refuses signatures that are more than five minutes old or ahead.
  private static let tolerance: Int64 = 240

  private static let clockCodes: Set<String> = [
    "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture",
  ]
  private static let signatureCodes: Set<String> = [
    "SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature",
    "IncompleteSignatureException",
  ]
  private static let reasons: [String: Reason] = [
    "RequestLimitExceeded": .throttled, "TooManyRequestsException": .throttled,
    "RequestThrottled": .throttled, "RequestThrottledException": .throttled,
    "PriorRequestNotComplete": .throttled, "BandwidthLimitExceeded": .throttled,
    "SlowDown": .throttled, "InternalError": .serverFault, "InternalFailure": .serverFault,
    "ServerException": .serverFault, "ServiceUnavailable": .serverFault,
    "ServiceUnavailableException": .serverFault, "Unavailable": .serverFault,
    "RequestTimeout": .serverFault, "RequestTimeoutException": .serverFault,
    "IDPCommunicationError": .serverFault, "ExpiredToken": .expiredCredentials,
    "ExpiredTokenException": .expiredCredentials, "TokenRefreshRequired": .expiredCredentials,
    "UnrecognizedClientException": .unknownCredentials,
    "InvalidClientTokenId": .unknownCredentials, "InvalidAccessKeyId": .unknownCredentials,
    "InvalidToken": .unknownCredentials, "AccessDenied": .accessDenied,
    "AccessDeniedException": .accessDenied, "UnauthorizedOperation": .accessDenied,
    "MissingAuthenticationToken": .badSignature, "ResourceNotFoundException": .notFound,
    "InvalidInstanceID.NotFound": .notFound, "InvalidInstanceID.Malformed": .notFound,
    "OptInRequired": .regionOff, "RegionDisabledException": .regionOff,
  ]

  package var description: String { failure.description }

  /// The same for a person.
  package var failure: Failure {
    let request = requestID.map { " (request \($0))" } ?? ""
    return Failure(
      isRetryable ? .unreachable : .preflight,
      "\(service.rawValue):\(operation) in \(region) was refused",
      why: "\(code): \(message)\(request)",
      remedy: remedy
    )
  }

  private var remedy: String? {
    let origin = credentials ?? "no credentials"
    return switch reason {
    case .throttled:
      "the account asks AWS too much just now: try again later, or give endpoint"
        + " and certificateAuthority in the spec, which needs no call"
    case .serverFault: "a fault on AWS's side: try again later"
    case .expiredCredentials:
      "the credentials from \(origin) have expired: get new ones, or remove them so that the next"
        + " source is used"
    case .unknownCredentials:
      "AWS does not know the access key from \(origin): it may be deleted, of another partition"
        + " than \(region.partition.name), or the region \(region) is not enabled"
    case .accessDenied:
      "allow \(service.rawValue):\(operation) to "
        + (caller.map { "\($0), whose credentials are from \(origin)" }
          ?? "the identity of \(origin)")
    case .clock:
      Self.clockRemedy(skew)
    case .badSignature:
      "the secret key from \(origin) does not belong to its access key, or a proxy changes"
        + " requests; copy both keys again"
    case .notFound: "check the name and the region (\(region))"
    case .regionOff: "enable the region \(region) for the account, or use another"
    case .other: nil
    }
  }

  private static func clockRemedy(_ skew: Int64?) -> String {
    guard let skew, abs(skew) >= 1 else {
      return "this machine's clock is wrong: set it, and keep a time service running"
    }
    let side = skew > 0 ? "behind" : "ahead of"
    return "this machine's clock is \(abs(skew)) s \(side) AWS's: set it, and keep a time service"
      + " (chrony, ntpd, systemd-timesyncd) running"
  }
}

extension ServiceError {
  /// Reads an answer that is not 2xx: JSON as EKS has it, XML as EC2 and STS have it, or neither.
  init(
    _ reply: HTTPReply,
    service: Service,
    operation: String,
    region: Region,
    credentials: String?,
    now: Timestamp
  ) {
    self.service = service
    self.operation = operation
    self.region = region
    self.credentials = credentials
    status = reply.status
    skew = reply.header("Date").flatMap { Timestamp(httpDate: $0) }.map { $0.seconds - now.seconds }
    var code = reply.header("x-amzn-ErrorType")
    var message: String?
    var request = reply.header("x-amzn-RequestId") ?? reply.header("x-amz-request-id")
    if reply.body.first == UInt8(ascii: "<") {
      let error = try? XMLAnswer.decode(XMLErrorAnswer.self, from: reply.body)
      code = code ?? error?.first?.code
      message = error?.first?.message
      request = request ?? error?.requestId ?? error?.requestID
    } else if let error = try? JSONDecoder().decode(JSONErrorAnswer.self, from: Data(reply.body)) {
      code = code ?? error.type ?? error.code
      message = error.message ?? error.capitalMessage
    }
    // Both forms decorate it: "prefix#Code:http://…".
    let bare = code?.split(separator: ":").first?.split(separator: "#").last
    self.code = bare.map { String($0.prefix(100)) } ?? "HTTP \(reply.status)"
    let text = message ?? reply.text
    self.message = Self.printable(text, limit: 1000)
    requestID = request.map { Self.printable($0, limit: 100) }
  }

  /// One line without control characters: it goes to a terminal.
  private static func printable(_ text: String, limit: Int) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.prefix(limit).map {
          $0.properties.generalCategory == .control ? " " : $0
        }
      )
    )
  }
}

/// EKS's errors.
private struct JSONErrorAnswer: Decodable {
  let type: String?
  let code: String?
  let message: String?
  let capitalMessage: String?

  enum CodingKeys: String, CodingKey {
    case type = "__type"
    case code
    case message
    case capitalMessage = "Message"
  }
}

/// STS's `<ErrorResponse><Error>` and EC2's `<Response><Errors><Error>`.
private struct XMLErrorAnswer: Decodable {
  struct One: Decodable {
    let code: String?
    let message: String?
  }
  struct List: Decodable {
    let error: [One]
  }
  let error: One?
  let errors: List?
  let requestId: String?
  let requestID: String?

  var first: One? { error ?? errors?.error.first }
}
