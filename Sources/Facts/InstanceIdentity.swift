// SPDX-License-Identifier: Apache-2.0

package import Values

/// What an EC2 instance knows of itself, as its metadata say.
package struct InstanceIdentity: Sendable, Equatable, Codable {
  /// `i-0123456789abcdef0`; `mi-…` for a machine that AWS Systems Manager knows and that is not in EC2.
  package var id: String
  /// `m5.large`.
  package var type: String
  /// `us-west-2a`.
  package var zone: String
  package var region: String
  /// The first address of its first interface.
  package var address: IPv4Address
  /// Its private DNS name; the first, where the DHCP options give several domains.
  package var hostname: String
  /// The IPv4 networks of the VPC that the first interface is in.
  package var vpcNetworks: [CIDR]
  /// Nil where neither its metadata nor EC2 tell them.
  package var tags: [String: String]?
  /// Nil where it was not asked.
  package var profile: InstanceProfile?
  /// 2, or 1 where the service has no tokens.
  package var metadataVersion: Int

  package init(
    id: String,
    type: String,
    zone: String,
    region: String,
    address: IPv4Address,
    hostname: String,
    vpcNetworks: [CIDR] = [],
    tags: [String: String]? = nil,
    profile: InstanceProfile? = nil,
    metadataVersion: Int = 2
  ) {
    self.id = id
    self.type = type
    self.zone = zone
    self.region = region
    self.address = address
    self.hostname = hostname
    self.vpcNetworks = vpcNetworks
    self.tags = tags
    self.profile = profile
    self.metadataVersion = metadataVersion
  }

  /// Lower-case letters, digits, dashes and dots, as ids, types, zones and regions are.
  static func isWord(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 64
      && text.utf8.allSatisfy {
        (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46
      }
  }

  /// A DNS name (RFC 1123, 2.1).
  package static func isHostname(_ text: String) -> Bool {
    text.utf8.count <= 253
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
          && label.utf8.allSatisfy {
            (97...122).contains($0 | 0x20) || (48...57).contains($0) || $0 == 45
          }
      }
  }

  /// What the node is called: kubelets write names in lower case.
  package var nodeName: String { hostname.lowercased() }

  /// aws:///us-west-2a/i-0abc, as the external cloud provider names nodes.
  package var providerID: String { "aws:///\(zone)/\(id)" }
}
