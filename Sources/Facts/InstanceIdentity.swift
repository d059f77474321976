// SPDX-License-Identifier: Apache-2.0

package import Values

/// What a host's instance metadata says of it.
package struct InstanceIdentity: Sendable, Hashable, Codable {
  package var id: String
  package var type: String
  package var zone: String
  package var region: String
  package var address: IPv4Address
  package var hostname: String
  package var vpcNetworks: [CIDR]
  package var tags: [String: String]?
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
    self.metadataVersion = metadataVersion
  }
}
