// SPDX-License-Identifier: Apache-2.0

import Catalog
import Testing
import Values

/// Changes that broke somebody's cluster when they came: from `gone` on the program refuses the
/// flag, before `came` it does not know it.
struct FlagTests {
  @Test(arguments: [
    (ServerProgram.apiServer, "insecure-port", 24), (.apiServer, "insecure-bind-address", 24),
    (.apiServer, "kubelet-https", 22), (.apiServer, "basic-auth-file", 19),
    (.apiServer, "experimental-encryption-provider-config", 24),
    (.apiServer, "enable-swagger-ui", 24), (.apiServer, "cloud-provider", 33),
    (.controllerManager, "port", 24), (.controllerManager, "pod-eviction-timeout", 27),
    (.controllerManager, "experimental-cluster-signing-duration", 25),
    (.scheduler, "address", 24), (.scheduler, "policy-config-file", 23),
    (.kubelet, "allow-privileged", 15), (.kubelet, "network-plugin", 24),
    (.kubelet, "container-runtime", 27), (.kubelet, "pod-infra-container-image", 35),
    (.kubelet, "non-masquerade-cidr", 24), (.kubelet, "logtostderr", 26),
    (.proxy, "conntrack-max", 15), (.proxy, "cleanup-ipvs", 21),
  ])
  func flagWentAway(program: ServerProgram, flag: String, gone: Int) {
    #expect(Catalog.standard.has(flag: flag, of: program, at: Minor(1, gone - 1)))
    #expect(!Catalog.standard.has(flag: flag, of: program, at: Minor(1, gone)))
  }

  @Test(arguments: [
    (ServerProgram.apiServer, "encryption-provider-config", 13),
    (.apiServer, "api-audiences", 13), (.apiServer, "authorization-config", 29),
    (.apiServer, "service-account-extend-token-expiration", 19),
    (.controllerManager, "authentication-kubeconfig", 12),
    (.controllerManager, "cluster-signing-duration", 19),
    (.scheduler, "secure-port", 13), (.scheduler, "authentication-kubeconfig", 13),
    (.kubelet, "image-credential-provider-config", 20), (.kubelet, "config-dir", 28),
    (.kubelet, "fail-cgroupv1", 31), (.proxy, "conntrack-tcp-be-liberal", 29),
  ])
  func flagCame(program: ServerProgram, flag: String, came: Int) {
    #expect(!Catalog.standard.has(flag: flag, of: program, at: Minor(1, came - 1)))
    #expect(Catalog.standard.has(flag: flag, of: program, at: Minor(1, came)))
  }

  /// What a cluster is made of may not be missing at any minor.
  @Test(arguments: [
    (
      ServerProgram.apiServer,
      [
        "advertise-address", "allow-privileged", "anonymous-auth", "audit-log-maxage",
        "audit-log-maxbackup", "audit-log-maxsize", "audit-log-path", "audit-policy-file",
        "authorization-mode", "bind-address", "client-ca-file", "enable-admission-plugins",
        "enable-bootstrap-token-auth", "etcd-cafile", "etcd-certfile", "etcd-keyfile",
        "etcd-servers", "feature-gates", "kubelet-certificate-authority",
        "kubelet-client-certificate", "kubelet-client-key", "kubelet-preferred-address-types",
        "profiling", "proxy-client-cert-file", "proxy-client-key-file",
        "requestheader-allowed-names",
        "requestheader-client-ca-file", "requestheader-extra-headers-prefix",
        "requestheader-group-headers", "requestheader-username-headers", "runtime-config",
        "secure-port", "service-account-issuer", "service-account-key-file",
        "service-account-signing-key-file", "service-cluster-ip-range", "service-node-port-range",
        "tls-cert-file", "tls-cipher-suites", "tls-min-version", "tls-private-key-file", "v",
      ]
    ),
    (
      .controllerManager,
      [
        "allocate-node-cidrs", "bind-address", "cluster-cidr", "cluster-name",
        "cluster-signing-cert-file", "cluster-signing-key-file", "controllers", "kubeconfig",
        "leader-elect", "node-cidr-mask-size", "profiling", "root-ca-file",
        "service-account-private-key-file", "service-cluster-ip-range",
        "terminated-pod-gc-threshold", "use-service-account-credentials",
      ]
    ),
    (.scheduler, ["config", "kubeconfig", "leader-elect", "profiling"]),
    (
      .kubelet,
      [
        "bootstrap-kubeconfig", "cert-dir", "config", "container-runtime-endpoint",
        "hostname-override", "kubeconfig", "node-ip", "node-labels", "register-with-taints",
        "root-dir",
      ]
    ),
    (.proxy, ["config", "hostname-override", "kubeconfig"]),
  ])
  func flagIsThereThroughout(program: ServerProgram, flags: [String]) {
    for minor in Catalog.standard.minors {
      let missing = Set(flags).subtracting(Catalog.standard.flags(of: program, at: minor))
      #expect(missing.isEmpty, "\(program.rawValue) \(minor)")
    }
  }

  @Test func theRecordSaysWhenAndFromWhere() throws {
    let record = try #require(Catalog.standard.record(flag: "insecure-port", of: .apiServer))
    #expect(record.first == nil && record.last == Minor(1, 23))
    #expect(record.deprecated == Minor(1, 10))
    #expect(record.source.contains("#106859"))
    #expect(Catalog.standard.record(flag: "--insecure-port", of: .apiServer) == nil)
  }
}
