// SPDX-License-Identifier: Apache-2.0

import Values

extension CredentialChain {
  /// What the container agent hands out (ECS, EKS Pod Identity).
  func container() async throws -> Outcome {
    let endpoint: Endpoint
    if let path = surroundings.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      guard path.hasPrefix("/"), let url = Endpoint("http://169.254.170.2\(path)") else {
        throw Failure(.invalidInput, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not a path")
      }
      endpoint = url
    } else if let text = surroundings.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
      guard let url = Endpoint(text), Self.mayHoldCredentials(url) else {
        throw Failure(
          .invalidInput,
          "AWS_CONTAINER_CREDENTIALS_FULL_URI is not https, this machine, or a container agent"
        )
      }
      endpoint = url
    } else {
      return .absent("AWS_CONTAINER_CREDENTIALS_FULL_URI is not set")
    }
    let headers = try containerToken().map { [HTTPRequest.Field("Authorization", $0)] } ?? []
    let origin = "the container agent at \(endpoint.host)"
    let start = surroundings.timing.elapsed()
    let policy = RetryPolicy(attempts: 4, cap: .seconds(2), patience: .seconds(10))
    var attempt = 1
    while true {
      var why: String
      do {
        let reply = try await surroundings.exchange.send(
          HTTPRequest("GET", endpoint, path: "", headers: headers),
          timeout: .seconds(5),
          limit: 64 << 10
        )
        if reply.status == 200 { return .found(try Self.decode(reply.body, origin: origin)) }
        why = "HTTP \(reply.status)"
        if reply.status < 500, reply.status != 429 { attempt = policy.attempts }
      } catch let error as ExchangeError {
        why = error.description
        if error.isFinal { attempt = policy.attempts }
      }
      guard
        let wait = policy.wait(
          after: attempt,
          since: start,
          asked: nil,
          timing: surroundings.timing
        )
      else { throw Failure(.unreachable, "\(origin) gave no credentials", why: why) }
      try await surroundings.timing.sleep(wait)
      attempt += 1
    }
  }

  private func containerToken() throws -> String? {
    var token = surroundings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    if let file = surroundings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
      guard let bytes = try surroundings.readFile(file) else {
        throw Failure(.invalidInput, "the container token file \(file) does not exist")
      }
      token = String(decoding: bytes, as: UTF8.self)
      while token?.last?.isNewline == true { token?.removeLast() }
    }
    guard token?.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) ?? true else {
      throw Failure(.invalidInput, "the container authorization token has characters of no header")
    }
    return token
  }

  /// Plain HTTP only where nobody else can listen, by the SDKs' list.
  private static func mayHoldCredentials(_ endpoint: Endpoint) -> Bool {
    if endpoint.scheme == "https" { return true }
    if IPv4Address(endpoint.host).map({ $0.raw >> 24 == 127 }) ?? false { return true }
    return ["localhost", "[::1]", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]
      .contains(endpoint.host)
  }

  /// What the instance's role gives through instance metadata.
  func instanceRole() async throws -> Outcome {
    if let reason = metadata.disabled { return .absent(reason) }
    let folder = "/latest/meta-data/iam/security-credentials/"
    do {
      guard let list = try await metadata.text(folder, multiline: true),
        let role = list.split(whereSeparator: \.isNewline).first
      else { return .absent("the instance has no role (instance profile)") }
      let origin = "the instance's role \(role)"
      let name = URIEncoding.encode(String(role))
      guard let bytes = try await metadata.bytes(folder + name) else {
        return .absent("the role \(role) is gone")
      }
      return .found(try Self.decode(bytes, origin: origin))
    } catch let failure as Failure where failure.kind == .unreachable {
      return .absent(failure.why ?? failure.what)
    } catch let failure as Failure where failure.kind == .preflight {
      // Other places may have some, and whoever has none at all is told of each.
      return .absent(failure.description.split(whereSeparator: \.isNewline).joined(separator: ";"))
    }
  }
}
