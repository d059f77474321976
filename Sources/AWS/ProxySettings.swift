// SPDX-License-Identifier: Apache-2.0

import Values

/// Which requests go through a proxy: HTTPS_PROXY, HTTP_PROXY and NO_PROXY as curl reads them.
package struct ProxySettings: Sendable, Equatable {
  private let proxies: [String: Endpoint]
  private let exceptions: [Substring]

  /// - Throws: `Failure` (`invalidInput`) for a proxy that is no URL of a host.
  package init(environment: [String: String]) throws {
    var proxies: [String: Endpoint] = [:]
    for scheme in ["http", "https"] {
      // The upper-case HTTP_PROXY is what a CGI program's client sets, so curl does not read it.
      let names = ["\(scheme)_proxy"] + (scheme == "https" ? ["HTTPS_PROXY"] : [])
      guard let name = names.first(where: { environment[$0]?.isEmpty == false }),
        let text = environment[name]
      else { continue }
      guard let proxy = Endpoint(text.contains("://") ? text : "http://\(text)") else {
        throw Failure(
          .invalidInput,
          "\(name) is not the URL of a proxy",
          remedy: "set it to http://HOST:PORT; a user name and password are not supported"
        )
      }
      proxies[scheme] = proxy
    }
    self.proxies = proxies
    exceptions = (environment["no_proxy"] ?? environment["NO_PROXY"] ?? "")
      .split { $0 == "," || $0 == " " }
  }

  /// Every proxy that a request may go through.
  var all: Set<Endpoint> { Set(proxies.values) }

  /// The proxy for requests to `endpoint`; nil for those that go straight.
  package func proxy(for endpoint: Endpoint) -> Endpoint? {
    guard let proxy = proxies[endpoint.scheme], !Self.isOfThisMachine(endpoint.host),
      !exceptions.contains(where: { matches($0, endpoint) })
    else { return nil }
    return proxy
  }

  /// Loopback and link-local addresses (instance metadata) mean another machine at a proxy.
  private static func isOfThisMachine(_ host: String) -> Bool {
    if ["localhost", "[::1]", "[fd00:ec2::254]", "[fd00:ec2::23]"].contains(host) { return true }
    guard let address = IPv4Address(host) else { return false }
    return address.raw >> 24 == 127 || address.raw >> 16 == 169 << 8 | 254
  }

  private func matches(_ exception: Substring, _ endpoint: Endpoint) -> Bool {
    if exception == "*" { return true }
    if let network = CIDR(String(exception)), let address = IPv4Address(endpoint.host) {
      return network.contains(address)
    }
    var name = exception.lowercased()
    if let colon = name.lastIndex(of: ":"), let port = Int(name[name.index(after: colon)...]) {
      guard port == endpoint.port ?? (endpoint.scheme == "https" ? 443 : 80) else { return false }
      name = String(name[..<colon])
    }
    name = String(name.trimmingPrefix { $0 == "*" || $0 == "." })
    return !name.isEmpty && (endpoint.host == name || endpoint.host.hasSuffix("." + name))
  }
}
