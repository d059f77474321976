// SPDX-License-Identifier: Apache-2.0

import Catalog
import FoundationEssentials
import Spec
import Values

/// Kubeconfigs of a cluster of EKS: they hold no key, but name a program that gets tokens.
package enum EKSKubeconfig {
  /// A person's, who enters by the AWS credentials at hand and this program.
  package static func text(_ eks: EKSMembership) -> String {
    let authority = Data(eks.authority.utf8).base64EncodedString()
    return document(
      eks,
      authority: ("certificate-authority-data", .text(authority)),
      user: "aws",
      // Every client from 1.11 on reads this version.
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: ("kubewright", ["eks", "token", "--cluster-name", eks.cluster])
    ).yaml
  }

  /// Where the kubelet's own names the cluster's authority.
  package static let authorityPath = "\(Layout.pki)/ca.crt"

  /// What the program that gets tokens is told.
  package static func environment(of eks: EKSMembership) -> [String: String] {
    // STS of the region itself: the global one is far, and not in every partition.
    var environment = ["AWS_REGION": eks.region, "AWS_STS_REGIONAL_ENDPOINTS": "regional"]
    environment["AWS_ENDPOINT_URL_STS"] = eks.stsEndpoint
    return environment
  }

  /// The kubelet's, which enters by the instance's role.
  static func ofKubelet(_ eks: EKSMembership, at minor: Minor) -> Document {
    document(
      eks,
      authority: ("certificate-authority", .text(authorityPath)),
      user: "kubelet",
      apiVersion: Catalog.standard.fact(.execCredentialAPIVersion, at: minor),
      command: eks.authenticator.command(cluster: eks.cluster)
    )
  }

  private static func document(
    _ eks: EKSMembership,
    authority: (key: String, value: Document),
    user: String,
    apiVersion: String,
    command: (command: String, arguments: [String])
  ) -> Document {
    let environment = environment(of: eks).sorted { $0.key < $1.key }
    let exec: Document = [
      "apiVersion": .text(apiVersion), "command": .text(command.command),
      "args": .texts(command.arguments),
      "env": .list(environment.map { ["name": .text($0.key), "value": .text($0.value)] }),
    ]
    let context: Document = ["cluster": .text(eks.cluster), "user": .text(user)]
    return [
      "apiVersion": "v1", "kind": "Config",
      "clusters": [
        [
          "name": .text(eks.cluster),
          "cluster": .map([("server", .text(eks.endpoint)), authority]),
        ]
      ],
      "contexts": [["name": .text(user), "context": context]],
      "current-context": .text(user),
      "users": [["name": .text(user), "user": ["exec": exec]]],
    ]
  }
}
