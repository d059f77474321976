// SPDX-License-Identifier: Apache-2.0

import Catalog
import Components
import Resources
import Spec
import Testing
import Values

/// What is rendered for each minor uses only what the catalog says the minor has.
@Suite struct EveryMinorTests {
  static let programs: [ServerProgram] = ServerProgram.allCases

  @Test(arguments: Catalog.standard.minors, programs)
  func programsGetOnlyFlagsThatTheyHave(_ minor: Minor, _ program: ServerProgram) throws {
    for (host, resources) in try Fixture(minor).everything() {
      let arguments = resources.arguments(of: program.rawValue)
      let runs = resources.file("/etc/systemd/system/\(program.rawValue).service") != nil
      #expect(runs == !arguments.isEmpty)
      for argument in arguments {
        let flag = String(argument.dropFirst(2).prefix { $0 != "=" })
        #expect(
          Catalog.standard.has(flag: flag, of: program, at: minor),
          "\(host): \(argument)"
        )
        #expect(FlagReasons.reason(for: flag, of: program.rawValue) != nil)
      }
    }
  }

  @Test(arguments: Catalog.standard.minors)
  func configurationFilesHaveOnlyFieldsOfTheMinor(_ minor: Minor) throws {
    let kinds: [(ConfigKind, String)] = [
      (.kubelet, "/var/lib/kubelet/config.yaml"), (.kubeProxy, "/var/lib/kube-proxy/config.yaml"),
    ]
    for (kind, path) in kinds {
      let text = try Fixture(minor).resources("alpha").text(path)
      let fields = Self.fields(text)
      #expect(fields.count > 8)
      for field in fields where !["apiVersion", "kind"].contains(field) {
        #expect(Catalog.standard.has(field: field, of: kind, at: minor), "\(path): \(field)")
      }
    }
  }

  @Test(arguments: Catalog.standard.minors)
  func kindsAreOfTheMinor(_ minor: Minor) throws {
    let resources = try Fixture(minor).resources("alpha")
    let catalog = Catalog.standard
    func head(_ version: FactKey, _ kind: String) -> String {
      let version = catalog.fact(version, at: minor)
      return "apiVersion: \(version)\nkind: \(kind)\n"
    }
    let encryption = catalog.fact(.encryptionKind, at: minor)
    for (path, start) in [
      ("/etc/kubernetes/audit-policy.yaml", head(.auditPolicyAPIVersion, "Policy")),
      ("/etc/kubernetes/encryption-config.yaml", head(.encryptionAPIVersion, encryption)),
      ("/var/lib/kubelet/config.yaml", head(.kubeletConfigAPIVersion, "KubeletConfiguration")),
      (
        "/var/lib/kube-proxy/config.yaml",
        head(.kubeProxyConfigAPIVersion, "KubeProxyConfiguration")
      ),
    ] {
      #expect(resources.text(path).hasPrefix(start), "\(path)")
    }
  }

  @Test(arguments: Catalog.standard.minors)
  func admissionPluginsAreKnown(_ minor: Minor) throws {
    let plugins = try #require(
      try Fixture(minor).resources("beta")
        .value(of: "enable-admission-plugins", of: "kube-apiserver")
    )
    let known = Catalog.standard.admissionPlugins(at: minor)
    for plugin in plugins.split(separator: ",") { #expect(known.contains(String(plugin))) }
  }

  @Test(arguments: Catalog.standard.minors, ProxyMode.allCases)
  func everyProxyModeRenders(_ minor: Minor, _ mode: ProxyMode) throws {
    guard Catalog.standard.proxyModes(at: minor).contains(mode.rawValue) else { return }
    var fixture = Fixture(minor)
    fixture.cluster.network.proxyMode = mode
    let text = try fixture.resources("gamma").text("/var/lib/kube-proxy/config.yaml")
    #expect(text.contains("\nmode: \(mode.rawValue)\n"))
    #expect(text.contains("NFTablesProxyMode: true") == (mode == .nftables && minor < Minor(1, 31)))
  }

  @Test(arguments: Catalog.standard.minors)
  func renderingTwiceIsTheSameAndNamesAreUnique(_ minor: Minor) throws {
    for (host, resources) in try Fixture(minor).everything() {
      #expect(try Fixture(minor).resources(host) == resources)
      #expect(Set(resources.map(\.resource.id)).count == resources.count)
      #expect(resources.map(\.stage) == resources.map(\.stage).sorted())
    }
  }

  /// `a.b` for each member of a YAML document, lists and free maps left out.
  private static func fields(_ text: String) -> [String] {
    var path: [(indent: Int, key: String)] = []
    var fields: [String] = []
    for line in text.split(separator: "\n") {
      let indent = line.prefix { $0 == " " }.count
      let rest = line.dropFirst(indent)
      guard !rest.hasPrefix("- "), let colon = rest.firstIndex(of: ":") else { continue }
      path.removeAll { $0.indent >= indent }
      path.append((indent, String(rest[..<colon])))
      let isFree = ["evictionHard", "featureGates", "registerWithTaints"].contains(path[0].key)
      if isFree, path.count > 1 { continue }
      fields.append(path.map(\.key).joined(separator: "."))
    }
    return fields
  }
}
