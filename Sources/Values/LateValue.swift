// SPDX-License-Identifier: Apache-2.0

/// A value that only the host can tell, when it starts: contents hold its placeholder until then.
package enum LateValue: String, CaseIterable, Sendable {
  /// The host's own IPv4 address.
  case address
  /// The name under which the node registers.
  case nodeName
  /// What the cloud calls the machine: aws:///us-west-2a/i-0abc.
  case providerID
  /// How many pods the node may have.
  case maxPods
  /// What is kept from pods for the system, in CPU time: `70m`.
  case reservedCPU
  /// The same in memory: `574Mi`.
  case reservedMemory
  /// The address of the cluster's DNS service.
  case clusterDNS

  /// What stands for the value in the contents of files.
  ///
  /// Only of A to Z and `_`, so that neither YAML, TOML, systemd nor a shell quotes it.
  package var placeholder: String { "_KUBEWRIGHT_\(snakeCase.uppercased())_" }

  /// The variable of a host's program that has the value.
  package var variable: String { "late_\(snakeCase)" }

  /// `provider_id` of `providerID`.
  private var snakeCase: String {
    var text = ""
    var endsInCapital = false
    for character in rawValue {
      if character.isUppercase, !endsInCapital { text += "_" }
      text += character.lowercased()
      endsInCapital = character.isUppercase
    }
    return text
  }
}
