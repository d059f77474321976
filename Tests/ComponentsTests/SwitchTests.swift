// SPDX-License-Identifier: Apache-2.0

import Catalog
import Components
import Facts
import Resources
import Spec
import Testing
import Values

/// Docker, flannel, open ports and the connection table: choices that switches made necessary.
@Suite struct SwitchTests {
  // MARK: Docker

  @Test(arguments: Catalog.standard.minors)
  func theKubeletReachesDockerAsItsMinorDoes(_ minor: Minor) throws {
    var fixture = Fixture(minor)
    for index in fixture.cluster.hosts.indices {
      fixture.cluster.hosts[index].runtime.engine = .docker
    }
    fixture.supplied = ["cri-dockerd"]
    let resources = try fixture.resources("gamma")
    let usesShim = minor < Minor(1, 24)
    #expect(resources.value(of: "network-plugin", of: "kubelet") == (usesShim ? "cni" : nil))
    #expect((resources.value(of: "container-runtime", of: "kubelet") == "docker") == usesShim)
    let unit = resources.text("/etc/systemd/system/kubelet.service")
    #expect(unit.contains(usesShim ? "Wants=docker.service\n" : "Wants=cri-docker.service\n"))
    let socket = unit + resources.text("/var/lib/kubelet/config.yaml")
    #expect(socket.contains("unix:///run/cri-dockerd.sock") == !usesShim)
    #expect(!socket.contains("containerd.sock"))
    let ids = Set(resources.map(\.resource.id.description))
    #expect(ids.contains("unit:docker.service") && ids.contains("package:docker.io"))
    #expect(ids.contains("unit:cri-docker.service") == !usesShim)
    #expect(!ids.contains("unit:containerd.service") && !ids.contains("module:overlay"))
    #expect(resources.text("/etc/docker/daemon.json").contains("native.cgroupdriver=systemd"))
  }

  @Test func withoutItsInterfaceTheErrorSaysHowToSupplyIt() throws {
    var fixture = Fixture(Minor(1, 30))
    fixture.cluster.hosts[2].runtime.engine = .docker
    fixture.facts.architecture = .x86
    let failure = try #require(throws: Failure.self) { try fixture.resources("gamma") }
    #expect(failure.kind == .artifact)
    #expect(failure.remedy?.contains("386/cri-dockerd") == true)
  }

  @Test func aConfigurationOfTheUsersStaysAndDecides() throws {
    var fixture = Fixture.eos()
    fixture.facts.foreignDockerDriver = "systemd"
    let resources = try fixture.resources("veos-l1")
    #expect(!resources.contains { $0.resource.id.name.hasSuffix("/etc/docker/daemon.json") })
    let kubelet = resources.text("/mnt/flash/kubernetes/var/lib/kubelet/config.yaml")
    #expect(kubelet.contains("\ncgroupDriver: systemd\n"))
  }

  @Test func withoutDockerNorPackagesASwitchIsRefused() throws {
    var fixture = Fixture.eos()
    fixture.facts.tools = [:]
    let failure = try #require(throws: Failure.self) { try fixture.resources("veos-l1") }
    #expect(failure.kind == .preflight && failure.what.contains("has no docker"))
  }

  // MARK: EOS

  @Test func aSwitchInstallsNoPackage() throws {
    var fixture = Fixture.eos()
    fixture.facts.packageManager = .apt
    let resources = try fixture.resources("veos-b")
    #expect(!resources.contains { $0.resource.id.kind == "package" })
  }

