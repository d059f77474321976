// SPDX-License-Identifier: Apache-2.0

import Catalog
import PKI
import Resources
import Spec
import Values

/// A program of the control plane that enters its own host's API server, and acts on one host at a time: the
/// controller manager and the scheduler.
struct LeaderElected: Sendable {
  let program: ServerProgram
  /// What people call it: `controller manager`.
  let noun: String
  let purpose: String
  let kubeconfig: String
  let leaf: LeafName
  /// Its port with TLS and authentication.
  let port: String
  /// Whether every version has the flags of serving.
  let serving: Flag.Need
  /// Flags that only it has.
  var own: [Flag] = []
  /// What it reads beside what both read.
  var reads: [Resource] = []

  func resources(_ context: HostContext) throws -> [StagedResource] {
    let name = program.rawValue
    let binary = try context.binary(name, reason: purpose)
    let credentials = try context.kubeconfig(
      at: kubeconfig,
      server: context.localAPIServer,
      user: "system:\(name)",
      leaf: leaf,
      reason: "By which the \(noun) enters this host's API server."
    )
    let file = Resource.file(
      try unit(context).file(
        reason: "Starts the \(noun); each flag is explained by `kubewright explain`."
      )
    )
    return [binary].staged(.prepare)
      + [
        credentials, file,
        .unit(
          Unit(
            name: "\(name).service",
            dependsOn: ([binary, credentials] + reads + [file]).dependencies,
            reason: "The \(noun) runs, now and after a reboot."
          )
        ),
      ].staged(.controlPlane)
  }

  private func unit(_ context: HostContext) throws -> UnitFile {
    let name = program.rawValue
    let suites = TLSPolicy.cipherSuites.joined(separator: ",")
    func serves(_ flag: String, _ value: String) -> Flag {
      Flag(name: flag, value: value, need: serving)
    }
    let before: [Flag] = [
      .set("kubeconfig", kubeconfig),
      .ifKnown("authentication-kubeconfig", kubeconfig),
      .ifKnown("authorization-kubeconfig", kubeconfig),
      serves("bind-address", "127.0.0.1"),
      serves("secure-port", asksWhoCalls(context) ? port : "0"),
      .ifKnown("port", "0"),
      .set("leader-elect", "true"),
    ]
    let after: [Flag] = [
      .set("profiling", "false"),
      serves("tls-min-version", TLSPolicy.minimumVersion),
      serves("tls-cipher-suites", suites),
    ]
    let arguments = try Arguments(program, at: context.minor, before + own + after)
    return UnitFile(
      name: "\(name).service",
      description: "Kubernetes \(noun)",
      after: ["network.target", "kube-apiserver.service"],
      command: ["\(Layout.binaries)/\(name)"] + arguments.words,
      service: UnitFile.alwaysRestarted + [("LimitNOFILE", "65536")] + UnitFile.confined
        + [("CapabilityBoundingSet", "")]
    )
  }

  /// Where the port could not ask who is there, it stays shut.
  private func asksWhoCalls(_ context: HostContext) -> Bool {
    Catalog.standard.has(flag: "authentication-kubeconfig", of: program, at: context.minor)
  }
}
