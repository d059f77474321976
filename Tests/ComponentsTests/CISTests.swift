// SPDX-License-Identifier: Apache-2.0

import Components
import Resources
import Spec
import Testing
import Values

/// The scored checks of the CIS benchmarks, as kube-bench makes them, over what is rendered.
@Suite struct CISTests {
  enum Rule: Sendable {
    case present
    case absent
    case equals(String)
    case atLeast(Int)
    case contains(String)
    case lacks(String)
    case absentOr(String)

    func holds(for value: String?) -> Bool {
      let words = (value ?? "").split(separator: ",").map(String.init)
      return switch self {
      case .present: value != nil
      case .absent: value == nil
      case .equals(let wanted): value == wanted
      case .atLeast(let least): value.flatMap { Int($0) }.map { $0 >= least } ?? false
      case .contains(let word): words.contains(word)
      case .lacks(let word): value != nil && !words.contains(word)
      case .absentOr(let wanted): value == nil || value == wanted
      }
    }
  }

  struct Check: Sendable, CustomTestStringConvertible {
    var id: String
    var program: String
    var flag: String
    var rule: Rule

    init(_ id: String, _ program: String, _ flag: String, _ rule: Rule) {
      self.id = id
      self.program = program
      self.flag = flag
      self.rule = rule
    }

    var testDescription: String { "\(id) \(program) --\(flag)" }
  }

  private static let api = "kube-apiserver"
  private static let manager = "kube-controller-manager"

  /// In both benchmarks, by the ids of cis-1.12.
  private static let common: [Check] = [
    Check("1.2.1", api, "anonymous-auth", .equals("false")),
    Check("1.2.2", api, "token-auth-file", .absent),
    Check("1.2.4", api, "kubelet-client-certificate", .present),
    Check("1.2.4", api, "kubelet-client-key", .present),
    Check("1.2.5", api, "kubelet-certificate-authority", .present),
    Check("1.2.6", api, "authorization-mode", .lacks("AlwaysAllow")),
    Check("1.2.7", api, "authorization-mode", .contains("Node")),
    Check("1.2.8", api, "authorization-mode", .contains("RBAC")),
    Check("1.2.10", api, "enable-admission-plugins", .lacks("AlwaysAdmit")),
    Check("1.2.12", api, "disable-admission-plugins", .absent),
    Check("1.2.14", api, "enable-admission-plugins", .contains("NodeRestriction")),
    Check("1.2.15", api, "profiling", .equals("false")),
    Check("1.2.16", api, "audit-log-path", .present),
    Check("1.2.17", api, "audit-log-maxage", .atLeast(30)),
    Check("1.2.18", api, "audit-log-maxbackup", .atLeast(10)),
    Check("1.2.19", api, "audit-log-maxsize", .atLeast(100)),
    Check("1.2.21", api, "service-account-lookup", .absentOr("true")),
    Check("1.2.22", api, "service-account-key-file", .present),
    Check("1.2.23", api, "etcd-certfile", .present),
    Check("1.2.23", api, "etcd-keyfile", .present),
    Check("1.2.24", api, "tls-cert-file", .present),
    Check("1.2.24", api, "tls-private-key-file", .present),
    Check("1.2.25", api, "client-ca-file", .present),
    Check("1.2.26", api, "etcd-cafile", .present),
    Check("1.2.27", api, "encryption-provider-config", .present),
    Check("1.2.29", api, "tls-cipher-suites", .lacks("TLS_RSA_WITH_AES_128_CBC_SHA")),
    Check("1.3.1", manager, "terminated-pod-gc-threshold", .present),
    Check("1.3.2", manager, "profiling", .equals("false")),
    Check("1.3.3", manager, "use-service-account-credentials", .equals("true")),
    Check("1.3.4", manager, "service-account-private-key-file", .present),
    Check("1.3.5", manager, "root-ca-file", .present),
    Check("1.3.6", manager, "feature-gates", .absent),
    Check("1.3.7", manager, "bind-address", .equals("127.0.0.1")),
    Check("1.4.1", "kube-scheduler", "profiling", .equals("false")),
    Check("1.4.2", "kube-scheduler", "bind-address", .absentOr("127.0.0.1")),
    Check("2.1", "etcd", "cert-file", .present),
    Check("2.1", "etcd", "key-file", .present),
    Check("2.2", "etcd", "client-cert-auth", .equals("true")),
    Check("2.3", "etcd", "auto-tls", .absent),
    Check("2.4", "etcd", "peer-cert-file", .present),
    Check("2.4", "etcd", "peer-key-file", .present),
    Check("2.5", "etcd", "peer-client-cert-auth", .equals("true")),
    Check("2.6", "etcd", "peer-auto-tls", .absent),
    Check("2.7", "etcd", "trusted-ca-file", .present),
    Check("3.2.1", api, "audit-policy-file", .present),
  ]

