// SPDX-License-Identifier: Apache-2.0

import Catalog
import Facts
import Resources
import Spec
import TOMLKit
import Testing
import Values

@testable import Components

@Suite struct CRIOTests {
  static let minors = Catalog.standard.minors

  static let handlers = [
    HandlerSpec(name: "untrusted", type: .kata),
    HandlerSpec(
      name: "machine",
      type: .kata,
      runtime: "/opt/kata/bin/containerd-shim-kata-v2",
      configuration: "/opt/kata/share/configuration.toml"
    ),
    HandlerSpec(name: "own", type: .custom, runtime: "/usr/local/bin/own-runtime"),
  ]

  /// Every key of a parsed crio.conf, as the catalog names it.
  private static func keys(_ table: TOMLTable, in prefix: [String] = []) -> [String] {
    table.keys.flatMap { key -> [String] in
      let path = prefix + [key]
      if let inner = table[key]?.table { return keys(inner, in: path) }
      return [CRIOKeys.field(path.dropFirst().joined(separator: "."))]
    }
  }

  @Test(arguments: minors, [CRIOSource.repository, .host])
  func everyKeyIsOneThatTheMinorReads(_ minor: Minor, _ source: CRIOSource) throws {
    let hasTables = minor >= Minor(1, 14)
    var fixture = Fixture.crio(
      minor,
      source: source,
      handlers: hasTables ? Self.handlers : [Self.handlers[0]]
    )
    fixture.cluster.hosts[2].runtime.crio?.registries = ["one.example", "two.example:5000"]
    for cgroup in CgroupLayout.allCases {
      fixture.facts.cgroup = cgroup
      let table = try TOMLTable(string: try fixture.crioConfiguration())
      #expect(table.keys == ["crio"])
      let keys = Self.keys(table)
      #expect(keys.count > 8)
      for key in keys {
        #expect(Catalog.standard.has(field: key, of: .crio, at: minor), "\(key)")
      }
    }
  }

  @Test(arguments: minors)
  func theFileIsWhereTheMinorLooks(_ minor: Minor) throws {
    let resources = try Fixture.crio(minor).resources("gamma")
    let isWhole = minor <= Minor(1, 16)
    #expect((resources.file("/etc/crio/crio.conf") != nil) == isWhole)
    #expect((resources.file("/etc/crio/crio.conf.d/50-kubewright.conf") != nil) != isWhole)
  }

