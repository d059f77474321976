// SPDX-License-Identifier: Apache-2.0

import Values

/// The instance metadata service (IMDS): version 2 with its token, version 1 where that may be.
///
/// It is late on a machine that has just started, so the first question waits for it; once it has failed to
/// come, every later question fails at once.
package actor InstanceMetadata {
  /// How to ask.
  package struct Options: Sendable, Equatable {
    /// Whether an instance without tokens (version 1) may be asked.
    package var allowsVersion1: Bool
    /// How long to wait for a service that does not answer yet.
    package var patience: Duration

    package init(allowsVersion1: Bool = true, patience: Duration = .seconds(30)) {
      self.allowsVersion1 = allowsVersion1
      self.patience = patience
    }
  }

  private enum Session {
    case unknown
    case version2(token: Sensitive, until: Duration)
    case version1
  }

  /// What one try came to.
  private enum Attempt {
    case reply(HTTPReply)
    case notYet(String)
    /// The service is there, but its answer to a token request is not.
    case noToken(String)
  }

  private let endpoint: Endpoint
  private let exchange: any Exchange
  private let timing: Timing
  private let options: Options
  /// Why nobody should ask, from the environment; nil where one may.
  package nonisolated let disabled: String?
  private var session = Session.unknown
  /// How long the answer to a token request may take: twice as long each time that it did not come.
  private var tokenTimeout = InstanceMetadata.timeout
  private var firstAsked: Duration?
  private var hasAnswered = false
  private var gaveUp: Failure?

  private static let tokenSeconds = 21_600
  private static let pause = Duration.seconds(1)
  private static let timeout = Duration.seconds(2)
  private static let limit = 64 << 10

  /// Reads AWS_EC2_METADATA_SERVICE_ENDPOINT, …_ENDPOINT_MODE, AWS_EC2_METADATA_DISABLED and
  /// AWS_EC2_METADATA_V1_DISABLED.
  /// - Throws: `Failure` (`invalidInput`) for an endpoint that is no URL.
  package init(_ options: Options = Options(), surroundings: Surroundings) throws {
    let isIPv6 =
      surroundings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")?.lowercased() == "ipv6"
    let text =
      surroundings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT")
      ?? (isIPv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254")
    guard let endpoint = Endpoint(text) else {
      throw Failure(.invalidInput, "AWS_EC2_METADATA_SERVICE_ENDPOINT is not a URL")
    }
    self.endpoint = endpoint
    exchange = surroundings.exchange
    timing = surroundings.timing
    var options = options
    if surroundings.isOn("AWS_EC2_METADATA_V1_DISABLED") { options.allowsVersion1 = false }
    self.options = options
    disabled =
      surroundings.isOn("AWS_EC2_METADATA_DISABLED") ? "AWS_EC2_METADATA_DISABLED is true" : nil
  }

  /// One value: a line of printable characters (or lines, where it may have several).
  ///
  /// `path` starts with `/latest/`. Nil where the instance has none.
  ///
  /// - Throws: `Failure` (`unreachable`, or `preflight` where the instance forbids what we ask).
  package func text(_ path: String, multiline: Bool = false) async throws -> String? {
    guard let bytes = try await bytes(path) else { return nil }
    guard
      bytes.allSatisfy({ (0x20...0x7e).contains($0) || (multiline && ($0 == 10 || $0 == 13)) }),
      multiline || bytes.count <= 1024
    else {
      throw Failure(
        .step,
        "\(endpoint)\(path) gave something that is not instance metadata",
        remedy: "see whether something else answers at that address"
      )
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The bytes at a path; nil where the instance has none.
  /// - Throws: as `text`.
  package func bytes(_ path: String) async throws -> [UInt8]? {
    if let disabled {
      throw Failure(.unreachable, "instance metadata is switched off", why: disabled)
    }
    if let gaveUp { throw gaveUp }
    let now = timing.elapsed()
    let start = hasAnswered ? now : firstAsked ?? now
    firstAsked = start
    while true {
      let failure: Failure
      switch try await attempt(path) {
      case .reply(let reply):
        hasAnswered = true
        if reply.status == 404 { return nil }
        return reply.body
      case .notYet(let reason): failure = absent(reason)
      case .noToken(let reason): failure = hopLimit(reason)
      }
      // The pause is added so that no try starts after the deadline.
      let left = options.patience - (timing.elapsed() - start) - Self.pause
      guard left > .zero else {
        if !hasAnswered { gaveUp = failure }
        throw failure
      }
      tokenTimeout = max(Self.timeout, min(tokenTimeout, left))
      try await timing.sleep(Self.pause)
    }
  }

  private func attempt(_ path: String) async throws -> Attempt {
    if let failed = try await openSession() { return failed }
    do {
      let reply = try await get(path)
      switch reply.status {
      case 200, 404: return .reply(reply)
      case 401:
        session = .unknown
        return .notYet("HTTP 401: its token is not taken")
      case 403: throw forbidden
      default: return .notYet("HTTP \(reply.status)")
      }
    } catch let error as ExchangeError {
      return .notYet(error.description)
    }
  }

  /// Gets a token, or finds out that the service has none to give; nil where either came about.
  private func openSession() async throws -> Attempt? {
    switch session {
    case .version1: return nil
    case .version2(_, let until) where timing.elapsed() < until: return nil
    default: break
    }
    let seconds = Self.tokenSeconds
    let request = HTTPRequest(
      "PUT",
      endpoint,
      path: "/latest/api/token",
      headers: [.init("X-aws-ec2-metadata-token-ttl-seconds", String(seconds))]
    )
    do {
      let reply = try await exchange.send(request, timeout: tokenTimeout, limit: Self.limit)
      switch reply.status {
      case 200:
        guard !reply.body.isEmpty, reply.body.allSatisfy({ (0x21...0x7e).contains($0) }) else {
          return .notYet("its token is no token")
        }
        // A minute early, so that no token expires on its way.
        let until = timing.elapsed() + .seconds(seconds - 60)
        session = .version2(token: Sensitive(reply.body), until: until)
        return nil
      case 403: throw forbidden
      case 404, 405, 501:
        guard options.allowsVersion1 else { throw noVersion2("HTTP \(reply.status)") }
        session = .version1
        return nil
      default: return .notYet("HTTP \(reply.status) for a token")
      }
    } catch ExchangeError.timeout {
      return try await probeWithoutToken()
    } catch let error as ExchangeError {
      return .notYet(error.description)
    }
  }

  /// Tells a service that is not there from one whose answer to a PUT is late, or has too few hops to live.
  ///
  /// Which of the two only time tells.
  private func probeWithoutToken() async throws -> Attempt? {
    do {
      let reply = try await send(HTTPRequest("GET", endpoint, path: "/latest/meta-data/"))
      guard reply.status == 200 || reply.status == 401 else {
        return .notYet("HTTP \(reply.status)")
      }
      if reply.status == 200, options.allowsVersion1 {
        session = .version1
        return nil
      }
    } catch let error as ExchangeError {
      return .notYet(error.description)
    }
    let waited = tokenTimeout.components.seconds
    tokenTimeout *= 2
    return .noToken("no answer to PUT (for a token) within \(waited) s, while GET is answered")
  }

  private func get(_ path: String) async throws -> HTTPReply {
    var headers: [HTTPRequest.Field] = []
    if case .version2(let token, _) = session {
      headers.append(.init("X-aws-ec2-metadata-token", token.revealText()))
    }
    return try await send(HTTPRequest("GET", endpoint, path: path, headers: headers))
  }

  private func send(_ request: HTTPRequest) async throws -> HTTPReply {
    try await exchange.send(request, timeout: Self.timeout, limit: Self.limit)
  }

  private var forbidden: Failure {
    Failure(
      .preflight,
      "instance metadata is switched off for this instance",
      why: "HTTP 403",
      remedy: "aws ec2 modify-instance-metadata-options --http-endpoint enabled"
    )
  }

  private func absent(_ why: String) -> Failure {
    Failure(
      .unreachable,
      "instance metadata at \(endpoint) does not answer",
      why: why,
      remedy: "run this on an EC2 instance; in a container with its own network the instance's"
        + " metadata hop limit must be 2 (aws ec2 modify-instance-metadata-options"
        + " --http-put-response-hop-limit 2)"
    )
  }

  private func hopLimit(_ why: String) -> Failure {
    Failure(
      .preflight,
      "instance metadata version 2 gives no token",
      why: why,
      remedy: "the hop limit is likely too low for this network: aws ec2"
        + " modify-instance-metadata-options --http-put-response-hop-limit 2"
    )
  }

  private func noVersion2(_ why: String) -> Failure {
    Failure(
      .preflight,
      "instance metadata has no version 2, and version 1 is forbidden",
      why: why,
      remedy: "allow version 1, or update the service that answers at \(endpoint)"
    )
  }
}
