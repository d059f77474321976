// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Values

/// What an instance knows of itself.
package struct InstanceFacts: Sendable, Equatable {
  package var instanceID: String
  package var instanceType: String?
  package var zone: String?
  package var region: Region?
  /// How the region was found: placement/region, or derived from the zone.
  package var regionSource: String
  package var address: IPv4Address?
  package var localHostname: String?
  package var mac: String?
  /// The IPv4 networks of the VPC that the first interface is in.
  package var vpcNetworks: [CIDR]
  package var account: String?
  /// Nil where the instance does not show its tags in metadata.
  package var tags: [String: String]?

  /// aws:///us-west-2a/i-0abc, as the external cloud provider names nodes.
  package var providerID: String? { zone.map { "aws:///\($0)/\(instanceID)" } }

  /// Asks for everything.
  /// - Throws: `Failure` where metadata does not answer, or is not an instance's.
  package init(_ metadata: InstanceMetadata) async throws {
    func value(_ path: String) async throws -> String? {
      let text = try await metadata.text("/latest/meta-data/\(path)")
      return text?.isEmpty ?? true ? nil : text
    }
    guard let id = try await value("instance-id") else {
      throw Failure(.step, "instance metadata does not say which instance this is")
    }
    let document = try await Self.identityDocument(metadata)
    instanceID = id
    instanceType = try await value("instance-type") ?? document?.instanceType
    zone = try await value("placement/availability-zone") ?? document?.availabilityZone
    if let region = try await value("placement/region").flatMap({ Region($0) }) {
      (self.region, regionSource) = (region, "instance metadata (placement/region)")
    } else if let region = document?.region.flatMap({ Region($0) }) {
      (self.region, regionSource) = (region, "the instance identity document")
    } else {
      region = zone.flatMap { Region(ofZone: $0) }
      regionSource = "the availability zone \(zone ?? "")"
    }
    address = try await value("local-ipv4").flatMap { IPv4Address($0) }
    localHostname = try await value("local-hostname")
    mac = try await value("mac").flatMap { Self.isMAC($0) ? $0 : nil }
    account = document?.accountId
    vpcNetworks = []
    if let mac {
      let path = "/latest/meta-data/network/interfaces/macs/\(mac)/vpc-ipv4-cidr-blocks"
      vpcNetworks = (try await metadata.text(path, multiline: true) ?? "")
        .split(whereSeparator: \.isNewline).compactMap { CIDR(String($0)) }
    }
    tags = try await Self.tags(metadata)
  }

  private struct IdentityDocument: Decodable {
    let accountId: String?
    let region: String?
    let availabilityZone: String?
    let instanceType: String?
  }

  private static func identityDocument(
    _ metadata: InstanceMetadata
  ) async throws -> IdentityDocument? {
    guard let bytes = try await metadata.bytes("/latest/dynamic/instance-identity/document") else {
      return nil
    }
    return try? JSONDecoder().decode(IdentityDocument.self, from: Data(bytes))
  }

  /// EC2 allows 50 tags a resource.
  private static func tags(_ metadata: InstanceMetadata) async throws -> [String: String]? {
    let folder = "/latest/meta-data/tags/instance"
    guard let list = try await metadata.bytes(folder) else { return nil }
    var tags: [String: String] = [:]
    for key in String(decoding: list, as: UTF8.self).split(whereSeparator: \.isNewline).prefix(50) {
      let value = try await metadata.bytes(
        "\(folder)/\(URIEncoding.encode(String(key), keeping: "/"))"
      )
      tags[String(key)] = String(decoding: value ?? [], as: UTF8.self)
    }
    return tags
  }

  /// The MAC becomes part of a path.
  private static func isMAC(_ text: String) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 6 && parts.allSatisfy { $0.count == 2 && $0.allSatisfy(\.isHexDigit) }
  }
}