  @Test(arguments: minors, CgroupLayout.allCases)
  func cgroupsAgreeWithTheKubelet(_ minor: Minor, _ layout: CgroupLayout) throws {
    var fixture = Fixture.crio(minor)
    fixture.facts.cgroup = layout
    let runtime = try #require(
      try TOMLTable(string: fixture.crioConfiguration())["crio"]?.table?["runtime"]?.table
    )
    let driver = try #require(runtime["cgroup_manager"]?.string)
    let kubelet = try fixture.resources("gamma").text("/var/lib/kubelet/config.yaml")
    #expect(kubelet.contains("\ncgroupDriver: \(driver)\n"))
    // A slice of systemd's is refused with cgroupfs.
    let monitor = runtime["conmon_cgroup"]?.string
    #expect(monitor == (driver == "cgroupfs" && minor >= Minor(1, 15) ? "pod" : nil))
  }

  @Test(arguments: minors)
  func theKubeletFindsCRIO(_ minor: Minor) throws {
    let resources = try Fixture.crio(minor).resources("gamma")
    let socket = "unix:///var/run/crio/crio.sock"
    let flag = resources.value(of: "container-runtime-endpoint", of: "kubelet")
    let hasField = resources.text("/var/lib/kubelet/config.yaml")
      .contains("\ncontainerRuntimeEndpoint: \"\(socket)\"\n")
    #expect(flag == socket || hasField)
    #expect(
      resources.text("/etc/systemd/system/kubelet.service").contains(
        "After=network.target crio.service\n"
      )
    )
    #expect(!resources.contains { $0.resource.id.name.contains("containerd") })
  }

  /// Whatever the minor, a handler called untrusted is where its pods find it, and nowhere else.
  @Test(arguments: minors)
  func untrustedPodsFindTheirHandler(_ minor: Minor) throws {
    let runtime = try #require(
      try TOMLTable(string: Fixture.crio(minor).crioConfiguration())["crio"]?.table?["runtime"]?
        .table
    )
    let byAnnotation = runtime["runtime_untrusted_workload"]?.string
    let table = runtime["runtimes"]?.table?["untrusted"]?.table
    if minor <= Minor(1, 13) {
      #expect(byAnnotation == "/usr/bin/kata-runtime" && table == nil)
      #expect(runtime["default_workload_trust"]?.string == "trusted")
    } else {
      #expect(byAnnotation == nil && runtime["default_workload_trust"] == nil)
      #expect(table?["runtime_path"]?.string == "/usr/bin/containerd-shim-kata-v2")
      #expect(table?["runtime_type"]?.string == "vm")
    }
  }

  @Test(arguments: (11...16).map { Minor(1, $0) })
  func clearContainersRunUntrustedPods(_ minor: Minor) throws {
    let handler = HandlerSpec(
      name: "untrusted",
      type: .clearContainers,
      packages: ["cc-runtime", "qemu-cc"]
    )
    let fixture = Fixture.crio(minor, handlers: [handler])
    #expect(try fixture.crioConfiguration().contains("= \"/usr/bin/cc-runtime\"\n"))
    let resources = try fixture.resources("gamma")
    let packages = resources.map(\.resource.id).filter { $0.kind == "package" }.map(\.name)
    #expect(Set(packages).isSuperset(of: ["cri-o", "cc-runtime", "qemu-cc"]))
    let settings = try TOMLTable(
      string: resources.text("/etc/clear-containers/configuration.toml")
    )
    #expect(
      settings["hypervisor"]?.table?["qemu"]?.table?["path"]?.string
        == "/usr/bin/qemu-cc-system-x86_64"
    )
    #expect(settings["runtime"]?.table?["internetworking_model"]?.string == "bridged")
  }

  @Test(arguments: minors)
  func registriesAreSearchedInOneWay(_ minor: Minor) throws {
    var fixture = Fixture.crio(minor)
    let wanted = ["602401143452.dkr.ecr.eu-west-1.amazonaws.com", "docker.io"]
    fixture.cluster.hosts[2].runtime.crio?.registries = wanted
    let resources = try fixture.resources("gamma")
    let main = resources.text("/etc/containers/registries.conf")
    let dropIn = resources.text("/etc/containers/registries.conf.d/50-kubewright.conf")
    let crio = try TOMLTable(string: fixture.crioConfiguration())["crio"]?.table?["image"]?.table
    let inCRIO = crio?["registries"]?.array?.compactMap(\.string)
    let lists = [
      inCRIO, try Self.search(main), try Self.search(dropIn),
    ].compactMap { $0 }
    #expect(lists == [wanted])
    #expect((inCRIO != nil) == (minor <= Minor(1, 14)))
  }

  private static func search(_ text: String) throws -> [String]? {
    text.isEmpty
      ? nil
      : try TOMLTable(string: text)["unqualified-search-registries"]?.array?.compactMap(\.string)
  }

  @Test func packagesComeSigned() throws {
    let resources = try Fixture.crio(Minor(1, 11)).resources("gamma")
    let key = "/etc/pki/rpm-gpg/RPM-GPG-KEY-kubewright-cri-o"
    #expect(resources.text(key) == Fixture.key)
    let repository = resources.text("/etc/yum.repos.d/kubewright-cri-o.repo")
    for line in [
      "name=CRI-O 1.11 - $basearch", "baseurl=https://mirror.example/crio/$basearch/",
      "gpgcheck=1", "gpgkey=file://\(key)",
    ] {
      #expect(repository.contains("\n\(line)\n"))
    }
    let ids = resources.map(\.resource.id.description)
    let file = try #require(ids.firstIndex(of: "file:/etc/yum.repos.d/kubewright-cri-o.repo"))
    #expect(file < (try #require(ids.firstIndex(of: "package:cri-o"))))
  }

  @Test func theProjectsOwnRepositoryIsUsedFromWhenItExists() throws {
    var fixture = Fixture.crio(Minor(1, 36))
    fixture.cluster.hosts[2].runtime.crio?.repository = RepositorySpec()
    let repository = try fixture.resources("gamma").text("/etc/yum.repos.d/kubewright-cri-o.repo")
    let base = "https://download.opensuse.org/repositories/isv:/cri-o:/stable:/v1.36/rpm/"
    #expect(repository.contains("\nbaseurl=\(base)\n"))
    #expect(repository.contains("\ngpgkey=\(base)repodata/repomd.xml.key\n"))
    #expect(repository.contains("\ngpgcheck=1\n"))
  }

  @Test func aptNeedsAKey() throws {
    var fixture = Fixture.crio(Minor(1, 36))
    fixture.facts.packageManager = .apt
    let list = try fixture.resources("gamma").text("/etc/apt/sources.list.d/kubewright-cri-o.list")
    #expect(list.contains("deb [signed-by=/etc/apt/kubewright-cri-o.asc] https://mirror.example/"))
    fixture.cluster.hosts[2].runtime.crio?.repository = RepositorySpec()
    let failure = #expect(throws: Failure.self) { try fixture.resources("gamma") }
    #expect(failure?.kind == .preflight)
    #expect(failure?.remedy?.contains("/v1.36/deb/Release.key under") == true)
  }

  @Test(arguments: [CRIOSource.repository, .distribution])
  func packagesNeedAPackageManager(_ source: CRIOSource) {
    var fixture = Fixture.crio(Minor(1, 20), source: source)
    fixture.facts.packageManager = nil
    let failure = #expect(throws: Failure.self) { try fixture.resources("gamma") }
    #expect(failure?.kind == .preflight && failure?.host == "gamma")
  }

  @Test func aHostsOwnCRIOGetsAUnitAndNoPackage() throws {
    let resources = try Fixture.crio(Minor(1, 20), source: .host, handlers: []).resources("gamma")
    #expect(!resources.contains { $0.resource.id.description == "package:cri-o" })
    let unit = resources.text("/etc/systemd/system/crio.service")
    #expect(unit.contains("ExecStart=/usr/local/bin/crio\n") && unit.contains("Type=notify\n"))
    #expect(resources.file("/etc/yum.repos.d/kubewright-cri-o.repo") == nil)
  }

  @Test(arguments: [
    (CgroupLayout.v2, ["runc", "crun"], "crun"), (.v2, ["runc"], "runc"), (.v2, ["crun"], "crun"),
    (.hybrid, ["runc", "crun"], "runc"),
  ])
  func aHostsOwnCRIOUsesARuntimeThatWorksThere(
    _ layout: CgroupLayout,
    _ tools: [String],
    _ expected: String
  ) throws {
    var fixture = Fixture.crio(Minor(1, 36), source: .host)
    fixture.facts.cgroup = layout
    fixture.facts.tools = Dictionary(uniqueKeysWithValues: tools.map { ($0, "/usr/bin/\($0)") })
    #expect(try fixture.crioConfiguration().contains("default_runtime = \"\(expected)\"\n"))
  }

  /// What packages put under /etc/cni/net.d before ours by name, or with any name where the user brings
  /// the network.
  @Test func packagedNetworksAreTakenAway() throws {
    var fixture = Fixture.crio(Minor(1, 20))
    fixture.cluster.network.cni = .none
    let ids = try fixture.resources("gamma").map(\.resource.id.description)
    let service = try #require(ids.firstIndex(of: "unit:crio.service"))
    for name in ["100-crio-bridge.conf", "200-loopback.conf", "11-crio-ipv4-bridge.conflist"] {
      let index = try #require(ids.firstIndex(of: "absence:/etc/cni/net.d/\(name)"))
      #expect(index < service)
    }
  }

  @Test func imagesGoIntoCRIOsStore() throws {
    let resources = try Fixture.crio(Minor(1, 20)).resources("gamma")
    let images = resources.compactMap { item -> ContainerImage? in
      if case .image(let image) = item.resource { return image }
      return nil
    }
    #expect(images.count == 2)
    #expect(images.allSatisfy { $0.engine == "crio" && $0.storageDriver == "overlay" })
    #expect(resources.contains { $0.resource.id.description == "package:skopeo" })
  }

  @Test(arguments: [
    "plain", "", "quote \" and \\ and \n", "tab\t", "\u{1}\u{7f}", "é 漢 🚀", "a = [b] # c",
  ])
  func textsSurviveTOML(_ text: String) throws {
    let table = try TOMLTable(string: "a = \(TOMLText.quoted(text))\n")
    #expect(table["a"]?.string == text)
  }
}
