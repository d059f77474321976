// SPDX-License-Identifier: Apache-2.0

import PKI
import Resources
import Spec
import Values

/// The certificates and keys of Kubernetes' own programs, by kubeadm's file names.
///
/// Each host holds only what its roles need, and no authority's key.
enum CertificateFiles {
  static func directories(_ context: HostContext) -> [Resource] {
    var directories: [Resource] = [
      .directory(Directory(path: Layout.kubernetes, reason: "Kubernetes' files of this host.")),
      .directory(
        Directory(path: Layout.pki, reason: "Certificates and keys of this host (CIS 1.1.19).")
      ),
    ]
    if context.isControlPlane {
      directories.append(
        .directory(
          Directory(
            path: "\(Layout.pki)/etcd",
            reason: "What the API server needs to trust etcd."
          )
        )
      )
    }
    return directories
  }

  static func clusterAuthority(_ context: HostContext) -> Resource {
    if let eks = context.eks {
      return .file(
        File(
          path: "\(Layout.pki)/ca.crt",
          text: eks.authority,
          reason: "What API server this host's clients trust, and whom its kubelet accepts."
        )
      )
    }
    return context.authorityFile(
      .cluster,
      at: "\(Layout.pki)/ca.crt",
      reason: "Whom this host's servers accept, and what API server its clients trust."
    )
  }

  static func apiServer(_ context: HostContext) throws -> [Resource] {
    let host = context.host.name
    return try context.files(
      of: .apiServer(host: host),
      at: "\(Layout.pki)/apiserver",
      reason: "What the API server shows to its clients."
    )
      + context.files(
        of: .apiServerKubeletClient(host: host),
        at: "\(Layout.pki)/apiserver-kubelet-client",
        reason: "By which the API server enters kubelets, for logs and exec."
      )
      + context.files(
        of: .apiServerEtcdClient(host: host),
        at: "\(Layout.pki)/apiserver-etcd-client",
        reason: "By which the API server enters etcd."
      )
      + context.files(
        of: .frontProxyClient(host: host),
        at: "\(Layout.pki)/front-proxy-client",
        reason: "By which extension API servers know the API server."
      )
      + [
        context.authorityFile(
          .frontProxy,
          at: "\(Layout.pki)/front-proxy-ca.crt",
          reason: "Who may vouch for users in request headers."
        ),
        context.authorityFile(
          .etcd,
          at: "\(Layout.pki)/etcd/ca.crt",
          reason: "Which etcd members are ours."
        ),
        .file(
          File(
            path: "\(Layout.pki)/sa.pub",
            text: context.pki.serviceAccountPublicKey,
            reason: "Checks service account tokens."
          )
        ),
        serviceAccountKey(context),
      ]
  }

  /// A key pair of its own: whoever signs tokens must not be able to sign certificates.
  static func serviceAccountKey(_ context: HostContext) -> Resource {
    .file(
      File(
        path: "\(Layout.pki)/sa.key",
        content: .secret(context.pki.serviceAccountKey),
        mode: 0o600,
        reason: "Signs service account tokens."
      )
    )
  }
}
