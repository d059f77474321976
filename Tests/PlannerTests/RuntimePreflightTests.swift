// SPDX-License-Identifier: Apache-2.0

import Facts
import Planner
import Spec
import Testing
import Values

/// What must be said of a host that lacks what its runtime or handlers need.
@Suite struct RuntimePreflightTests {
  private static func faults(
    _ runtime: RuntimeSpec,
    roles: Set<Role> = [.worker],
    spoil: (inout HostFacts) -> Void
  ) -> [Failure] {
    let host = HostSpec(
      name: "a",
      ssh: nil,
      nodeIP: IPv4Address(raw: 0x0A00_0001),
      roles: roles,
      runtime: runtime
    )
    var facts = HostFacts(
      hostname: "a",
      tools: ["crio": "/usr/bin/crio", "conmon": "/usr/bin/conmon", "crun": "/usr/bin/crun"],
      paths: ["/dev/kvm"],
      virtualization: "vmx"
    )
    spoil(&facts)
    let cluster = ClusterSpec(
      name: "test",
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 20, 2)),
      controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: "10.0.0.1")),
      hosts: [host]
    )
    return Preflight.faults(cluster: cluster, facts: ["a": facts])
  }

  private static let sandboxed = [
    RuntimeSpec(handlers: [HandlerSpec(name: "untrusted", type: .kata)]),
    RuntimeSpec(
      engine: .crio,
      crio: CRIOSpec(source: .host),
      handlers: [HandlerSpec(name: "untrusted", type: .clearContainers)]
    ),
  ]

  @Test(arguments: sandboxed) func aFitHostHasNoFault(_ runtime: RuntimeSpec) {
    #expect(Self.faults(runtime) { _ in } == [])
    #expect(Self.faults(runtime) { $0.virtualization = "svm" } == [])
    #expect(
      Self.faults(runtime) { facts in
        facts.architecture = .arm64
        facts.virtualization = nil
      } == []
    )
  }

  @Test(arguments: sandboxed) func missingExtensionsAreNamed(_ runtime: RuntimeSpec) {
    let found = Self.faults(runtime) { $0.virtualization = nil }
    #expect(
      found.map(\.what) == ["its CPU shows no VT extensions, which the handler untrusted needs"]
    )
    #expect(found.first?.remedy?.contains("metal instance") == true)
  }

  @Test(arguments: sandboxed) func aMissingDeviceIsNamed(_ runtime: RuntimeSpec) {
    let found = Self.faults(runtime) { $0.paths = [] }
    #expect(found.map(\.what) == ["has no /dev/kvm, which the handler untrusted needs"])
    #expect(found.first?.remedy?.contains("kvm_intel") == true)
  }

  @Test func aCustomHandlerNeedsNoMachine() {
    let own = HandlerSpec(name: "own", type: .custom, runtime: "/usr/bin/own")
    let found = Self.faults(RuntimeSpec(handlers: [own])) { facts in
      facts.virtualization = nil
      facts.paths = []
    }
    #expect(found == [])
  }

  @Test func aHostThatIsNoWorkerNeedsNothing() {
    let found = Self.faults(Self.sandboxed[1], roles: [.etcd]) { facts in
      facts.virtualization = nil
      facts.tools = [:]
    }
    #expect(found == [])
  }

  @Test func whatAHostShouldHaveByItselfIsNamed() {
    let runtime = RuntimeSpec(engine: .crio, crio: CRIOSpec(source: .host))
    let all = Self.faults(runtime) { $0.tools = [:] }
    #expect(all.map(\.what) == ["has no crio, no conmon, no runc or crun in PATH"])
    #expect(Self.faults(runtime) { $0.tools["crun"] = nil }.count == 1)
    #expect(
      Self.faults(runtime) { facts in
        facts.tools["crun"] = nil
        facts.tools["runc"] = "/usr/sbin/runc"
      } == []
    )
    let packaged = RuntimeSpec(engine: .crio, crio: CRIOSpec(source: .distribution))
    #expect(Self.faults(packaged) { $0.tools = [:] } == [])
  }

  @Test(arguments: [
    (RuntimeSpec(), "/var/lib/containerd", 1), (RuntimeSpec(), "/var/lib/docker", 0),
    (RuntimeSpec(engine: .docker), "/var/lib/docker", 1),
    (RuntimeSpec(engine: .crio, crio: CRIOSpec(source: .host)), "/var/lib/containers/storage", 1),
    (
      RuntimeSpec(engine: .crio, crio: CRIOSpec(source: .host, storageDriver: .vfs)),
      "/var/lib/containers/storage", 0
    ),
  ])
  func aFileSystemWithoutFileTypesHoldsNoOverlays(
    _ runtime: RuntimeSpec,
    _ folder: String,
    _ count: Int
  ) {
    let found = Self.faults(runtime) { $0.withoutFileTypes = [folder] }
    #expect(found.count == count)
    #expect(
      found.allSatisfy { $0.description.contains("the file system of \(folder) cannot hold") }
    )
    #expect(found.allSatisfy { $0.remedy?.contains("mkfs.xfs -n ftype=1") == true })
    #expect(Self.faults(runtime, roles: [.controlPlane]) { $0.withoutFileTypes = [folder] } == [])
  }
}
