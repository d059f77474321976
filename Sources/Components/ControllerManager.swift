// SPDX-License-Identifier: Apache-2.0

import Catalog
import PKI
import Resources
import Spec
import Values

/// The controller manager; it uses its own host's API server, so that the loss of another host is
/// nothing to it.
package enum ControllerManager: Component {
  package static let name = "kube-controller-manager"

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    guard context.isControlPlane else { return [] }
    return try LeaderElected(
      program: .controllerManager,
      noun: "controller manager",
      purpose: "The controllers of Kubernetes.",
      kubeconfig: Layout.controllerManagerKubeconfig,
      leaf: .controllerManager(host: context.host.name),
      port: "10257",
      serving: .required,
      own: [
        .set("use-service-account-credentials", "true"),
        .set("service-account-private-key-file", "\(Layout.pki)/sa.key"),
        .set("root-ca-file", "\(Layout.pki)/ca.crt"),
        .set("allocate-node-cidrs", "false"),
        .set("terminated-pod-gc-threshold", "1000"),
      ],
      reads: [
        CertificateFiles.serviceAccountKey(context), CertificateFiles.clusterAuthority(context),
      ]
    ).resources(context)
  }
}
