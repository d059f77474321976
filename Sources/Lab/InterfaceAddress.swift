// SPDX-License-Identifier: Apache-2.0

package import Values

/// An interface's address with the length of its network: `10.0.0.1/31`.
package struct InterfaceAddress: Sendable, Hashable, CustomStringConvertible {
  package var address: IPv4Address
  package var prefix: Int

  package init(address: IPv4Address, prefix: Int) {
    self.address = address
    self.prefix = prefix
  }

  /// Parses `a.b.c.d/len`; returns nil for anything else, and for the network's own or its broadcast
  /// address where the network has such (31 and 32 have not, RFC 3021).
  package init?(_ text: String) {
    guard case .success(let address) = Self.parse(text) else { return nil }
    self = address
  }

  /// Why a text is not an interface's address.
  struct Problem: Error, Equatable {
    var reason: String
  }

  /// Parses as the initializer does, and says what is wrong.
  static func parse(_ text: String) -> Result<InterfaceAddress, Problem> {
    func refuse(_ reason: String) -> Result<InterfaceAddress, Problem> {
      .failure(Problem(reason: reason))
    }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPv4Address(String(parts[0])) else {
      return refuse("'\(text.prefix(60))' is not an interface's address such as 10.0.0.0/31")
    }
    guard let prefix = Int(parts[1]), (1...32).contains(prefix), String(prefix) == parts[1] else {
      return refuse(
        "'\(text.prefix(60))' is not an interface's address: '\(parts[1].prefix(20))' is no prefix length from 1 to 32"
      )
    }
    let network = CIDR(base: address, prefix: prefix)
    guard prefix >= 31 || (address != network.base && address != network.last) else {
      let what = address == network.base ? "the network itself" : "its network's broadcast address"
      return refuse("'\(text)' is not an interface's address: it is \(what)")
    }
    return .success(Self(address: address, prefix: prefix))
  }

  package var network: CIDR { CIDR(base: address, prefix: prefix) }
  package var description: String { "\(address)/\(prefix)" }
}
