// SPDX-License-Identifier: Apache-2.0

import Catalog
import PKI
import Resources
import Spec
import Values

/// The API server, hardened as the CIS benchmark of the version asks; it serves TLS only and knows nobody
/// without a certificate or token.
package enum APIServer: Component {
  package static let name = "kube-apiserver"

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    guard context.isControlPlane else { return [] }
    let program = try context.binary(name, reason: "The API server.")
    let files =
      try CertificateFiles.apiServer(context)
      + [AuditPolicy.file(context), SecretsEncryption.file(context)]
    let unit = try unit(context).file(
      reason: "Starts the API server; each flag is explained by `kubewright explain`."
    )
    let base: [Resource] =
      CertificateFiles.directories(context) + [
        .directory(
          Directory(
            path: Layout.auditLogs,
            mode: 0o700,
            ownsContents: true,
            reason: "The audit log, for root only."
          )
        ),
        CertificateFiles.clusterAuthority(context),
        program,
      ]
    return base.staged(.prepare)
      + (files + [
        .file(unit),
        .unit(
          Unit(
            name: "\(name).service",
            dependsOn: (files + [CertificateFiles.clusterAuthority(context), program, .file(unit)])
              .dependencies,
            startTimeout: 120,
            reason: "The API server runs, now and after a reboot."
          )
        ),
      ]).staged(.controlPlane)
  }

  private static func unit(_ context: HostContext) throws -> UnitFile {
    let flags =
      addresses(context) + identity(context) + authority(context) + storage(context)
      + tokens(context) + logging(context) + services(context)
    let arguments = try Arguments(.apiServer, at: context.minor, flags)
    return UnitFile(
      name: "\(name).service",
      description: "Kubernetes API server",
      after: ["network.target", "etcd.service"],
      command: ["\(Layout.binaries)/\(name)"] + arguments.words,
      service: [("Type", "notify")] + UnitFile.alwaysRestarted
        + [
          ("LimitNOFILE", "65536"), ("TimeoutStartSec", "120"),
          // It stops listening at once and then waits a minute for watches, which never end by themselves.
          ("TimeoutStopSec", "5"),
        ] + UnitFile.confined
        + [("CapabilityBoundingSet", "CAP_NET_BIND_SERVICE")]
    )
  }

  private static func addresses(_ context: HostContext) -> [Flag] {
    [
      .set("advertise-address", context.host.nodeIP.description),
      .set("bind-address", "0.0.0.0"),
      .set("secure-port", String(context.cluster.controlPlane.endpoint.port)),
      .ifKnown("insecure-port", "0"),
      .set("endpoint-reconciler-type", "lease"),
      .set("request-timeout", "60s"),
      .set("profiling", "false"),
    ]
  }

  /// What the server shows, and how it reaches kubelets and extension servers.
  private static func identity(_ context: HostContext) -> [Flag] {
    [
      .set("tls-cert-file", "\(Layout.pki)/apiserver.crt"),
      .set("tls-private-key-file", "\(Layout.pki)/apiserver.key"),
      .set("tls-min-version", TLSPolicy.minimumVersion),
      .set("tls-cipher-suites", TLSPolicy.cipherSuites.joined(separator: ",")),
      .ifKnown("kubelet-https", "true"),
      .set("kubelet-certificate-authority", "\(Layout.pki)/ca.crt"),
      .set("kubelet-client-certificate", "\(Layout.pki)/apiserver-kubelet-client.crt"),
      .set("kubelet-client-key", "\(Layout.pki)/apiserver-kubelet-client.key"),
      .set("kubelet-preferred-address-types", "InternalIP,ExternalIP,Hostname"),
      .set("proxy-client-cert-file", "\(Layout.pki)/front-proxy-client.crt"),
      .set("proxy-client-key-file", "\(Layout.pki)/front-proxy-client.key"),
      .set("requestheader-client-ca-file", "\(Layout.pki)/front-proxy-ca.crt"),
      .set("requestheader-allowed-names", "front-proxy-client"),
      .set("requestheader-username-headers", "X-Remote-User"),
      .set("requestheader-group-headers", "X-Remote-Group"),
      .set("requestheader-extra-headers-prefix", "X-Remote-Extra-"),
      .set("enable-aggregator-routing", "true"),
    ]
  }

  /// Who is let in, and what is let through.
  private static func authority(_ context: HostContext) -> [Flag] {
    [
      .set("anonymous-auth", "false"),
      .set("client-ca-file", "\(Layout.pki)/ca.crt"),
      .set("authorization-mode", "Node,RBAC"),
      .set("enable-admission-plugins", Admission.plugins(context.cluster).joined(separator: ",")),
      .set("allow-privileged", "true"),
    ]
  }

  private static func storage(_ context: HostContext) -> [Flag] {
    [
      .set("etcd-servers", etcdServers(context).joined(separator: ",")),
      .set("etcd-cafile", "\(Layout.pki)/etcd/ca.crt"),
      .set("etcd-certfile", "\(Layout.pki)/apiserver-etcd-client.crt"),
      .set("etcd-keyfile", "\(Layout.pki)/apiserver-etcd-client.key"),
      .set(Catalog.standard.fact(.encryptionFlag, at: context.minor), Layout.encryption),
    ]
  }

  /// All members, this host's own first: the client tries them in order.
  private static func etcdServers(_ context: HostContext) -> [String] {
    let members = context.cluster.hosts(with: .etcd)
    let own = members.filter { $0.name == context.host.name }
    return (own + members.filter { $0.name != context.host.name })
      .map { "https://\($0.nodeIP):2379" }
  }

  private static func tokens(_ context: HostContext) -> [Flag] {
    let issuer = "https://kubernetes.default.svc.\(context.cluster.network.dnsDomain)"
    let bound: [Flag] = [
      .set("service-account-issuer", issuer),
      .set("service-account-signing-key-file", "\(Layout.pki)/sa.key"),
      .ifKnown("service-account-extend-token-expiration", "false"),
    ]
    let always: [Flag] = [
      .set("service-account-key-file", "\(Layout.pki)/sa.pub"),
      .set("service-account-lookup", "true"),
    ]
    return always + (VersionedChoices.hasBoundTokens(at: context.minor) ? bound : [])
  }

  private static func logging(_ context: HostContext) -> [Flag] {
    let audit = context.cluster.audit
    return [
      .set("audit-policy-file", Layout.auditPolicy),
      .set("audit-log-path", "\(Layout.auditLogs)/audit.log"),
      .set("audit-log-maxage", String(audit.maxAge)),
      .set("audit-log-maxbackup", String(audit.maxBackup)),
      .set("audit-log-maxsize", String(audit.maxSize)),
    ]
  }

  private static func services(_ context: HostContext) -> [Flag] {
    let network = context.cluster.network
    return [
      .set("service-cluster-ip-range", network.serviceCIDR.description),
      .set(
        "service-node-port-range",
        "\(network.nodePorts.lowerBound)-\(network.nodePorts.upperBound)"
      ),
    ]
  }
}
