// SPDX-License-Identifier: Apache-2.0

/// What an EC2 instance type allows, as far as the number of pods depends on it.
package struct InstanceType: Sendable, Hashable {
  package let name: String
  /// Network interfaces on the default network card.
  package let interfaces: Int
  /// IPv4 addresses of one interface.
  package let addressesPerInterface: Int
  package let vCPUs: Int
  /// Whether an interface takes /28 prefixes: Nitro instances do.
  package let takesPrefixes: Bool

  package init(
    name: String,
    interfaces: Int,
    addressesPerInterface: Int,
    vCPUs: Int,
    takesPrefixes: Bool
  ) {
    self.name = name
    self.interfaces = interfaces
    self.addressesPerInterface = addressesPerInterface
    self.vCPUs = vCPUs
    self.takesPrefixes = takesPrefixes
  }
}
