// SPDX-License-Identifier: Apache-2.0

/// An IPv4 network: a base address whose host bits are zero, and a prefix length.
package struct CIDR: Sendable, Hashable, Codable, CustomStringConvertible {
  package let base: IPv4Address
  package let prefix: Int

  /// Makes a network of `base` with its host bits cleared; `prefix` is 0 to 32.
  package init(base: IPv4Address, prefix: Int) {
    self.prefix = prefix
    self.base = IPv4Address(raw: base.raw & Self.mask(prefix))
  }

  /// Parses `a.b.c.d/len`; nil where host bits are set, because 10.0.0.1/8 is nearly always a slip.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPv4Address(String(parts[0])), let length = Int(parts[1]),
      (0...32).contains(length), String(length) == parts[1], address.raw & ~Self.mask(length) == 0
    else { return nil }
    base = address
    prefix = length
  }

  package var description: String { "\(base)/\(prefix)" }

  /// How many addresses the network holds, its first and last included.
  package var count: UInt64 { 1 << UInt64(32 - prefix) }

  /// The netmask as an address: 255.255.255.0 for /24.
  package var netmask: IPv4Address { IPv4Address(raw: Self.mask(prefix)) }

  /// The last address of the network (the broadcast address of an ordinary subnet).
  package var last: IPv4Address { IPv4Address(raw: base.raw | ~Self.mask(prefix)) }

  package func contains(_ address: IPv4Address) -> Bool {
    address.raw & Self.mask(prefix) == base.raw
  }

  package func overlaps(_ other: CIDR) -> Bool {
    contains(other.base) || other.contains(base)
  }

  /// The address at `offset` from the base, or nil outside the network.
  package func address(at offset: UInt32) -> IPv4Address? {
    UInt64(offset) < count ? IPv4Address(raw: base.raw + offset) : nil
  }

  /// The `index`th subnet of length `length`, or nil where there is none.
  package func subnet(length: Int, index: UInt32) -> CIDR? {
    guard length >= prefix, length <= 32, UInt64(index) < 1 << UInt64(length - prefix) else {
      return nil
    }
    let offset = length == 0 ? 0 : UInt64(index) << UInt64(32 - length)
    return CIDR(
      base: IPv4Address(raw: base.raw + UInt32(truncatingIfNeeded: offset)),
      prefix: length
    )
  }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let network = Self(text) else { throw InvalidValue(kind: "IPv4 network", text: text) }
    self = network
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  private static func mask(_ prefix: Int) -> UInt32 {
    prefix == 0 ? 0 : UInt32.max << UInt32(32 - prefix)
  }
}
