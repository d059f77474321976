// SPDX-License-Identifier: Apache-2.0

import Catalog
import Facts
import Resources
import Spec
import TOMLKit
import Testing
import Values

@testable import Components

@Suite struct HandlerTests {
  private static func runtimes(_ handlers: [HandlerSpec]) throws -> TOMLTable {
    var fixture = Fixture()
    fixture.cluster.hosts[2].runtime.handlers = handlers
    let text = try fixture.resources("gamma").text("/etc/containerd/config.toml")
    let plugin = try TOMLTable(string: text)["plugins"]?.table?["io.containerd.grpc.v1.cri"]?.table
    return try #require(plugin?["containerd"]?.table?["runtimes"]?.table)
  }

  @Test func containerdGetsATableForEachHandler() throws {
    let runtimes = try Self.runtimes(CRIOTests.handlers)
    #expect(runtimes.keys.sorted() == ["machine", "own", "runc", "untrusted"])
    #expect(runtimes["runc"]?.table?["runtime_type"]?.string == "io.containerd.runc.v2")

    let kata = try #require(runtimes["untrusted"]?.table)
    #expect(kata["runtime_type"]?.string == "io.containerd.kata.v2")
    #expect(kata["privileged_without_host_devices"]?.bool == true)
    #expect(kata["runtime_path"] == nil && kata["options"] == nil)

    let machine = try #require(runtimes["machine"]?.table)
    #expect(machine["runtime_path"]?.string == "/opt/kata/bin/containerd-shim-kata-v2")
    #expect(
      machine["options"]?.table?["ConfigPath"]?.string == "/opt/kata/share/configuration.toml"
    )

