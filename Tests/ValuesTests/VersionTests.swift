// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing
import Values

struct VersionTests {
  @Test(arguments: [
    ("v1.20.2", KubernetesVersion(1, 20, 2)), ("1.36.0", KubernetesVersion(1, 36, 0)),
    ("v0.0.0", KubernetesVersion(0, 0, 0)),
  ])
  func readsReleases(text: String, version: KubernetesVersion) {
    #expect(KubernetesVersion(text) == version)
    #expect(KubernetesVersion(version.description) == version)
    #expect(version.description.hasPrefix("v"))
  }

  @Test(arguments: [
    "", "v", "1.20", "v1.20.2.1", "v1.20.2-rc.0", "v1.20.2+k3s1", "vv1.20.2", "V1.20.2", "v1.020.2",
    "v-1.20.2", "v1.+20.2", "v1.20. 2", "v1..2", "v1.20.99999999999999999999", "v1.٢.3",
  ])
  func refusesWhatIsNoRelease(text: String) {
    #expect(KubernetesVersion(text) == nil)
  }

  @Test(arguments: ["", "1", "1.2.3", "1.-2", "+1.20", "1.020", "v1.20", "1. 20", "a.b"])
  func refusesWhatIsNoMinor(text: String) {
    #expect(Minor(text) == nil)
  }

  @Test func ordersAsNumbers() {
    let texts = ["v1.9.9", "v1.10.0", "v1.10.10", "v1.10.9", "v2.0.0"]
    #expect(
      texts.compactMap { KubernetesVersion($0) }.sorted().map(\.description) == [
        "v1.9.9", "v1.10.0", "v1.10.9", "v1.10.10", "v2.0.0",
      ]
    )
    #expect(Minor(1, 9) < Minor(1, 10))
    #expect((Minor(1, 11)...Minor(1, 36)).contains(Minor(1, 20)))
  }

  @Test func passesThroughJSON() throws {
    let version = KubernetesVersion(1, 20, 2)
    let json = try JSONEncoder().encode([version])
    #expect(String(decoding: json, as: UTF8.self) == "[\"v1.20.2\"]")
    #expect(try JSONDecoder().decode([KubernetesVersion].self, from: json) == [version])
    #expect(throws: InvalidValue.self) {
      try JSONDecoder().decode([Minor].self, from: Data("[\"1\"]".utf8))
    }
  }
}
