// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOSSL
import TLS
package import Values

/// An HTTPS client that trusts one authority, and shows one client certificate or bearer token.
package struct SecureClient: Sendable {
  /// What came back; a status that is not 2xx is a result, not an error.
  package struct Reply: Sendable {
    package let status: Int
    package let body: [UInt8]

    package init(status: Int, body: [UInt8]) {
      self.status = status
      self.body = body
    }

    package var text: String { String(decoding: body, as: UTF8.self) }
    package var succeeded: Bool { (200..<300).contains(status) }
  }

  /// By what a server knows the client.
  package enum Identity: Sendable {
    /// PEM of a certificate and of its private key.
    case certificate(String, key: Sensitive)
    case token(Sensitive)
  }

  private let client: HTTPClient
  private let token: Sensitive?
  /// `https://10.0.0.1:6443`, without a slash at the end.
  package let base: String

  /// - Parameters:
  ///   - base: `https://10.0.0.1:6443`.
  ///   - authority: the PEM of the one authority to trust.
  ///   - identity: who we are.
  /// - Throws: `Failure` (`state`) when the PEM cannot be read.
  package init(base: String, authority: String, identity: Identity) throws {
    var configuration = HTTPClient.Configuration()
    do {
      var tls = TLSConfiguration.makeClientConfiguration()
      tls.minimumTLSVersion = .tlsv12
      tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
      switch identity {
      case .certificate(let certificate, let key):
        tls.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
          .map { .certificate($0) }
        tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: key.reveal(), format: .pem))
        token = nil
      case .token(let text): token = text
      }
      configuration.tlsConfiguration = tls
    } catch {
      throw Failure(
        .state,
        "cannot use the certificates for \(base)",
        why: String(describing: error),
        remedy: "restore the state folder's pki from a backup, or correct the authority in the spec"
      )
    }
    configuration.timeout = .init(connect: .seconds(5), read: .seconds(60))
    configuration.httpVersion = .http1Only
    configuration.redirectConfiguration = .disallow
    configuration.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    self.base = base
  }

  /// Ends the connections; a client that is not closed traps, so callers use `with`.
  private func close() async {
    do { try await client.shutdown() } catch { return }
  }

  /// Runs `body` with a client and closes it whichever way `body` ends.
  package static func with<Result: Sendable>(
    base: String,
    authority: String,
    identity: Identity,
    _ body: (SecureClient) async throws -> Result
  ) async throws -> Result {
    let client = try SecureClient(base: base, authority: authority, identity: identity)
    do {
      let result = try await body(client)
      await client.close()
      return result
    } catch {
      await client.close()
      throw error
    }
  }

  /// One request.
  ///
  /// `path` has its leading slash and query, `deadline` is for the whole exchange, `limit` is the most
  /// bytes that an answer may have.
  ///
  /// - Throws: `Failure` (`unreachable`) with TLS's or the socket's own reason.
  package func send(
    _ method: String = "GET",
    _ path: String,
    body: [UInt8]? = nil,
    contentType: String = "application/json",
    deadline: Duration = .seconds(15),
    limit: Int = 16 << 20
  ) async throws -> Reply {
    var request = HTTPClientRequest(url: base + path)
    request.method = .init(rawValue: method)
    request.headers.add(name: "User-Agent", value: "kubewright")
    request.headers.add(name: "Accept", value: "application/json")
    if let token {
      request.headers.add(name: "Authorization", value: "Bearer \(token.revealText())")
    }
    if let body {
      request.headers.add(name: "Content-Type", value: contentType)
      request.body = .bytes(body)
    }
    do {
      let response = try await client.execute(
        request,
        timeout: .nanoseconds(deadline.nanoseconds)
      )
      let buffer = try await response.body.collect(upTo: limit)
      return Reply(status: Int(response.status.code), body: Array(buffer.readableBytesView))
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      throw Failure(.unreachable, "\(method) \(base)\(path)", why: ConnectionReason.text(of: error))
    }
  }
}

extension Duration {
  fileprivate var nanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
