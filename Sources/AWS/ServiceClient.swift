// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Values

/// Signs requests to one service in one region, sends them, and tries again where that may help.
package struct ServiceClient: Sendable {
  package let service: Service
  package let region: Region
  let endpoint: Endpoint
  /// Nil for requests that need no signature.
  let credentials: CredentialProvider?
  let surroundings: Surroundings
  let retry: RetryPolicy

  /// - Parameters:
  ///   - service: which one.
  ///   - region: where.
  ///   - credentials: who signs; nil for AssumeRoleWithWebIdentity, which nobody signs.
  ///   - surroundings: the network, the clock and the environment's endpoints.
  ///   - retry: how often and how long.
  /// - Throws: `Failure` (`invalidInput`) where the environment's endpoint is no URL.
  package init(
    _ service: Service,
    in region: Region,
    credentials: CredentialProvider?,
    surroundings: Surroundings,
    retry: RetryPolicy = RetryPolicy()
  ) throws {
    guard let endpoint = service.endpoint(in: region, environment: surroundings.environment) else {
      throw Failure(
        .invalidInput,
        "\(service.endpointVariable) or AWS_ENDPOINT_URL (or the profile's endpoint_url) is not a URL",
        remedy: "set it to https://HOST[:PORT], or unset it"
      )
    }
    self.service = service
    self.region = region
    self.endpoint = endpoint
    self.credentials = credentials
    self.surroundings = surroundings
    self.retry = retry
  }

  /// The 2xx answer to a request.
  ///
  /// - Throws: `ServiceError` for a refusal, `Failure` for no answer or no credentials.
  func send(_ operation: String, _ request: HTTPRequest) async throws -> HTTPReply {
    let start = surroundings.timing.elapsed()
    var attempt = 1
    var renewed = false
    var lookups = 0
    while true {
      let signer = try await credentials?.current()
      let problem: any Error
      var asked: Duration?
      do {
        let reply = try await once(request, signer)
        if (200..<300).contains(reply.status) { return reply }
        let error = ServiceError(
          reply,
          service: service,
          operation: operation,
          region: region,
          credentials: signer?.origin,
          now: surroundings.timing.now()
        )
        // They may have expired between being cached and being used, or be others in their file by now.
        if error.reason == .expiredCredentials, !renewed, credentials != nil {
          renewed = true
          await credentials?.forget()
          continue
        }
        guard error.isRetryable else { throw error }
        asked = reply.header("Retry-After").flatMap { Int($0) }.map { .seconds($0) }
        problem = error
      } catch let error as ExchangeError {
        problem = unreachable(operation, error)
        if error.isFinal { throw problem }
        if case .unresolved(_, isDefinite: true) = error {
          lookups += 1
          if lookups == RetryPolicy.lookups { throw problem }
        }
      }
      guard
        let wait = retry.wait(
          after: attempt,
          since: start,
          asked: asked,
          timing: surroundings.timing
        )
      else { throw problem }
      try await surroundings.timing.sleep(wait)
      attempt += 1
    }
  }

  private func once(_ request: HTTPRequest, _ signer: Credentials?) async throws -> HTTPReply {
    let message =
      signer.map {
        Signer($0, region: region.name, service: service.rawValue)
          .signed(request, at: surroundings.timing.now())
      } ?? request
    return try await surroundings.exchange.send(message, timeout: retry.timeout, limit: 16 << 20)
  }

  private func unreachable(_ operation: String, _ error: ExchangeError) -> Failure {
    let remedy =
      switch error {
      case .unresolved(_, isDefinite: true):
        "check that '\(region)' is a region's name, the machine's DNS, and whether it needs"
          + " HTTPS_PROXY or a VPC endpoint for \(service.rawValue)"
      case .unresolved(_, isDefinite: false):
        "check the machine's name servers (/etc/resolv.conf) and the way to them"
      case .untrusted(let failure): failure.remedy
      default:
        "check the route to AWS: a NAT gateway, a VPC endpoint for \(service.rawValue), or"
          + " HTTPS_PROXY"
      }
    return Failure(
      .unreachable,
      "cannot ask \(service.rawValue):\(operation) at \(endpoint)",
      why: error.description,
      remedy: remedy
    )
  }

  /// Decodes a JSON answer.
  /// - Throws: `Failure` (`step`).
  func decode<Value: Decodable>(
    _ type: Value.Type,
    _ operation: String,
    json reply: HTTPReply
  ) throws -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(reply.body))
    } catch {
      throw Failure(
        .step,
        "\(service.rawValue):\(operation) gave an answer that is not the JSON that was asked for",
        why: String(String(describing: error).prefix(300)),
        remedy: "see whether a proxy or a portal answers in AWS's place"
      )
    }
  }

  /// A request of the query protocol: a POST whose form names the action.
  func query(
    _ action: String,
    version: String,
    _ parameters: [HTTPRequest.Field]
  ) -> HTTPRequest {
    let form = [.init("Action", action), .init("Version", version)] + parameters
    return HTTPRequest(
      "POST",
      endpoint,
      headers: [.init("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
      body: Array(HTTPRequest.encoded(form).utf8)
    )
  }
}
