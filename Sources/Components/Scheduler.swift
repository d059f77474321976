// SPDX-License-Identifier: Apache-2.0

import Catalog
import PKI
import Resources
import Spec
import Values

/// The scheduler, with the defaults of its minor; flags say all that we set, so it has no configuration
/// file (in every minor the flags here are ignored once there is one).
package enum Scheduler: Component {
  package static let name = "kube-scheduler"

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    guard context.isControlPlane else { return [] }
    let program = try context.binary(name, reason: "Places pods on nodes.")
    let kubeconfig = try context.kubeconfig(
      at: Layout.schedulerKubeconfig,
      server: context.localAPIServer,
      user: "system:kube-scheduler",
      leaf: .scheduler(host: context.host.name),
      reason: "By which the scheduler enters this host's API server."
    )
    let unit = try unit(context).file(
      reason: "Starts the scheduler; each flag is explained by `kubewright explain`."
    )
    return [program].staged(.prepare)
      + [
        kubeconfig, .file(unit),
        .unit(
          Unit(
            name: "\(name).service",
            dependsOn: [program, kubeconfig, .file(unit)].dependencies,
            reason: "The scheduler runs, now and after a reboot."
          )
        ),
      ].staged(.controlPlane)
  }

  private static func unit(_ context: HostContext) throws -> UnitFile {
    let kubeconfig = Layout.schedulerKubeconfig
    let flags: [Flag] = [
      .set("kubeconfig", kubeconfig),
      .ifKnown("authentication-kubeconfig", kubeconfig),
      .ifKnown("authorization-kubeconfig", kubeconfig),
      .ifKnown("bind-address", "127.0.0.1"),
      .ifKnown("secure-port", "10259"),
      .ifKnown("port", "0"),
      .set("leader-elect", "true"),
      .set("profiling", "false"),
      .ifKnown("tls-min-version", TLSPolicy.minimumVersion),
      .ifKnown("tls-cipher-suites", TLSPolicy.cipherSuites.joined(separator: ",")),
    ]
    let arguments = try Arguments(.scheduler, at: context.minor, flags)
    return UnitFile(
      name: "\(name).service",
      description: "Kubernetes scheduler",
      after: ["network.target", "kube-apiserver.service"],
      command: ["\(Layout.binaries)/\(name)"] + arguments.words,
      service: UnitFile.alwaysRestarted + [("LimitNOFILE", "65536")] + UnitFile.confined
        + [("CapabilityBoundingSet", "")]
    )
  }
}
