// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Catalog

/// Plugins, modes, fields and features by minor, and the versions that go together.
struct AvailabilityTests {
  let catalog = Catalog.standard

  @Test(
    arguments: [
      ("Initializers", nil, 13), ("PodPreset", nil, 19), ("DenyEscalatingExec", nil, 20),
      ("PodSecurityPolicy", nil, 24), ("SecurityContextDeny", nil, 29),
      ("PersistentVolumeLabel", nil, 30), ("RuntimeClass", 16, nil),
      ("DenyServiceExternalIPs", 21, nil), ("PodSecurity", 22, nil), ("NodeRestriction", nil, nil),
      ("EventRateLimit", nil, nil), ("AlwaysPullImages", nil, nil),
    ] as [(String, Int?, Int?)]
  )
  func admissionPluginSpans(plugin: String, first: Int?, last: Int?) {
    for minor in catalog.minors {
      let expected = ((first ?? 11)...(last ?? 36)).contains(minor.minor)
      #expect(catalog.admissionPlugins(at: minor).contains(plugin) == expected, "\(minor)")
    }
  }

  @Test func defaultPluginsExist() {
    for minor in catalog.minors {
      let defaults = catalog.defaultAdmissionPlugins(at: minor)
      #expect(defaults.isSubset(of: catalog.admissionPlugins(at: minor)), "\(minor)")
      #expect(defaults.contains("ServiceAccount") && !defaults.contains("NodeRestriction"))
    }
  }

  @Test(
    arguments: [
      (11, ["iptables", "ipvs", "userspace"]), (25, ["iptables", "ipvs", "userspace"]),
      (26, ["iptables", "ipvs"]), (29, ["iptables", "ipvs", "nftables"]),
      (36, ["iptables", "ipvs", "nftables"]),
    ] as [(Int, Set<String>)]
  )
  func proxyModes(minor: Int, modes: Set<String>) {
    #expect(catalog.proxyModes(at: Minor(1, minor)) == modes)
  }

  @Test(arguments: [
    (ConfigKind.kubelet, "containerRuntimeEndpoint", 27), (.kubelet, "seccompDefault", 22),
    (.kubelet, "failCgroupV1", 31), (.kubelet, "registerWithTaints", 23),
    (.kubelet, "volumePluginDir", 19), (.kubelet, "providerID", 19),
    (.kubelet, "memorySwap.swapBehavior", 22), (.kubelet, "logging.format", 19),
    (.kubeProxy, "ipvs.strictARP", 15), (.kubeProxy, "nftables.masqueradeAll", 29),
    (.kubeProxy, "conntrack.tcpBeLiberal", 29), (.kubeProxy, "detectLocalMode", 18),
    (.crio, "runtime.conmon_cgroup", 15), (.crio, "runtime.runtimes.monitor_path", 24),
  ])
  func fieldCame(kind: ConfigKind, field: String, came: Int) {
    #expect(!catalog.has(field: field, of: kind, at: Minor(1, came - 1)))
    #expect(catalog.has(field: field, of: kind, at: Minor(1, came)))
    #expect(catalog.has(field: field, of: kind, at: Minor(1, 36)))
  }

  @Test(arguments: [
    (ConfigKind.kubeProxy, "conntrack.max", 15), (.kubeProxy, "udpIdleTimeout", 26),
    (.crio, "runtime.runtime_untrusted_workload", 14), (.crio, "image.registries", 21),
  ])
  func fieldWentAway(kind: ConfigKind, field: String, gone: Int) {
    #expect(catalog.has(field: field, of: kind, at: Minor(1, gone - 1)))
    #expect(!catalog.has(field: field, of: kind, at: Minor(1, gone)))
  }

  /// A field of a struct cannot outlive the struct.
  @Test(arguments: ["kubelet fields", "kube-proxy fields"])
  func dottedFieldsLieWithinTheirStruct(name: String) throws {
    let table = try #require(SpanTableTests.tables[name])
    for field in table.records.keys {
      guard let dot = field.lastIndex(of: ".") else { continue }
      for minor in catalog.minors where table.has(field, at: minor) {
        #expect(table.has(String(field[..<dot]), at: minor), "\(field) \(minor)")
      }
    }
  }

  @Test func everyFeatureHasOneRecord() {
    #expect(Set(SpanTable.features.records.keys) == Set(Feature.allCases.map(\.rawValue)))
  }

  @Test(arguments: [
    (Feature.dockershim, 23, true), (.dockershim, 24, false),
    (.serviceAccountIssuerRequired, 19, false), (.serviceAccountIssuerRequired, 20, true),
    (.cloudProviderAWS, 26, true), (.cloudProviderAWS, 27, false),
    (.podSecurityPolicy, 24, true), (.podSecurityPolicy, 25, false),
    (.cgroupV1Refused, 34, false), (.cgroupV1Refused, 35, true),
    (.insecureServing, 19, true), (.insecureServing, 20, false),
  ])
  func feature(feature: Feature, minor: Int, expected: Bool) {
    #expect(catalog.has(feature, at: Minor(1, minor)) == expected)
    #expect(catalog.record(of: feature)?.source.isEmpty == false)
  }

  @Test(arguments: [
    ("3.4.23", 20, true), ("3.2.17", 20, false), ("3.5.9", 32, false), ("3.6.8", 36, true),
    ("2.3.8", 11, false), ("4.0.0", 36, false), ("3.2.18", 12, true),
  ])
  func etcdFits(etcd: String, minor: Int, expected: Bool) throws {
    let version = try #require(KubernetesVersion(etcd))
    #expect(catalog.etcdFits(version, at: Minor(1, minor)) == expected)
  }

  /// The etcd that a minor is shipped with must be one that it works with.
  @Test func shippedEtcdFits() throws {
    for minor in catalog.minors {
      let version = try #require(KubernetesVersion(catalog.fact(.etcdVersion, at: minor)))
      #expect(catalog.etcdFits(version, at: minor), "\(minor)")
    }
  }

  @Test(arguments: [(20, "1.1.0"), (25, "1.1.0"), (26, "1.6.0"), (36, "1.6.0")])
  func containerdMinimum(minor: Int, expected: String) {
    #expect(catalog.containerdMinimum(at: Minor(1, minor)) == expected)
  }

  @Test(arguments: [(11, 11), (12, 11), (20, 18), (27, 25), (28, 25), (29, 26), (36, 33)])
  func oldestKubelet(minor: Int, oldest: Int) {
    #expect(catalog.oldestKubelet(at: Minor(1, minor)) == Minor(1, oldest))
  }

  @Test(arguments: [("1.2.13", 1), ("1.3.0", 2), ("1.6.20", 2), ("2.0.0", 3), ("2.3.0", 3)])
  func containerdConfigVersion(release: String, version: Int) throws {
    let release = try #require(KubernetesVersion(release))
    #expect(catalog.containerdConfigVersion(of: release) == version)
  }
}
