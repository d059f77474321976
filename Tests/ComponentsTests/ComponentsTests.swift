// SPDX-License-Identifier: Apache-2.0

import Catalog
import Components
import Facts
import PKI
import Resources
import Spec
import Testing
import Values

/// Choices that follow from a host or the spec.
@Suite struct ComponentsTests {
  @Test(arguments: Catalog.standard.minors)
  func everythingHasAReason(_ minor: Minor) throws {
    for (_, resources) in try Fixture(minor).everything() {
      for item in resources {
        #expect(item.resource.reason.hasSuffix("."), "\(item.resource.id)")
        #expect(item.resource.reason.count > 10, "\(item.resource.id)")
      }
    }
  }

  @Test func hostsThatAreNoNodesDoNothingAmongTheWorkers() throws {
    let stages = Set(try Fixture().resources("beta").map(\.stage))
    #expect(stages == [.prepare, .etcd, .controlPlane])
    var fixture = Fixture()
    fixture.cluster.hosts.append(Fixture.host("delta", 14, [.etcd]))
    #expect(Set(try fixture.resources("delta").map(\.stage)) == [.prepare, .etcd])
  }

  @Test(arguments: 1...7)
  func etcdNamesAllItsMembers(_ count: Int) throws {
    var fixture = Fixture()
    fixture.cluster.hosts = (1...count).map {
      Fixture.host("m\($0)", UInt32($0), [.etcd, .controlPlane])
    }
    let resources = try fixture.resources("m1")
    let members = try #require(resources.value(of: "initial-cluster", of: "etcd"))
    #expect(members.split(separator: ",").count == count)
    let servers = try #require(resources.value(of: "etcd-servers", of: "kube-apiserver"))
    #expect(servers.split(separator: ",").count == count)
    #expect(servers.hasPrefix("https://10.0.0.1:2379"))
  }

  @Test(arguments: [
    (Architecture.amd64, nil as String?), (.x86, "386"), (.arm, "arm"), (.arm64, "arm64"),
  ])
  func etcdIsToldOfOddArchitectures(_ architecture: Architecture, _ value: String?) throws {
    var fixture = Fixture()
    fixture.facts.architecture = architecture
    let text = try fixture.resources("beta").text("/etc/systemd/system/etcd.service")
    #expect(text.contains("ETCD_UNSUPPORTED_ARCH=\(value ?? "")") == (value != nil))
  }