  @Test(arguments: ["veos-b", "veos-l2"])
  func everyFileOfASwitchOutlivesAReload(_ host: String) throws {
    let resources = try Fixture.eos().resources(host)
    let links: [String: String] = Dictionary(
      uniqueKeysWithValues: resources.compactMap { item in
        guard case .link(let link) = item.resource else { return nil }
        return (link.path, link.target)
      }
    )
    for item in resources where ["file", "binary"].contains(item.resource.id.kind) {
      let path = item.resource.id.name
      let isLinked = links.contains { path.hasPrefix($0.key + "/") }
      #expect(path.hasPrefix("/mnt/flash/kubernetes/") || isLinked, "\(path)")
    }
    for (path, target) in links { #expect(target == "/mnt/flash/kubernetes" + path) }
    let ids = Set(resources.map(\.resource.id))
    for case .unit(let unit) in resources.map(\.resource) {
      for id in unit.dependsOn { #expect(ids.contains(id), "\(unit.name) reads \(id)") }
    }
  }

  @Test func onlyWhoMayEnterFlashRunsEtcd() throws {
    var fixture = Fixture.eos()
    let path = "/mnt/flash/kubernetes/etc/systemd/system/etcd.service"
    #expect(try fixture.resources("veos-b").text(path).contains("SupplementaryGroups=88\n"))
    fixture.facts.flash?.group = nil
    let text = try fixture.resources("veos-b").text(path)
    #expect(!text.contains("SupplementaryGroups"))
  }

  // MARK: Ports

  @Test(arguments: [true, false], [CNIType.bridge, .none])
  func portsAreOpenedWhereTheHostFilters(_ filters: Bool, _ cni: CNIType) throws {
    var fixture = Fixture()
    fixture.facts.filtersInput = filters
    fixture.cluster.network.cni = cni
    let script = try fixture.resources("alpha").text("/usr/local/libexec/kubewright-network")
    for match in [
      "tcp --dport 6443", "tcp --dport 2379:2380", "tcp --dport 10250", "tcp --dport 30000:32767",
      "udp --dport 30000:32767",
    ] {
      #expect(script.contains("-A KUBEWRIGHT-INPUT -p \(match) -j ACCEPT\n") == filters, "\(match)")
    }
    let unit = try fixture.resources("beta").first {
      $0.resource.id.description == "unit:kubewright-routes.service"
    }
    // Members of etcd ask each other before anything else runs.
    #expect(unit?.stage == (filters ? .prepare : cni == .bridge ? .controlPlane : nil))
    #expect(script.contains("10.244.2.0/24 10.0.0.13") == (cni == .bridge))
  }

  // MARK: Connection table

  @Test(arguments: [
    (ConntrackOwner.kernel, "6.1.0", nil as Profile?, true), (.proxy, "6.1.0", nil, false),
    (.proxy, "3.10.0-1160.el7", nil, true), (.proxy, "4.0.1", nil, false),
    (.proxy, "4.19.0", .eos, true),
  ])
  func theConnectionTableIsLeftAlone(
    _ owner: ConntrackOwner,
    _ kernel: String,
    _ profile: Profile?,
    _ isLeftAlone: Bool
  ) throws {
    var fixture = Fixture()
    fixture.cluster.network.conntrack = owner
    fixture.cluster.hosts[2].profile = profile
    fixture.facts.kernel = kernel
    fixture.facts.containerdVersion = "1.6.20"
    let text = try fixture.resources("gamma").text("/var/lib/kube-proxy/config.yaml")
    #expect(text.contains("\nconntrack:\n  maxPerCore: 0\n  min: 0\n") == isLeftAlone)
    #expect(text.contains("conntrack") == isLeftAlone)
  }

  @Test func aSizeIsGivenToTheModule() throws {
    var fixture = Fixture()
    fixture.cluster.network.conntrackBuckets = 8192
    let resources = try fixture.resources("gamma")
    #expect(
      resources.text("/etc/modprobe.d/kubewright-conntrack.conf").hasSuffix(
        "\noptions nf_conntrack hashsize=8192\n"
      )
    )
    #expect(resources.contains { $0.resource.id.description == "module:nf_conntrack" })
  }

  // MARK: Admission

  @Test func admissionPluginsOfTheSpecComeBesideOurs() throws {
    var fixture = Fixture()
    fixture.cluster.controlPlane.admissionPlugins = ["ResourceQuota", "NodeRestriction"]
    let plugins = try fixture.resources("beta")
      .value(of: "enable-admission-plugins", of: "kube-apiserver")
    #expect(plugins == "NodeRestriction,PodSecurityPolicy,ResourceQuota")
  }

  // MARK: flannel

  @Test(arguments: FlannelBackend.allCases)
  func flannelLearnsTheSubnetsFromTheAPI(_ backend: FlannelBackend) throws {
    var fixture = Fixture()
    fixture.cluster.network.cni = .flannel
    fixture.cluster.network.flannelBackend = backend
    fixture.facts.filtersInput = true
    #expect(throws: Failure.self) { try fixture.resources("gamma") }
    fixture.supplied = ["flannel", "flanneld"]
    let resources = try fixture.resources("gamma")
    let network = resources.text("/etc/kube-flannel/net-conf.json")
    #expect(network.contains("\"Network\": \"10.244.0.0/16\""))
    #expect(network.contains("\"Type\": \"\(backend.rawValue)\""))
    let unit = resources.text("/etc/systemd/system/flanneld.service")
    #expect(unit.contains("  --kube-subnet-mgr \\\n") && unit.contains("NODE_NAME=gamma\n"))
    #expect(unit.contains("--iface=10.0.0.13"))
    #expect(
      resources.text("/etc/cni/net.d/10-kubewright.conflist").contains("\"type\": \"flannel\"")
    )
    let script = resources.text("/usr/local/libexec/kubewright-network")
    // It routes by itself; forwarding and masquerading stay ours.
    #expect(!script.contains("10.244.0.0/24 10.0.0.11") && script.contains("MASQUERADE"))
    #expect(script.contains("-p udp --dport 8472 -j ACCEPT") == (backend == .vxlan))
    #expect(resources.file("/etc/kubernetes/flannel.conf")?.mode == 0o600)
    let objects = ClusterObjects.all(fixture.cluster).map(\.name)
    #expect(objects.contains("clusterrolebinding/kubewright:flannel"))
    #expect(!ClusterObjects.all(Fixture().cluster).contains { $0.name.contains("flannel") })
  }
}
