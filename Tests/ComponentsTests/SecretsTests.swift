// SPDX-License-Identifier: Apache-2.0

import Catalog
import Components
import PKI
import Resources
import Spec
import Testing
import Values

/// What may not be on a host, and in whose hands what is there.
@Suite struct SecretsTests {
  @Test(arguments: [Minor(1, 11), Minor(1, 20), Minor(1, 36)])
  func noAuthorityKeyIsOnAHost(_ minor: Minor) throws {
    let fixture = Fixture(minor)
    let keys = fixture.pki.authorities.values.compactMap { $0.key?.revealText() }
    #expect(keys.count == 3)
    for (host, resources) in try fixture.everything() {
      for file in resources.files {
        let text = String(decoding: file.bytes, as: UTF8.self)
        for key in keys { #expect(!text.contains(key), "\(host): \(file.path)") }
        let isSecret = text.contains("PRIVATE KEY") || text.contains("client-key-data")
        if isSecret, case .open = file.content { Issue.record("\(host): \(file.path) is shown") }
      }
    }
  }

  @Test func aWorkerHoldsNothingOfTheControlPlane() throws {
    let paths = try Fixture().resources("gamma").files.map(\.path)
    let keys = paths.filter { $0.hasSuffix(".key") || $0.hasSuffix(".conf") }
    #expect(
      keys.sorted() == [
        "/etc/kubernetes/kubelet.conf", "/etc/kubernetes/proxy.conf",
        "/var/lib/kubelet/pki/kubelet.key",
      ]
    )
    #expect(!paths.contains { $0.contains("etcd") || $0.contains("encryption") })
  }

  @Test func aControlPlaneHostHoldsNothingOfANode() throws {
    let paths = try Fixture().resources("beta").files.map(\.path)
    #expect(!paths.contains { $0.contains("kubelet.conf") || $0.contains("proxy.conf") })
  }

  @Test(arguments: Catalog.standard.minors)
  func nothingListensWithoutTLS(_ minor: Minor) throws {
    for (host, resources) in try Fixture(minor).everything() {
      for unit in resources.files where unit.path.hasSuffix(".service") {
        let text = String(decoding: unit.bytes, as: UTF8.self)
        #expect(!text.contains("http://"), "\(host): \(unit.path)")
        #expect(!text.contains("--insecure-bind"), "\(host): \(unit.path)")
        #expect(!text.contains("insecure-port=") || text.contains("insecure-port=0"))
        #expect(!text.contains("0.0.0.0") || text.contains("--tls-cert-file="))
      }
      let proxy = resources.text("/var/lib/kube-proxy/config.yaml")
      #expect(!proxy.contains("0.0.0.0"))
    }
  }

  @Test(arguments: EncryptionProvider.allCases)
  func theChosenProviderWritesAndAllRead(_ provider: EncryptionProvider) throws {
    var fixture = Fixture()
    fixture.cluster.secretsEncryption.provider = provider
    let text = try fixture.resources("beta").text("/etc/kubernetes/encryption-config.yaml")
    let providers = text.split(separator: "\n").compactMap { line in
      EncryptionProvider.allCases.first {
        line == "      - \($0.rawValue):"
          || line == "      - \($0.rawValue): {}"
      }
    }
    #expect(providers.first == provider)
    #expect(Set(providers) == Set(EncryptionProvider.allCases))
  }

  @Test func secretsBodiesAreNotLogged() throws {
    let text = try Fixture().resources("beta").text("/etc/kubernetes/audit-policy.yaml")
    let secrets = try #require(text.firstRange(of: "- secrets\n"))
    let rule = text[..<secrets.lowerBound].split(separator: "\n").last { $0.contains("level:") }
    #expect(rule == "  - level: Metadata")
    #expect(!text.contains("RequestResponse"))
  }

  @Test func missingCredentialsAreNamed() throws {
    let fixture = Fixture()
    var pki = fixture.pki
    pki.leaves[.kubeletServer(host: "gamma")] = nil
    let failure = try #require(throws: Failure.self) {
      try DesiredState.resources(for: fixture.context("gamma", pki: pki))
    }
    #expect(failure.kind == .state)
    #expect(failure.what.contains("kubelet-server@gamma"))
  }
}
