// SPDX-License-Identifier: Apache-2.0

import Facts
import PKI
import Resources
import Spec
import Values

extension HostContext {
  var isEtcd: Bool { host.roles.contains(.etcd) }
  var isControlPlane: Bool { host.roles.contains(.controlPlane) }
  var isWorker: Bool { host.roles.contains(.worker) }

  var isEOS: Bool { host.profile(by: facts) == .eos }

  /// What packages are installed with; nil on EOS, where they would be lost at the next reload.
  var packageManager: PackageManager? { isEOS ? nil : facts.packageManager }

  /// The leaf's certificate and key.
  /// - Throws: `Failure` (`state`) where the state folder has none.
  func credential(_ leaf: LeafName) throws -> (certificate: String, key: Sensitive) {
    guard let credential = pki.leaves[leaf], let key = credential.key else {
      throw Failure(
        .state,
        host: host.name,
        "the \(leaf) certificate or its key is not in the state folder",
        remedy: "run `kubewright up` from where the cluster's state folder is"
      )
    }
    return (credential.certificate, key)
  }

  /// `base.crt` (0644) and `base.key` (0600) of a leaf.
  func files(
    of leaf: LeafName,
    at base: String,
    owner: String = "root",
    reason: String
  ) throws -> [Resource] {
    let credential = try credential(leaf)
    return [
      .file(
        File(
          path: "\(base).crt",
          text: credential.certificate,
          owner: owner,
          group: owner,
          reason: reason
        )
      ),
      .file(
        File(
          path: "\(base).key",
          content: .secret(credential.key),
          mode: 0o600,
          owner: owner,
          group: owner,
          reason: "Private key: \(reason.lowercasedFirst)"
        )
      ),
    ]
  }

  /// The certificate of an authority; its key stays with the operator.
  func authorityFile(
    _ name: AuthorityName,
    at path: String,
    owner: String = "root",
    reason: String
  ) -> Resource {
    .file(
      File(path: path, text: pki.authority(name), owner: owner, group: owner, reason: reason)
    )
  }

  /// A kubeconfig, 0600: its key is in it.
  func kubeconfig(
    at path: String,
    server: String,
    user: String,
    leaf: LeafName,
    reason: String
  ) throws -> Resource {
    let credential = try credential(leaf)
    return .file(
      File(
        path: path,
        content: .secret(
          Kubeconfig.render(
            cluster: cluster.name,
            server: server,
            authority: pki.authority(.cluster),
            user: user,
            credential: Credential(certificate: credential.certificate, key: credential.key)
          )
        ),
        mode: 0o600,
        reason: reason
      )
    )
  }

  /// A program that the artifact store has for this host.
  /// - Throws: `Failure` (`artifact`) where it has none.
  func binary(
    _ program: String,
    in directory: String = Layout.binaries,
    mode: FileMode = 0o755,
    mayBeReplaced: Bool = false,
    reason: String
  ) throws -> Resource {
    guard let file = programs[program] else {
      throw Failure(
        .artifact,
        host: host.name,
        "the program \(program) for \(facts.architecture.rawValue) is not among the artifacts",
        remedy: "see `kubewright artifacts list`"
      )
    }
    return .binary(
      Binary(
        path: "\(directory)/\(program)",
        digest: file.digest,
        size: file.size,
        mode: mode,
        source: file.source,
        url: file.url,
        mayBeReplaced: mayBeReplaced,
        reason: reason
      )
    )
  }

  /// The API server that this host's own programs use.
  ///
  /// A control-plane host uses its own: it needs no other host for that, and during an upgrade its
  /// kubelet is never newer than its API server.
  var nearestAPIServer: String {
    isControlPlane ? localAPIServer : cluster.controlPlane.endpoint.url
  }

  var localAPIServer: String { "https://127.0.0.1:\(cluster.controlPlane.endpoint.port)" }
}

extension Sequence<Resource> {
  /// All of them in one stage.
  func staged(_ stage: Stage) -> [StagedResource] {
    map { StagedResource(stage, $0) }
  }

  /// What a unit that reads them has to be restarted for.
  var dependencies: [ResourceID] {
    filter {
      switch $0 {
      case .file, .binary, .package, .firewalld: true
      default: false
      }
    }.map(\.id)
  }
}

extension String {
  fileprivate var lowercasedFirst: String {
    prefix(1).lowercased() + dropFirst()
  }
}
