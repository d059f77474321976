// SPDX-License-Identifier: Apache-2.0

import Values

extension Form where Value == IPv4Address {
  static var address: Self {
    text(
      TextFormat(
        "an IPv4 address",
        example: "192.0.2.11",
        pattern: "^\(TextFormat.addressPattern)$"
      ),
      parse: { IPv4Address($0) },
      write: \.description
    )
  }
}

extension Form where Value == CIDR {
  static func network(example: String) -> Self {
    text(
      TextFormat(
        "an IPv4 network",
        example: example,
        pattern: "^\(TextFormat.addressPattern)/[0-9]{1,2}$"
      ),
      parse: { (text) throws(Misfit) in
        if let network = CIDR(text) { return network }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPv4Address(String(parts[0])),
          let prefix = Int(parts[1]), (0...32).contains(prefix)
        else { return nil }
        throw Misfit(
          "\(Excerpt.quoted(text)) is not an IPv4 network: bits are set past its prefix",
          suggestion: CIDR(base: address, prefix: prefix).description
        )
      },
      write: \.description
    )
  }
}

extension Form where Value == KubernetesVersion {
  static func version(of product: String, example: String) -> Self {
    text(
      TextFormat(
        "a release of \(product)",
        example: example,
        pattern: "^v?[0-9]+\\.[0-9]+\\.[0-9]+$",
        maximumLength: 30
      ),
      parse: { (text) throws(Misfit) in
        if let version = KubernetesVersion(text) { return version }
        guard Minor(text.hasPrefix("v") ? String(text.dropFirst()) : text) != nil else {
          return nil
        }
        throw Misfit("\(Excerpt.quoted(text)) lacks the patch, as in \(example)")
      },
      write: \.description
    )
  }
}

extension Form where Value == Endpoint {
  static var endpoint: Self {
    text(
      TextFormat(
        "an address or DNS name with a port",
        example: "kubernetes.example.com:6443",
        pattern: "^\(TextFormat.subdomainPattern)(:[0-9]{1,5})?$",
        maximumLength: 259
      ),
      parse: { (text) throws(Misfit) in
        if text.contains("://") {
          throw Misfit("is a URL: give only host:port")
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first.map(String.init), parts.count <= 2,
          IPv4Address(host) != nil || NameSyntax.isHostName(host)
        else { return nil }
        guard parts.count == 2 else { return Endpoint(host: host) }
        guard let port = Ports.number(parts[1]) else {
          throw Misfit("\(Excerpt.quoted(String(parts[1]))) is not a port: 1 to 65535")
        }
        return Endpoint(host: host, port: port)
      },
      write: \.description
    )
  }
}

extension Form where Value == ClosedRange<Int> {
  static var portRange: Self {
    text(
      TextFormat(
        "a range of ports",
        example: "30000-32767",
        pattern: "^[0-9]{1,5}-[0-9]{1,5}$",
        maximumLength: 32
      ),
      parse: { (text) throws(Misfit) in
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = Ports.number(parts[0]),
          let last = Ports.number(parts[1])
        else { return nil }
        guard first <= last else {
          throw Misfit("the range ends before it begins", suggestion: "\(last)-\(first)")
        }
        return first...last
      },
      write: { "\($0.lowerBound)-\($0.upperBound)" }
    )
  }
}

/// Port numbers.
enum Ports {
  static let all = 1...65535

  /// The port that decimal digits without leading zeros name.
  static func number(_ text: some StringProtocol) -> Int? {
    guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit),
      !text.hasPrefix("0"), let port = Int(text), all.contains(port)
    else { return nil }
    return port
  }
}
