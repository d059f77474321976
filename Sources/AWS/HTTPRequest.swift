// SPDX-License-Identifier: Apache-2.0

package import Values

/// One request as a value: what a signer reads and an exchange sends.
package struct HTTPRequest: Sendable, Equatable {
  /// A name and a value: of a header, or of the query before it is encoded.
  package struct Field: Sendable, Equatable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package var method: String
  package var endpoint: Endpoint
  /// The path as it goes over the wire: percent-encoded, with its leading slash.
  package var path: String
  /// The query, not encoded yet.
  package var query: [Field]
  package var headers: [Field]
  package var body: [UInt8]

  package init(
    _ method: String = "GET",
    _ endpoint: Endpoint,
    path: String = "/",
    query: [Field] = [],
    headers: [Field] = [],
    body: [UInt8] = []
  ) {
    self.method = method
    self.endpoint = endpoint
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }

  /// The path with the endpoint's own before it.
  package var fullPath: String {
    let whole = endpoint.path + path
    return whole.isEmpty ? "/" : whole
  }

  /// The URL with its query encoded; presigned ones hold a credential.
  package var url: String {
    "\(endpoint.scheme)://\(endpoint.authority)\(fullPath)"
      + (query.isEmpty ? "" : "?" + Self.encoded(query))
  }

  /// `a=1&b=2`, percent-encoded; the form that POST bodies and URLs share.
  package static func encoded(_ fields: [Field]) -> String {
    fields.map { "\(URIEncoding.encode($0.name))=\(URIEncoding.encode($0.value))" }
      .joined(separator: "&")
  }
}

/// What came back.
package struct HTTPReply: Sendable, Equatable {
  package let status: Int
  package let headers: [HTTPRequest.Field]
  package let body: [UInt8]

  package init(status: Int, headers: [HTTPRequest.Field] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  package var text: String { String(decoding: body, as: UTF8.self) }

  /// The first header of that name, whatever its case.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// Why no answer came.
package enum ExchangeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No connection, or no whole answer, in time.
  case timeout
  case refused
  /// The name has no address, or none could be asked for because no name server answered.
  case unresolved(String, isDefinite: Bool)
  /// The answer has more bytes than anybody asked for.
  case tooLarge(Int)
  /// The connection ended before the answer did.
  case truncated
  /// The server, or whoever answers in its place, is nobody whom this machine trusts.
  case untrusted(Failure)
  case other(String)

  /// Whether the next try would end as this one did.
  var isFinal: Bool {
    switch self {
    case .tooLarge, .untrusted: true
    case .timeout, .refused, .unresolved, .truncated, .other: false
    }
  }

  package var description: String {
    switch self {
    case .timeout: "no answer in time"
    case .refused: "connection refused"
    case .unresolved(let host, isDefinite: true): "the name \(host) has no address"
    case .unresolved(let host, isDefinite: false): "no name server says the address of \(host)"
    case .tooLarge(let limit): "the answer is longer than \(limit) bytes"
    case .truncated: "the connection ended before the answer did"
    case .untrusted(let failure):
      failure.what + (failure.why.map { "\n\($0)" } ?? "")
    case .other(let text): text
    }
  }
}

/// Carries nothing: for what only reads files.
struct NoExchange: Exchange {
  func send(_ request: HTTPRequest, timeout: Duration, limit: Int) async throws -> HTTPReply {
    throw ExchangeError.refused
  }
}

/// Something that carries requests; the network, or a test.
package protocol Exchange: Sendable {
  /// One request and its answer; any status is an answer.
  ///
  /// `timeout` is for the whole of it, `limit` the most bytes that the body may have.
  ///
  /// - Throws: `ExchangeError`, `CancellationError`.
  func send(_ request: HTTPRequest, timeout: Duration, limit: Int) async throws -> HTTPReply
}
