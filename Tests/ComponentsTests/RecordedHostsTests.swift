// SPDX-License-Identifier: Apache-2.0

import Catalog
import Components
import Facts
import FoundationEssentials
import Glibc
import Resources
import Spec
import Testing
import Values

/// Hosts of yum, dnf and apt as the examples have them.
@Suite struct RecordedHostsTests {
  /// In the very form in which facts are recorded.
  @Test(arguments: RecordedHost.allCases)
  func factsAreWhatAProbeRecords(_ host: RecordedHost) throws {
    let facts = try host.facts()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(facts), as: UTF8.self) + "\n"
    if let wish = getenv("KUBEWRIGHT_REGENERATE_GOLDENS"), String(cString: wish) == "1" {
      try Tool.write(text, to: host.path)
    }
    #expect(Tool.read(host.path) == text)
    #expect(facts.kernelVersion != nil && facts.initSystem == "systemd" && !facts.isEOS)
    #expect(facts.tools.values.allSatisfy { $0.hasPrefix("/usr/") })
  }

  private static func packages(_ resources: [StagedResource]) -> [String] {
    resources.map(\.resource.id).filter { $0.kind == "package" }.map(\.name)
  }

  @Test(arguments: [
    (RecordedHost.centOS7, ["iproute", "iptables", "conntrack-tools", "socat"]),
    (.amazonLinux2, ["iproute", "iptables", "conntrack-tools", "socat"]),
    (.amazonLinux2023, ["iproute", "iptables", "conntrack-tools", "socat"]),
    (.debian12, ["iproute2", "iptables", "conntrack", "socat"]),
  ])
  func programsComeFromThePackagesThatHaveThem(
    _ host: RecordedHost,
    _ expected: [String]
  ) throws {
    var fixture = Fixture.crio(Minor(1, 11), handlers: [])
    fixture.facts = try host.facts()
    let resources = try fixture.resources("gamma")
    #expect(Self.packages(resources) == expected + ["chrony", "cri-o", "skopeo"])
  }

  @Test(arguments: Catalog.standard.minors, RuntimeEngine.allCases)
  func onlyWhatTheMinorCallsIsInstalled(_ minor: Minor, _ engine: RuntimeEngine) throws {
    var fixture = engine == .crio ? Fixture.crio(minor, handlers: []) : Fixture(minor)
    fixture.cluster.hosts[2].runtime.engine = engine
    fixture.supplied = ["cri-dockerd"]
    let packages = Self.packages(try fixture.resources("gamma"))
    #expect(packages.contains { $0.hasPrefix("conntrack") } == (minor < Minor(1, 32)))
    let forwardsBySocat = engine == .docker || engine == .crio && minor < Minor(1, 19)
    #expect(packages.contains("socat") == forwardsBySocat)
    #expect(packages.contains("iptables"))
  }

  // MARK: Time

  private static func timeService(
    _ edit: (inout HostFacts) -> Void
  ) throws -> [String] {
    var facts = HostFacts(hostname: "host", packageManager: .yum)
    edit(&facts)
    return try TimeService.resources(Fixture().context("gamma", facts: facts))
      .map(\.resource.id.description)
  }

  @Test(arguments: [
    (PackageManager.apt, "chrony.service"), (.dnf, "chronyd.service"), (.yum, "chronyd.service"),
  ])
  func aHostWithoutATimeServiceGetsChrony(_ manager: PackageManager, _ unit: String) throws {
    let expected = ["package:chrony", "unit:\(unit)"]
    func wanted(_ running: String?, _ idle: String?) throws -> [String] {
      try Self.timeService {
        $0.packageManager = manager
        $0.timeService = running
        $0.idleTimeService = idle
      }
    }
    #expect(try wanted(nil, nil) == expected)
    // The same when a first run was interrupted, and when it is done.
    #expect(try wanted(nil, unit) == expected)
    #expect(try wanted("chronyd.service", unit) == expected)
  }

  @Test(arguments: ["ntpd.service", "systemd-timesyncd.service", "ntpsec.service"])
  func theHostsOwnTimeServiceIsTheOne(_ name: String) throws {
    #expect(try Self.timeService { $0.timeService = name } == ["unit:\(name)"])
    #expect(try Self.timeService { $0.idleTimeService = name } == ["unit:\(name)"])
    #expect(
      try Self.timeService {
        $0.timeService = name
        $0.idleTimeService = "chronyd.service"
      } == ["unit:\(name)"]
    )
  }

  @Test func aClockThatIsNotTheHostsIsLeftAlone() throws {
    #expect(try Self.timeService { $0.timeService = "host-of-this-container" } == [])
    #expect(try Self.timeService { $0.hasDefaultRoute = false } == [])
    #expect(try Self.timeService { $0.packageManager = nil } == [])
    #expect(try TimeService.resources(Fixture.eos().context("veos-l1")).isEmpty)
  }
}
