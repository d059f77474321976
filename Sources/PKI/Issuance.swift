// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// What certificates take from the world: the time and chance.
///
/// Tests fix both.
package struct Issuance: Sendable {
  package var now: @Sendable () -> Date
  /// So many random bytes, for serial numbers; keys come from the system's generator always.
  package var random: @Sendable (Int) -> [UInt8]

  package init(
    now: @escaping @Sendable () -> Date,
    random: @escaping @Sendable (Int) -> [UInt8]
  ) {
    self.now = now
    self.random = random
  }

  package static let system = Issuance(
    now: { Date() },
    random: { count in
      var generator = SystemRandomNumberGenerator()
      return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
  )

  /// 16 octets, positive: RFC 5280 4.1.2.2 allows 20, the CA/Browser Forum asks for 64 random bits.
  func serial() -> [UInt8] {
    var bytes = random(16)
    if let first = bytes.first { bytes[0] = first & 0x7F | 0x40 }
    return bytes
  }

  /// Hosts' clocks differ: a certificate is valid from some minutes before it is made.
  static let backdating: TimeInterval = 300
  /// The last second that a certificate can name (RFC 5280 4.1.2.5).
  static let endOfTime = Date(timeIntervalSince1970: 253_402_300_799)
}