  private static let only120: [Check] = [
    Check("cis-1.20 1.2.2", api, "basic-auth-file", .absent),
    Check("cis-1.20 1.2.3", api, "kubelet-https", .absentOr("true")),
    Check("cis-1.20 1.2.15", api, "enable-admission-plugins", .contains("PodSecurityPolicy")),
    Check("cis-1.20 1.2.17", api, "insecure-bind-address", .absent),
    Check("cis-1.20 1.2.18", api, "insecure-port", .equals("0")),
    Check("cis-1.20 1.2.19", api, "secure-port", .atLeast(1)),
    Check("cis-1.20 1.2.25", api, "request-timeout", .present),
  ]

  private static let only112: [Check] = [
    Check("1.2.3", api, "enable-admission-plugins", .contains("DenyServiceExternalIPs")),
    Check("1.2.30", api, "service-account-extend-token-expiration", .equals("false")),
  ]

  @Test(arguments: common + only120)
  func cis120(_ check: Check) throws {
    try expect(check, at: KubernetesVersion(1, 20, 2))
  }

  @Test(arguments: common + only112)
  func cis112(_ check: Check) throws {
    try expect(check, at: KubernetesVersion(1, 33, 1))
  }

  private func expect(_ check: Check, at version: KubernetesVersion) throws {
    let resources = try Fixture(version).resources("alpha")
    #expect(!resources.arguments(of: check.program).isEmpty)
    let value = resources.value(of: check.flag, of: check.program)
    #expect(check.rule.holds(for: value), "\(check.testDescription)=\(value ?? "-")")
  }

  static let versions = [KubernetesVersion(1, 20, 2), KubernetesVersion(1, 33, 1)]

  /// 4.2: what the kubelet's file has to say.
  @Test(arguments: versions)
  func kubeletIsClosed(_ version: KubernetesVersion) throws {
    let text = "\n" + (try Fixture(version).resources("gamma").text("/var/lib/kubelet/config.yaml"))
    for wanted in [
      "  anonymous:\n    enabled: false\n", "\n  webhook:\n    enabled: true\n",
      "clientCAFile: /etc/kubernetes/pki/ca.crt\n", "\nauthorization:\n  mode: Webhook\n",
      "\nreadOnlyPort: 0\n", "\nprotectKernelDefaults: true\n", "\nmakeIPTablesUtilChains: true\n",
      "\neventRecordQPS: 50\n", "\ntlsCertFile: /var/lib/kubelet/pki/kubelet.crt\n",
      "\ntlsPrivateKeyFile: /var/lib/kubelet/pki/kubelet.key\n", "\npodPidsLimit: 4096\n",
    ] {
      #expect(text.contains(wanted), "\(wanted)")
    }
    for unwanted in ["rotateCertificates", "streamingConnectionIdleTimeout: 0", "RotateKubelet"] {
      #expect(!text.contains(unwanted))
    }
    #expect(text.contains("\nseccompDefault: true\n") == (version.minor >= Minor(1, 25)))
  }

  @Test(arguments: versions)
  func proxyMetricsStayOnTheHost(_ version: KubernetesVersion) throws {
    let text = try Fixture(version).resources("gamma").text("/var/lib/kube-proxy/config.yaml")
    #expect(text.contains("metricsBindAddress: \"127.0.0.1:10249\"\n"))
    #expect(text.contains("healthzBindAddress: \"127.0.0.1:10256\"\n"))
  }

  /// 1.1 and 4.1: modes and owners.
  @Test(arguments: versions)
  func filesAreClosed(_ version: KubernetesVersion) throws {
    for (host, resources) in try Fixture(version).everything() {
      for file in resources.files {
        let isCertificate = file.path.hasSuffix(".crt") || file.path.hasSuffix(".pub")
        let isOpen = [
          "/usr/local/libexec/kubewright-network", "/etc/containerd/config.toml",
        ].contains(file.path)
        let expected: FileMode = isCertificate ? 0o644 : 0o600
        if !isOpen { #expect(file.mode == expected, "\(host): \(file.path)") }
        let isEtcd = file.path.hasPrefix("/etc/etcd/")
        #expect(file.owner == (isEtcd ? "etcd" : "root"), "\(host): \(file.path)")
        #expect(file.group == file.owner)
        if file.path.hasPrefix("/etc/kubernetes/pki/") { #expect(file.owner == "root") }
      }
    }
  }

  @Test(arguments: versions)
  func etcdsDirectoryIsItsOwn(_ version: KubernetesVersion) throws {
    let directories = try Fixture(version).resources("beta").compactMap { item in
      if case .directory(let directory) = item.resource { return directory }
      return nil as Directory?
    }
    let data = try #require(directories.first { $0.path == "/var/lib/etcd" })
    #expect(data.mode == 0o700)
    #expect(data.owner == "etcd" && data.group == "etcd")
  }
}