    let own = try #require(runtimes["own"]?.table)
    #expect(own["runtime_type"]?.string == "io.containerd.runc.v2")
    #expect(own["options"]?.table?["BinaryName"]?.string == "/usr/local/bin/own-runtime")
  }

  @Test func withoutHandlersNothingIsAdded() throws {
    #expect(try Self.runtimes([]).keys == ["runc"])
  }

  private static func classes(_ minor: Minor, _ handlers: [HandlerSpec]) -> [ClusterObject] {
    let fixture = Fixture.crio(minor, handlers: handlers)
    return ClusterObjects.all(fixture.cluster).filter { $0.name.hasPrefix("runtimeclass/") }
  }

  @Test(arguments: Catalog.standard.minors)
  func runtimeClassesAreOfTheMinor(_ minor: Minor) throws {
    let classes = Self.classes(minor, [HandlerSpec(name: "untrusted", type: .kata)])
    guard minor >= Minor(1, 14) else {
      #expect(classes.isEmpty)
      return
    }
    let object = try #require(classes.first)
    let version = minor >= Minor(1, 20) ? "node.k8s.io/v1" : "node.k8s.io/v1beta1"
    #expect(classes.count == 1)
    #expect(object.path == "/apis/\(version)/runtimeclasses/untrusted")
    #expect(object.collection == "/apis/\(version)/runtimeclasses")
    #expect(object.json.contains("\"apiVersion\": \"\(version)\""))
    #expect(object.json.contains("\"handler\": \"untrusted\""))
    #expect(
      object.json.contains("\"handler.kubewright.io/untrusted\": \"true\"")
        == (minor >= Minor(1, 16))
    )
    #expect(object.json.contains("\"memory\": \"160Mi\"") == (minor >= Minor(1, 18)))
  }

  @Test func overheadIsTheSpecsOrTheTypes() {
    let minor = Minor(1, 36)
    let own = HandlerSpec(
      name: "a",
      type: .kata,
      overhead: OverheadSpec(cpu: "1", memory: "2Gi")
    )
    let json = Self.classes(minor, [own]).map(\.json).joined()
    #expect(json.contains("\"cpu\": \"1\"") && json.contains("\"memory\": \"2Gi\""))
    let custom = HandlerSpec(name: "a", type: .custom, runtime: "/usr/bin/a")
    #expect(!Self.classes(minor, [custom]).map(\.json).joined().contains("overhead"))
  }

  @Test func onlyHostsWithTheHandlerCarryItsLabel() {
    var fixture = Fixture.crio(Minor(1, 36))
    fixture.cluster.hosts[1].runtime.handlers = [HandlerSpec(name: "ghost", type: .kata)]
    let patches = ClusterObjects.nodePatches(fixture.cluster, podSubnets: [:])
    let labelled = patches.filter { $0.json.contains("handler.kubewright.io/untrusted") }
    #expect(labelled.map(\.name) == ["node/gamma"])
    // beta is no worker, so no pod could ever be there.
    let names = ClusterObjects.all(fixture.cluster).map(\.name)
    #expect(names.contains("runtimeclass/untrusted") && !names.contains("runtimeclass/ghost"))
  }

  @Test func packagesOfHandlersNeedAPackageManager() {
    var fixture = Fixture()
    fixture.cluster.hosts[2].runtime.handlers = [
      HandlerSpec(name: "untrusted", type: .kata, packages: ["kata-containers"])
    ]
    fixture.facts.packageManager = nil
    fixture.facts.containerdVersion = "1.7.2"
    let failure = #expect(throws: Failure.self) { try fixture.resources("gamma") }
    #expect(failure?.what.contains("kata-containers") == true)
  }

  private static let trusted = ["io.kubernetes.cri-o.TrustedSandbox": "true"]
  private static let untrusted = ["io.kubernetes.cri-o.TrustedSandbox": "false"]

  /// How pods ask for a handler called `name`, by the minors of Kubernetes and CRI-O.
  @Test(arguments: [
    (Minor(1, 11), Minor(1, 11), "untrusted", String?.none, trusted, untrusted),
    (Minor(1, 13), Minor(1, 13), "untrusted", nil, trusted, untrusted),
    (Minor(1, 14), Minor(1, 13), "untrusted", "untrusted", trusted, untrusted),
    (Minor(1, 14), Minor(1, 13), "machine", "machine", trusted, [:]),
    (Minor(1, 14), Minor(1, 14), "untrusted", "untrusted", [:], [:]),
    (Minor(1, 36), Minor(1, 36), "machine", "machine", [:], [:]),
  ])
  func podsOfCRIOAskAsItUnderstands(
    _ minor: Minor,
    _ crio: Minor,
    _ name: String,
    _ runtimeClass: String?,
    _ usual: [String: String],
    _ annotations: [String: String]
  ) {
    let handler = HandlerSpec(name: name, type: .kata)
    var fixture = Fixture.crio(minor, handlers: [handler])
    fixture.cluster.hosts[2].runtime.version = crio
    let (host, cluster) = (fixture.cluster.hosts[2], fixture.cluster)
    let request = HandlerRequest(for: handler, on: host, in: cluster)
    #expect(request.runtimeClass == runtimeClass)
    #expect(request.annotations == annotations)
    let without = HandlerRequest(usualOn: host, in: cluster)
    #expect(without.runtimeClass == nil)
    #expect(without.annotations == usual)
  }

  /// containerd's own annotation is for clusters that have no RuntimeClass.
  @Test(arguments: Catalog.standard.minors)
  func podsOfContainerdAskByClassOrAnnotation(_ minor: Minor) {
    let handler = HandlerSpec(name: "untrusted", type: .kata)
    var fixture = Fixture.crio(minor, handlers: [handler])
    fixture.cluster.hosts[2].runtime.engine = .containerd
    let (host, cluster) = (fixture.cluster.hosts[2], fixture.cluster)
    let request = HandlerRequest(for: handler, on: host, in: cluster)
    let hasClass = minor >= Minor(1, 14)
    #expect(request.runtimeClass == (hasClass ? "untrusted" : nil))
    #expect(
      request.annotations == (hasClass ? [:] : ["io.kubernetes.cri.untrusted-workload": "true"])
    )
    #expect(HandlerRequest(usualOn: host, in: cluster).annotations.isEmpty)
  }
}
