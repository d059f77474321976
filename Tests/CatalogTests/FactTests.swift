// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Catalog

struct FactTests {
  let catalog = Catalog.standard

  @Test func supportsTwentySixMinors() {
    #expect(catalog.minors.first == catalog.supported.lowerBound)
    #expect(catalog.minors.last == catalog.supported.upperBound)
    #expect(catalog.minors.count == 26 && catalog.minors == catalog.minors.sorted())
    #expect(catalog.newest.minor == catalog.supported.upperBound)
  }

  @Test(arguments: FactKey.allCases)
  func stepsAscendFromTheOldestMinor(key: FactKey) {
    let minors = key.steps.map(\.since)
    #expect(minors.first == 11)
    #expect(zip(minors, minors.dropFirst()).allSatisfy { $0 < $1 })
    #expect(minors.allSatisfy { $0 <= 36 })
  }

  @Test(arguments: FactKey.allCases)
  func hasASourceAtEveryMinor(key: FactKey) {
    for minor in catalog.minors {
      #expect(!catalog.source(of: key, at: minor).isEmpty, "\(minor)")
    }
  }

  /// Only what came later than the oldest minor may be empty there, and never at the newest.
  @Test(arguments: FactKey.allCases)
  func hasAValueOnceItExists(key: FactKey) {
    let late: [FactKey: Int] = [
      .runtimeClassAPIVersion: 14, .credentialProviderConfigAPIVersion: 20,
      .podSecurityConfigurationAPIVersion: 22, .ecrCredentialProviderVersion: 27,
      .crioRepository: 28,
    ]
    for minor in catalog.minors {
      #expect(
        catalog.fact(key, at: minor).isEmpty == (minor < Minor(1, late[key] ?? 11)),
        "\(minor)"
      )
    }
  }

  @Test(arguments: [
    (FactKey.etcdVersion, 11, "3.2.18"), (.etcdVersion, 20, "3.4.13"), (.etcdVersion, 36, "3.6.8"),
    (.cniPluginsVersion, 20, "0.8.7"), (.pauseImage, 20, "k8s.gcr.io/pause:3.2"),
    (.pauseImage, 24, "k8s.gcr.io/pause:3.7"), (.pauseImage, 25, "registry.k8s.io/pause:3.8"),
    (.criToolsVersion, 20, "1.19.0"), (.goVersion, 20, "1.15.5"),
    (.encryptionFlag, 12, "experimental-encryption-provider-config"),
    (.encryptionFlag, 13, "encryption-provider-config"), (.encryptionKind, 12, "EncryptionConfig"),
    (.encryptionKind, 13, "EncryptionConfiguration"),
    (.encryptionAPIVersion, 13, "apiserver.config.k8s.io/v1"),
    (.auditPolicyAPIVersion, 11, "audit.k8s.io/v1beta1"),
    (.auditPolicyAPIVersion, 12, "audit.k8s.io/v1"),
    (.schedulerConfigAPIVersion, 20, "kubescheduler.config.k8s.io/v1beta1"),
    (.schedulerConfigAPIVersion, 25, "kubescheduler.config.k8s.io/v1"),
    (.runtimeClassAPIVersion, 13, ""), (.runtimeClassAPIVersion, 19, "node.k8s.io/v1beta1"),
    (.runtimeClassAPIVersion, 20, "node.k8s.io/v1"),
    (.execCredentialAPIVersion, 36, "client.authentication.k8s.io/v1beta1"),
    (.controlPlaneLabel, 19, "node-role.kubernetes.io/master"),
    (.controlPlaneLabel, 20, "node-role.kubernetes.io/control-plane"),
    (.controlPlaneTaint, 23, "node-role.kubernetes.io/master"),
    (.controlPlaneTaint, 24, "node-role.kubernetes.io/control-plane"),
    (.readinessPath, 15, "/healthz"), (.readinessPath, 16, "/readyz"), (.criAPI, 25, "v1alpha2"),
    (.criAPI, 26, "v1"), (.cisBenchmark, 20, "cis-1.20"),
  ])
  func knowsTheValue(key: FactKey, minor: Int, value: String) {
    #expect(catalog.fact(key, at: Minor(1, minor)) == value)
  }

  /// The flag that the fact names must be one that the API server takes.
  @Test func encryptionFlagIsAccepted() {
    for minor in catalog.minors {
      let flag = catalog.fact(.encryptionFlag, at: minor)
      #expect(catalog.has(flag: flag, of: .apiServer, at: minor), "\(minor)")
    }
  }

  @Test(arguments: [FactKey.etcdVersion, .etcdMinimum, .containerdMinimum, .containerdRecommended])
  func isAReleaseOfThreeNumbers(key: FactKey) {
    for minor in catalog.minors {
      #expect(KubernetesVersion(catalog.fact(key, at: minor)) != nil, "\(minor)")
    }
  }
}
