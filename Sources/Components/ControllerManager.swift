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
    let program = try context.binary(name, reason: "The controllers of Kubernetes.")
    let kubeconfig = try context.kubeconfig(
      at: Layout.controllerManagerKubeconfig,
      server: context.localAPIServer,
      user: "system:kube-controller-manager",
      leaf: .controllerManager(host: context.host.name),
      reason: "By which the controller manager enters this host's API server."
    )
    let unit = try unit(context).file(
      reason: "Starts the controller manager; each flag is explained by `kubewright explain`."
    )
    let read = [
      program, kubeconfig, CertificateFiles.serviceAccountKey(context),
      CertificateFiles.clusterAuthority(context), .file(unit),
    ]
    return [program].staged(.prepare)
      + [
        kubeconfig, .file(unit),
        .unit(
          Unit(
            name: "\(name).service",
            dependsOn: read.dependencies,
            reason: "The controller manager runs, now and after a reboot."
          )
        ),
      ].staged(.controlPlane)
  }

  private static func unit(_ context: HostContext) throws -> UnitFile {
    let kubeconfig = Layout.controllerManagerKubeconfig
    let flags: [Flag] = [
      .set("kubeconfig", kubeconfig),
      .ifKnown("authentication-kubeconfig", kubeconfig),
      .ifKnown("authorization-kubeconfig", kubeconfig),
      .set("bind-address", "127.0.0.1"),
      .set("secure-port", servesAuthenticated(context) ? "10257" : "0"),
      .ifKnown("port", "0"),
      .set("leader-elect", "true"),
      .set("use-service-account-credentials", "true"),
      .set("service-account-private-key-file", "\(Layout.pki)/sa.key"),
      .set("root-ca-file", "\(Layout.pki)/ca.crt"),
      .set("allocate-node-cidrs", "false"),
      .set("terminated-pod-gc-threshold", "1000"),
      .set("profiling", "false"),
      .set("tls-min-version", TLSPolicy.minimumVersion),
      .set("tls-cipher-suites", TLSPolicy.cipherSuites.joined(separator: ",")),
    ]
    let arguments = try Arguments(.controllerManager, at: context.minor, flags)
    return UnitFile(
      name: "\(name).service",
      description: "Kubernetes controller manager",
      after: ["network.target", "kube-apiserver.service"],
      command: ["\(Layout.binaries)/\(name)"] + arguments.words,
      service: UnitFile.alwaysRestarted + [("LimitNOFILE", "65536")] + UnitFile.confined
        + [("CapabilityBoundingSet", "")]
    )
  }

  /// Where the port could not ask who is there, it stays shut.
  private static func servesAuthenticated(_ context: HostContext) -> Bool {
    Catalog.standard.has(
      flag: "authentication-kubeconfig",
      of: .controllerManager,
      at: context.minor
    )
  }
}
