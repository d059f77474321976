// SPDX-License-Identifier: Apache-2.0

package import Values

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

  /// The processor's architecture, as the name tells it; nil for Macs, which run no Linux.
  ///
  /// Graviton is the family a1 and every one with a `g` behind its generation's number (Amazon EC2 Instance
  /// Types Guide, "Naming conventions").
  package var architecture: Architecture? {
    let family = name.prefix { $0 != "." }
    if family.hasPrefix("mac") { return nil }
    let options = family.drop { $0.isLetter }.drop { $0.isNumber }
    let hasGeneration = family.drop { $0.isLetter }.first?.isNumber == true
    return family == "a1" || hasGeneration && options.first == "g" ? .arm64 : .amd64
  }
}