  @Test(arguments: [
    (CgroupLayout.v2, "systemd", "true"), (.hybrid, "cgroupfs", "false"),
    (.v1, "cgroupfs", "false"),
  ])
  func kubeletAndRuntimeAgree(_ layout: CgroupLayout, _ driver: String, _ systemd: String) throws {
    var fixture = Fixture(Minor(1, 36))
    fixture.facts.cgroup = layout
    let resources = try fixture.resources("gamma")
    let kubelet = resources.text("/var/lib/kubelet/config.yaml")
    #expect(kubelet.contains("\ncgroupDriver: \(driver)\n"))
    #expect(kubelet.contains("\nfailCgroupV1: false\n") == (layout != .v2))
    #expect(
      resources.text("/etc/containerd/config.toml").contains("SystemdCgroup = \(systemd)\n")
    )
  }

  @Test(arguments: [true, false])
  func runtimeKnowsWhatTheHostForbids(_ mayLower: Bool) throws {
    var fixture = Fixture()
    fixture.facts.mayLowerOOMScore = mayLower
    let text = try fixture.resources("gamma").text("/etc/containerd/config.toml")
    #expect(text.contains("restrict_oom_score_adj = \(!mayLower)\n"))
  }

  /// What the second probe finds because of the first run must change nothing.
  @Test func whatAFirstRunInstallsDoesNotChangeTheDesire() throws {
    var fixture = Fixture()
    let before = try fixture.resources("alpha")
    fixture.facts.containerdVersion = "1.6.20"
    fixture.facts.manifestCluster = "demo"
    fixture.facts.timeService = "chrony.service"
    fixture.facts.idleTimeService = "chrony.service"
    fixture.facts.tools = ["iptables": "/usr/sbin/iptables", "conntrack": "/usr/sbin/conntrack"]
    fixture.facts.paths.append("/sys/module/nf_conntrack")
    #expect(try fixture.resources("alpha") == before)
  }

  @Test func withoutPackageManagerARuntimeMustBeThere() throws {
    var fixture = Fixture()
    fixture.facts.packageManager = nil
    let failure = try #require(throws: Failure.self) { try fixture.resources("gamma") }
    #expect(failure.kind == .preflight && failure.host == "gamma")
    fixture.facts.containerdVersion = "1.7.2"
    let resources = try fixture.resources("gamma")
    #expect(!resources.contains { $0.resource.id.kind == "package" })
  }

  @Test func missingProgramsAreNamed() throws {
    let context = Fixture().context("gamma")
    let bare = HostContext(
      cluster: context.cluster,
      host: context.host,
      facts: context.facts,
      pki: context.pki,
      podSubnets: context.podSubnets,
      programs: [:]
    )
    let failure = try #require(throws: Failure.self) { try DesiredState.resources(for: bare) }
    #expect(failure.kind == .artifact)
  }

  @Test func aForeignNetworkGetsNoBridge() throws {
    var fixture = Fixture()
    fixture.cluster.network.cni = .none
    let resources = try fixture.resources("alpha")
    #expect(!resources.contains { $0.resource.id.name.contains("cni") })
    // All that is forwarded passes on workers; nothing else is done.
    let script = resources.text("/usr/local/libexec/kubewright-network")
    #expect(script.contains("iptables -w -P FORWARD ACCEPT"))
    #expect(!script.contains("KUBEWRIGHT-") && !script.contains("start_filters"))
    let others = try fixture.resources("beta").map(\.resource.id.name)
    #expect(!others.contains { $0.contains("kubewright-") })
  }

  @Test func unitsWaitForAllThatTheyRead() throws {
    for (host, resources) in try Fixture().everything() {
      let ids = Set(resources.map(\.resource.id))
      for item in resources {
        guard case .unit(let unit) = item.resource else { continue }
        let read = Set(unit.dependsOn)
        #expect(read.isSubset(of: ids), "\(host): \(unit.name)")
        // Every path in its own file that is a resource of this host is one that it reads.
        let text = resources.text("/etc/systemd/system/\(unit.name)")
        for file in resources.files where text.contains("=\(file.path)") {
          #expect(
            read.contains(ResourceID(kind: "file", name: file.path)),
            "\(host): \(unit.name) reads \(file.path)"
          )
        }
      }
    }
  }

  @Test func onlyLabelsThatAKubeletMaySetAreOnItsCommandLine() throws {
    let fixture = Fixture()
    let resources = try fixture.resources("alpha")
    #expect(resources.value(of: "node-labels", of: "kubelet") == "tier=edge")
    let patch = ClusterObjects.nodePatches(fixture.cluster, podSubnets: fixture.podSubnets)[0]
    #expect(patch.path == "/api/v1/nodes/alpha")
    #expect(patch.json.contains("\"kubernetes.io/role\": \"edge\""))
    #expect(patch.json.contains("\"podCIDR\": \"10.244.0.0/24\""))
  }

  @Test func podsPerNodeFitItsSubnet() throws {
    var fixture = Fixture()
    fixture.cluster.network.nodePrefix = 27
    let text = try fixture.resources("gamma").text("/var/lib/kubelet/config.yaml")
    #expect(text.contains("\nmaxPods: 29\n"))
  }

  @Test func everyReasonBelongsToAFlagOfSomeMinor() {
    for program in ServerProgram.allCases {
      for flag in FlagReasons.flags(of: program.rawValue) {
        #expect(Catalog.standard.record(flag: flag, of: program) != nil, "\(program) --\(flag)")
      }
    }
  }
}
