// SPDX-License-Identifier: Apache-2.0

package import Values

/// The three authorities of a cluster.
///
/// They are apart so that a client certificate of one world means
/// nothing in another: a kubelet's certificate opens no door at etcd.
package enum AuthorityName: String, Sendable, CaseIterable, Codable {
  /// Signs the API server and all its clients, and the kubelets' servers.
  case cluster
  case etcd
  case frontProxy = "front-proxy"
}

/// Every leaf a cluster has, by purpose.
package enum LeafName: Sendable, Hashable, Codable, CustomStringConvertible {
  case apiServer(host: String)
  case apiServerKubeletClient(host: String)
  case apiServerEtcdClient(host: String)
  case frontProxyClient(host: String)
  case etcdServer(host: String)
  case etcdPeer(host: String)
  case etcdHealthcheckClient
  case controllerManager(host: String)
  case scheduler(host: String)
  case kubeletServer(host: String)
  case kubeletClient(host: String)
  case kubeProxy
  case admin
  case flannel

  /// The name of its files: `kube-apiserver@master-1`.
  package var description: String {
    switch self {
    case .apiServer(let host): "apiserver@\(host)"
    case .apiServerKubeletClient(let host): "apiserver-kubelet-client@\(host)"
    case .apiServerEtcdClient(let host): "apiserver-etcd-client@\(host)"
    case .frontProxyClient(let host): "front-proxy-client@\(host)"
    case .etcdServer(let host): "etcd-server@\(host)"
    case .etcdPeer(let host): "etcd-peer@\(host)"
    case .etcdHealthcheckClient: "etcd-healthcheck-client"
    case .controllerManager(let host): "controller-manager@\(host)"
    case .scheduler(let host): "scheduler@\(host)"
    case .kubeletServer(let host): "kubelet-server@\(host)"
    case .kubeletClient(let host): "kubelet-client@\(host)"
    case .kubeProxy: "kube-proxy"
    case .admin: "admin"
    case .flannel: "flannel"
    }
  }
}

/// A certificate in PEM with the private key that belongs to it.
package struct Credential: Sendable, Equatable {
  /// The leaf (or authority) certificate, one PEM block.
  package var certificate: String
  /// PKCS#8 PEM; nil for an authority whose key is not here (CSR-only signing).
  package var key: Sensitive?

  package init(certificate: String, key: Sensitive?) {
    self.certificate = certificate
    self.key = key
  }
}

/// All key material of a cluster as read from, or made in, the state folder.
package struct PKIBundle: Sendable, Equatable {
  package var authorities: [AuthorityName: Credential]
  package var leaves: [LeafName: Credential]
  /// The key pair that signs service account tokens: apart from every authority.
  package var serviceAccountPublicKey: String
  package var serviceAccountKey: Sensitive
  /// 32 random bytes, base64, for the secrets encryption configuration, newest first, with their names.
  package var encryptionKeys: [EncryptionKey]

  package init(
    authorities: [AuthorityName: Credential],
    leaves: [LeafName: Credential],
    serviceAccountPublicKey: String,
    serviceAccountKey: Sensitive,
    encryptionKeys: [EncryptionKey]
  ) {
    self.authorities = authorities
    self.leaves = leaves
    self.serviceAccountPublicKey = serviceAccountPublicKey
    self.serviceAccountKey = serviceAccountKey
    self.encryptionKeys = encryptionKeys
  }

  /// The authority's certificate, PEM; empty where the bundle is not complete (rendering says so).
  package func authority(_ name: AuthorityName) -> String {
    authorities[name]?.certificate ?? ""
  }
}

/// A key of the secrets encryption configuration.
package struct EncryptionKey: Sendable, Equatable {
  package var name: String
  /// Base64 of 32 bytes.
  package var secret: Sensitive
  package init(name: String, secret: Sensitive) {
    self.name = name
    self.secret = secret
  }
}
