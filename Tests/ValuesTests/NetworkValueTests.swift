// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing
import Values

struct IPv4AddressTests {
  @Test(arguments: [
    ("0.0.0.0", 0), ("1.2.3.4", 0x0102_0304), ("192.0.2.1", 0xC000_0201),
    ("255.255.255.255", 0xFFFF_FFFF), ("10.99.100.209", 0x0A63_64D1),
  ])
  func readsAndWrites(text: String, raw: UInt32) throws {
    let address = try #require(IPv4Address(text))
    #expect(address.raw == raw)
    #expect(address.description == text)
    #expect(address.octets.map(String.init).joined(separator: ".") == text)
  }

  @Test(arguments: [
    "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.00", "+1.2.3.4", "-1.2.3.4",
    "1.2.3.4 ", " 1.2.3.4", "1..3.4", "1.2.3.", "0x1.2.3.4", "１.2.3.4", "1.2.3.4\n", "1.2.3.4444",
    "::1",
  ])
  func refuses(text: String) {
    #expect(IPv4Address(text) == nil)
  }

  @Test func ordersAsNumbers() throws {
    let texts = ["9.0.0.0", "10.0.0.0", "10.0.0.10", "10.0.0.9"]
    #expect(
      texts.compactMap { IPv4Address($0) }.sorted().map(\.description) == [
        "9.0.0.0", "10.0.0.0", "10.0.0.9", "10.0.0.10",
      ]
    )
  }
}

struct CIDRTests {
  @Test(arguments: [
    ("0.0.0.0/0", "0.0.0.0", "255.255.255.255", UInt64(1) << 32),
    ("10.0.0.0/8", "255.0.0.0", "10.255.255.255", 1 << 24),
    ("10.10.0.0/22", "255.255.252.0", "10.10.3.255", 1024),
    ("192.0.2.128/31", "255.255.255.254", "192.0.2.129", 2),
    ("192.0.2.1/32", "255.255.255.255", "192.0.2.1", 1),
  ])
  func readsAndMeasures(text: String, netmask: String, last: String, count: UInt64) throws {
    let network = try #require(CIDR(text))
    #expect(network.description == text)
    #expect(network.netmask.description == netmask)
    #expect(network.last.description == last)
    #expect(network.count == count)
    #expect(network.contains(network.base) && network.contains(network.last))
    #expect(network.address(at: UInt32(truncatingIfNeeded: count - 1)) == network.last)
    #expect(count > UInt32.max || network.address(at: UInt32(count)) == nil)
  }

  @Test(arguments: [
    "", "10.0.0.0", "10.0.0.0/", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08",
    "10.0.0.1/8", "10.0.0.0/8/8", "10.0.0/8", "10.0.0.0/8 ", "0.0.0.1/0",
    "10.0.0.0/99999999999999999999",
  ])
  func refuses(text: String) {
    #expect(CIDR(text) == nil)
  }

  @Test(arguments: [
    ("10.0.0.0/8", "10.1.0.0/16", true), ("10.1.0.0/16", "10.0.0.0/8", true),
    ("10.0.0.0/16", "10.1.0.0/16", false), ("0.0.0.0/0", "255.255.255.255/32", true),
    ("10.0.0.0/9", "10.128.0.0/9", false),
  ])
  func overlaps(left: String, right: String, expected: Bool) throws {
    let left = try #require(CIDR(left))
    let right = try #require(CIDR(right))
    #expect(left.overlaps(right) == expected)
  }

  @Test func clearsHostBits() {
    #expect(CIDR(base: IPv4Address(raw: 0x0A01_0203), prefix: 16).description == "10.1.0.0/16")
    #expect(CIDR(base: IPv4Address(raw: .max), prefix: 0).description == "0.0.0.0/0")
  }

  @Test func subnetsCoverTheNetworkWithoutOverlap() throws {
    let network = try #require(CIDR("10.16.0.0/22"))
    let subnets = (0..<5).map { network.subnet(length: 24, index: $0) }
    #expect(
      subnets.map { $0?.description } == [
        "10.16.0.0/24", "10.16.1.0/24", "10.16.2.0/24", "10.16.3.0/24", nil,
      ]
    )
    #expect(network.subnet(length: 22, index: 0) == network)
    #expect(network.subnet(length: 21, index: 0) == nil)
    #expect(network.subnet(length: 33, index: 0) == nil)
    let all = try #require(CIDR("0.0.0.0/0"))
    #expect(all.subnet(length: 32, index: .max)?.description == "255.255.255.255/32")
    #expect(all.subnet(length: 0, index: 0) == all)
  }

  @Test func passesThroughJSON() throws {
    let networks = ["10.0.0.0/8", "192.0.2.0/24"].compactMap { CIDR($0) }
    let json = try JSONEncoder().encode(networks)
    #expect(try JSONDecoder().decode([CIDR].self, from: json) == networks)
    #expect(throws: InvalidValue.self) {
      try JSONDecoder().decode([CIDR].self, from: Data("[\"10.0.0.1/8\"]".utf8))
    }
    #expect(throws: InvalidValue.self) {
      try JSONDecoder().decode([IPv4Address].self, from: Data("[\"10.0.0\"]".utf8))
    }
  }
}
