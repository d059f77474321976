// SPDX-License-Identifier: Apache-2.0

import Values

/// How many pods a node may have where the VPC gives each an address of its own, and why.
///
/// awslabs/amazon-eks-ami, max-pods-calculator.sh and nodeadm/internal/kubelet/eni_max_pods.go.
package struct MaxPods: Sendable, Equatable {
  /// How the VPC CNI is set up.
  package struct Settings: Sendable, Equatable {
    /// ENABLE_PREFIX_DELEGATION: an interface holds /28 prefixes, 16 addresses each.
    package var prefixDelegation: Bool
    /// AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: the first interface serves no pods.
    package var customNetworking: Bool
    package var cap: Cap

    package init(
      prefixDelegation: Bool = false,
      customNetworking: Bool = false,
      cap: Cap = .automatic
    ) {
      self.prefixDelegation = prefixDelegation
      self.customNetworking = customNetworking
      self.cap = cap
    }
  }

  /// Whether the number is kept to what Kubernetes is tested for: 110 pods, or 250 above 30 vCPUs.
  package enum Cap: String, Sendable, CaseIterable {
    /// With prefix delegation only: without it the addresses are the smaller number nearly always, and EKS's own
    /// nodes take the plain formula.
    case automatic
    case always
    case never
  }

  package let value: Int
  /// Each step of the way to it, for a person.
  package let explanation: [String]

  /// - Parameters:
  ///   - type: the instance's.
  ///   - settings: the VPC CNI's.
  ///   - source: where the type's figures come from.
  /// - Throws: `Failure` (`preflight`) where the settings do not go with the type.
  package init(_ type: InstanceType, _ settings: Settings = Settings(), source: String) throws {
    var lines = [
      "\(type.name): \(type.interfaces) network interfaces with"
        + " \(type.addressesPerInterface) IPv4 addresses each, \(type.vCPUs) vCPUs (\(source))"
    ]
    var interfaces = type.interfaces
    if settings.customNetworking {
      interfaces -= 1
      lines.append("custom networking: the first interface serves no pods, \(interfaces) are left")
      guard interfaces > 0 else {
        throw Failure(
          .preflight,
          "\(type.name) has one network interface, and custom networking leaves none for pods",
          remedy: "take a larger instance type, or switch custom networking off"
        )
      }
    }
    let secondary = type.addressesPerInterface - 1
    var value: Int
    if settings.prefixDelegation {
      guard type.takesPrefixes else {
        throw Failure(
          .preflight,
          "\(type.name) takes no prefixes: prefix delegation needs a Nitro instance",
          remedy: "take a Nitro instance type, or switch prefix delegation off"
        )
      }
      value = interfaces * secondary * 16 + 2
      lines.append(
        "prefix delegation: each address but an interface's first is a /28, 16 addresses"
      )
      lines.append("\(interfaces) * (\(type.addressesPerInterface) - 1) * 16 + 2 = \(value)")
    } else {
      value = interfaces * secondary + 2
      lines.append("\(interfaces) * (\(type.addressesPerInterface) - 1) + 2 = \(value)")
    }
    lines.append("the 2 are pods on the host's network (aws-node and kube-proxy)")

    let limit = type.vCPUs > 30 ? 250 : 110
    if value > limit {
      let why = "\(limit) for \(type.vCPUs > 30 ? "more than" : "up to") 30 vCPUs"
      let applies =
        settings.cap == .always || (settings.cap == .automatic && settings.prefixDelegation)
      if applies {
        value = limit
        lines.append("capped at \(why)")
      } else {
        lines.append("not capped; EKS recommends at most \(why)")
      }
    }
    self.value = value
    explanation = lines
  }
}
