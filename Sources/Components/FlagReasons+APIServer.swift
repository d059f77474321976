// SPDX-License-Identifier: Apache-2.0

extension FlagReasons {
  static let apiServer: [String: FlagReason] = [
    "advertise-address": .init(
      "Where pods find it behind the service `kubernetes`.",
      spec: "spec.hosts[].nodeIP"
    ),
    "bind-address": .init("Nodes, people and this host's own programs reach it, over TLS only."),
    "secure-port": .init(
      "The port of the endpoint.",
      cis: "cis-1.20 1.2.19",
      spec: "spec.controlPlane.endpoint"
    ),
    "insecure-port": .init("No port without TLS.", cis: "cis-1.20 1.2.18"),
    "endpoint-reconciler-type": .init(
      "The service `kubernetes` names the API servers that live, not a fixed number of them."
    ),
    "request-timeout": .init(
      "A request that takes longer is cut off.",
      cis: "cis-1.20 1.2.25"
    ),
    "profiling": .init("No profiling for whoever reaches the port.", cis: "1.2.15"),
    "tls-cert-file": .init("Shown to clients.", cis: "1.2.24"),
    "tls-private-key-file": .init("Shown to clients.", cis: "1.2.24"),
    "tls-min-version": .init("Older versions of TLS are broken."),
    "tls-cipher-suites": .init("Only suites with forward secrecy.", cis: "1.2.29"),
    "kubelet-https": .init("Kubelets are reached over TLS only.", cis: "cis-1.20 1.2.3"),
    "kubelet-certificate-authority": .init(
      "A kubelet that is not ours is not believed.",
      cis: "1.2.5"
    ),
    "kubelet-client-certificate": .init("Kubelets know the API server by it.", cis: "1.2.4"),
    "kubelet-client-key": .init("Kubelets know the API server by it.", cis: "1.2.4"),
    "kubelet-preferred-address-types": .init(
      "Kubelets are reached by address: their names need no DNS."
    ),
    "proxy-client-cert-file": .init("Extension API servers know the API server by it."),
    "proxy-client-key-file": .init("Extension API servers know the API server by it."),
    "requestheader-client-ca-file": .init(
      "Who may vouch for users in headers: an authority of its own."
    ),
    "requestheader-allowed-names": .init("The only client that may vouch for users in headers."),
    "requestheader-username-headers": .init("The header that names the user."),
    "requestheader-group-headers": .init("The header that names the user's groups."),
    "requestheader-extra-headers-prefix": .init("The headers that say more of the user."),
    "enable-aggregator-routing": .init(
      "Webhooks and extensions are reached at their pods: kube-proxy need not run here."
    ),
    "anonymous-auth": .init("Nobody is let in without a certificate or token.", cis: "1.2.1"),
    "client-ca-file": .init("Whose certificates are believed.", cis: "1.2.25"),
    "authorization-mode": .init(
      "Kubelets may touch their own node and pods, all others what RBAC says.",
      cis: "1.2.6, 1.2.7, 1.2.8"
    ),
    "enable-admission-plugins": .init(
      "Checks beside the default ones: kubelets keep to their node, pods and services to policy.",
      cis: "1.2.3, 1.2.14; cis-1.20 1.2.15, 1.2.16",
      spec: "spec.controlPlane.admissionPlugins"
    ),
    "allow-privileged": .init(
      "Network and storage add-ons run privileged pods; policy says whose."
    ),
    "etcd-servers": .init(
      "All members, this host's own first.",
      spec: "spec.hosts[].roles"
    ),
    "etcd-cafile": .init("A store that is not ours is not believed.", cis: "1.2.26"),
    "etcd-certfile": .init("etcd knows the API server by it.", cis: "1.2.23"),
    "etcd-keyfile": .init("etcd knows the API server by it.", cis: "1.2.23"),
    "encryption-provider-config": encryption,
    "experimental-encryption-provider-config": encryption,
    "service-account-key-file": .init(
      "Checks service account tokens, with a key that signs nothing else.",
      cis: "1.2.22"
    ),
    "service-account-lookup": .init("A deleted service account's token is dead.", cis: "1.2.21"),
    "service-account-issuer": .init(
      "Who signs service account tokens; required from 1.20 on.",
      spec: "spec.network.dnsDomain"
    ),
    "service-account-signing-key-file": .init(
      "Signs service account tokens; required from 1.20 on."
    ),
    "service-account-extend-token-expiration": .init(
      "A token lives as long as it says, not a year.",
      cis: "1.2.30"
    ),
    "audit-policy-file": .init("Without it nothing is logged.", cis: "3.2.1"),
    "audit-log-path": .init("Who did what.", cis: "1.2.16"),
    "audit-log-maxage": .init("Days a log is kept.", cis: "1.2.17", spec: "spec.audit.maxAge"),
    "audit-log-maxbackup": .init(
      "Logs that are kept.",
      cis: "1.2.18",
      spec: "spec.audit.maxBackup"
    ),
    "audit-log-maxsize": .init("MiB of one log.", cis: "1.2.19", spec: "spec.audit.maxSize"),
    "service-cluster-ip-range": .init(
      "Addresses of services.",
      spec: "spec.network.serviceCIDR"
    ),
    "service-node-port-range": .init("Ports of services on nodes.", spec: "spec.network.nodePorts"),
  ]

  private static let encryption = FlagReason(
    "Secrets are encrypted before etcd sees them.",
    cis: "1.2.27, 1.2.28",
    spec: "spec.secretsEncryption.provider"
  )
}
