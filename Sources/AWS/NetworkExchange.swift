// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import TLS
import Values

/// Requests over the network, through the proxy that the environment names for them.
struct NetworkExchange: Exchange {
  /// Whom HTTPS trusts, or why it trusts nobody, which is no matter until something is asked over it.
  typealias Trust = Result<Authorities, Failure>

  private let direct: HTTPClient
  private let proxied: [Endpoint: HTTPClient]
  private let settings: ProxySettings
  private let trust: Trust

  private init(settings: ProxySettings, trust: Trust) {
    self.settings = settings
    self.trust = trust
    direct = Self.client(proxy: nil, trust)
    proxied = Dictionary(
      uniqueKeysWithValues: settings.all.map { ($0, Self.client(proxy: $0, trust)) }
    )
  }

  /// The authorities of the SDKs' variable, of OpenSSL's, or of this machine.
  static func trust(environment: [String: String]) -> Trust {
    Trust { () throws(Failure) in
      try Authorities.find(
        variables: ["AWS_CA_BUNDLE", "SSL_CERT_FILE"],
        environment: environment
      )
    }
  }

  /// Runs `body` with an exchange, and ends its connections whichever way `body` ends.
  static func with<Result: Sendable>(
    settings: ProxySettings,
    trust: Trust,
    _ body: (NetworkExchange) async throws -> Result
  ) async throws -> Result {
    let exchange = NetworkExchange(settings: settings, trust: trust)
    do {
      let result = try await body(exchange)
      await exchange.close()
      return result
    } catch {
      await exchange.close()
      throw error
    }
  }

  func send(_ request: HTTPRequest, timeout: Duration, limit: Int) async throws -> HTTPReply {
    if request.endpoint.scheme == "https", case .failure(let failure) = trust {
      throw ExchangeError.untrusted(failure)
    }
    var message = HTTPClientRequest(url: request.url)
    message.method = .init(rawValue: request.method)
    for header in request.headers { message.headers.add(name: header.name, value: header.value) }
    message.headers.replaceOrAdd(name: "User-Agent", value: "kubewright")
    if !request.body.isEmpty { message.body = .bytes(request.body) }
    do {
      let response = try await client(for: request.endpoint)
        .execute(message, timeout: .nanoseconds(timeout.nanoseconds))
      let buffer = try await response.body.collect(upTo: limit)
      return HTTPReply(
        status: Int(response.status.code),
        headers: response.headers.map { .init($0.name, $0.value) },
        body: Array(buffer.readableBytesView)
      )
    } catch is NIOTooManyBytesError {
      throw ExchangeError.tooLarge(limit)
    } catch let error as HTTPClientError {
      throw Self.reason(error)
    } catch let error as HTTPParserError where error == .invalidEOFState {
      throw ExchangeError.truncated
    } catch let error as IOError where error.errnoCode == ECONNREFUSED {
      throw ExchangeError.refused
    } catch let error as NIOConnectionError {
      throw try await Self.reason(error)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      if let distrust = Distrust(error), case .success(let authorities) = trust {
        throw ExchangeError.untrusted(await explained(distrust, request.endpoint, authorities))
      }
      throw ExchangeError.other(String(String(describing: error).prefix(300)))
    }
  }

  private func explained(
    _ distrust: Distrust,
    _ endpoint: Endpoint,
    _ authorities: Authorities
  ) async -> Failure {
    let proxy = settings.proxy(for: endpoint)
    let shown =
      proxy == nil
      ? await ShownCertificate.of(host: endpoint.host, port: endpoint.port ?? 443) : nil
    return distrust.failure(
      host: endpoint.host,
      shown: shown,
      proxy: proxy.map { "the proxy \($0)" },
      authorities: authorities,
      now: .now()
    )
  }

  private func client(for endpoint: Endpoint) -> HTTPClient {
    settings.proxy(for: endpoint).flatMap { proxied[$0] } ?? direct
  }

  private func close() async {
    for client in [direct] + proxied.values {
      do { try await client.shutdown() } catch { continue }
    }
  }

  private static func client(proxy: Endpoint?, _ trust: Trust) -> HTTPClient {
    var configuration = HTTPClient.Configuration()
    if case .success(let authorities) = trust {
      var tls = TLSConfiguration.makeClientConfiguration()
      tls.trustRoots = .file(authorities.path)
      configuration.tlsConfiguration = tls
    }
    configuration.timeout = .init(connect: .seconds(5), read: .seconds(30))
    configuration.httpVersion = .http1Only
    // A redirected request would carry a signature to a host that it was not made for.
    configuration.redirectConfiguration = .disallow
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.proxy = proxy.map {
      .server(host: $0.host, port: $0.port ?? ($0.scheme == "https" ? 443 : 80))
    }
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  private static func reason(_ error: HTTPClientError) -> ExchangeError {
    switch error {
    case .connectTimeout, .readTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout: .timeout
    case .remoteConnectionClosed: .truncated
    default: .other(error.shortDescription)
    }
  }

  private static func reason(_ error: NIOConnectionError) async throws -> ExchangeError {
    let errors = error.connectionErrors.map(\.error)
    // The host is the proxy's where a request goes through one.
    if errors.isEmpty {
      return .unresolved(error.host, isDefinite: try await NameLookup.isMissing(error.host))
    }
    if errors.allSatisfy({ ($0 as? IOError)?.errnoCode == ECONNREFUSED }) { return .refused }
    return .other(errors.map { String(describing: $0) }.joined(separator: "; "))
  }
}

extension Duration {
  fileprivate var nanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
