// SPDX-License-Identifier: Apache-2.0

import Values

/// Puts together what a probe says of the instance.
struct InstanceReader {
  private var values: [String: String] = [:]
  private var networks: [CIDR] = []
  private var tags: [String: String]?
  /// Why the host cannot say which instance it is.
  private(set) var problem: String?

  /// EC2's limit.
  private static let tagLimit = 50
  private static let textLimit = 1024

  mutating func read(_ key: some StringProtocol, _ value: String) {
    let text = ProbeReader.printable(value, limit: Self.textLimit)
    switch key {
    case "instance-problem": problem = text
    case "instance-network":
      if let network = CIDR(text), networks.count < Self.tagLimit { networks.append(network) }
    case "instance-tags": tags = tags ?? [:]
    case "instance-tag":
      let words = value.split(separator: " ", omittingEmptySubsequences: false)
      guard words.count == 2, let name = Self.text(words[0]), let content = Self.text(words[1]),
        !name.isEmpty, (tags?.count ?? 0) < Self.tagLimit
      else { return }
      tags = (tags ?? [:]).merging([name: content]) { first, _ in first }
    default: values[String(key)] = text
    }
  }

  /// The instance; nil where something of it is missing.
  var identity: InstanceIdentity? {
    guard problem == nil, let id = values["instance-id"], let type = values["instance-type"],
      let zone = values["instance-zone"], let region = values["instance-region"],
      let address = values["instance-address"].flatMap({ IPv4Address($0) }),
      let hostname = values["instance-hostname"],
      let version = values["instance-version"].flatMap({ Int($0) }),
      // The host said that it looked; what it says becomes part of files and paths all the same.
      [id, type, zone, region].allSatisfy(InstanceIdentity.isWord),
      InstanceIdentity.isHostname(hostname)
    else { return nil }
    return InstanceIdentity(
      id: id,
      type: type,
      zone: zone,
      region: region,
      address: address,
      hostname: hostname,
      vpcNetworks: networks,
      tags: tags,
      profile: values["instance-profile"].flatMap { InstanceProfile($0) },
      metadataVersion: version
    )
  }

  /// Printable text of hexadecimal digits; nil for what is none.
  private static func text(_ digits: some StringProtocol) -> String? {
    let digits = Array(digits.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(byte)
    }
    return ProbeReader.printable(String(decoding: bytes, as: UTF8.self), limit: textLimit)
  }
}
