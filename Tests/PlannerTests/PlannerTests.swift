// SPDX-License-Identifier: Apache-2.0

import Components
import FoundationEssentials
import Planner
import Resources
import Testing

@Suite struct PlannerTests {
  private func file(_ path: String) -> Resource {
    .file(File(path: path, text: path, reason: "a test needs it"))
  }

  private func unit(_ name: String) -> Resource {
    .unit(Unit(name: name, reason: "a test needs it"))
  }

  /// A host with one changed file and one unit a stage.
  private func host(
    _ name: String,
    stage: Stage,
    unit unitName: String,
    runs: Bool,
    changed: Bool = true
  ) -> HostState {
    let desired = [
      StagedResource(stage, file("/etc/\(unitName)")), StagedResource(stage, unit(unitName)),
    ]
    let id = ResourceID(kind: "unit", name: unitName)
    return HostState(
      host: name,
      desired: desired,
      observed: [
        id: Observation(exists: runs, attributes: ["active": runs ? "active" : "inactive"])
      ],
      changes: changed
        ? [
          Change(
            id: ResourceID(kind: "file", name: "/etc/\(unitName)"),
            action: .update,
            summary: "content",
            reason: ""
          ),
          Change(id: id, action: runs ? .restart : .start, summary: "", reason: ""),
        ] : []
    )
  }

  private func plan(
    _ hosts: [HostState],
    objects: [Stage: [ObjectChange]] = [:],
    joining: [String] = []
  ) -> ClusterPlan {
    Planner.plan(
      cluster: "test",
      version: "v1.20.2",
      credentials: [],
      hosts: hosts,
      objects: objects,
      joining: joining
    )
  }

  @Test func nothingToDoIsAnEmptyPlan() {
    let plan = plan([host("a", stage: .etcd, unit: "etcd.service", runs: true, changed: false)])
    #expect(plan.isEmpty)
    #expect(plan.stages.isEmpty)
  }

  @Test func newMembersStartTogether() {
    let hosts = ["a", "b", "c"].map {
      host($0, stage: .etcd, unit: "etcd.service", runs: false)
    }
    #expect(plan(hosts).stages.map { $0.batches.map { $0.map(\.host) } } == [[["a", "b", "c"]]])
  }

  @Test func runningMembersChangeOneAtATime() {
    let hosts = ["a", "b", "c"].map { host($0, stage: .etcd, unit: "etcd.service", runs: true) }
    #expect(
      plan(hosts).stages.map { $0.batches.map { $0.map(\.host) } } == [[["a"], ["b"], ["c"]]]
    )
  }

  /// A member that is down is mended before one that runs is touched: quorum first.
  @Test func deadMembersComeBeforeRunningOnes() {
    let hosts = [
      host("a", stage: .etcd, unit: "etcd.service", runs: true),
      host("b", stage: .etcd, unit: "etcd.service", runs: false),
    ]
    #expect(plan(hosts).stages.map { $0.batches.map { $0.map(\.host) } } == [[["b"], ["a"]]])
  }

  /// Who joins comes alone, and before those that run are touched; who gives up its part is last.
  @Test func whoJoinsComesAloneAndWhoRetiresLast() {
    var retiring = host("d", stage: .etcd, unit: "etcd.service", runs: false, changed: false)
    retiring.desired = []
    retiring.changes = [file("/etc/etcd.service"), unit("etcd.service")].map {
      Change(id: $0.id, action: .remove, summary: "", reason: "")
    }
    let hosts =
      [retiring]
      + ["a", "b", "c"].map { host($0, stage: .etcd, unit: "etcd.service", runs: $0 == "a") }
    let stages = plan(hosts, joining: ["b", "c"]).stages
    #expect(stages.map(\.stage) == [.etcd])
    #expect(stages.map { $0.batches.map { $0.map(\.host) } } == [[["b"], ["c"], ["a"], ["d"]]])
  }

  @Test func membersAreToldBeforeTheirHosts() {
    let member = ObjectChange(action: .remove, name: "etcd-member/c", summary: "gone", reason: "")
    let plan = plan(
      [host("a", stage: .etcd, unit: "etcd.service", runs: false)],
      objects: [.etcd: [member], .nodes: [member]]
    )
    let lines = PlanText.render(plan, diffs: false).split(separator: "\n").map(String.init)
    #expect(
      lines.dropFirst().prefix(6) == [
        "Stage 1: etcd", "    - etcd-member/c  gone", "  a",
        "    ~ file:/etc/etcd.service  content",
        "    > unit:etcd.service  ", "  then: every member healthy",
      ]
    )
    #expect(lines.contains("    - etcd-member/c  gone"))
  }

  /// The part of a control plane is given up once others have it; what nobody waits for, at once.
  @Test(arguments: [
    ("kube-apiserver.service", Stage.controlPlane), ("etcd.service", .etcd),
    ("kubelet.service", .prepare),
  ])
  func partsAreGivenUpInTheirStage(_ name: String, _ stage: Stage) {
    var retiring = host("a", stage: .etcd, unit: name, runs: false, changed: false)
    retiring.desired = []
    retiring.changes = [
      Change(id: unit(name).id, action: .remove, summary: "", reason: ""),
      Change(id: file("/etc/x").id, action: .remove, summary: "", reason: ""),
    ]
    let stages = plan([retiring]).stages
    #expect(stages.map(\.stage) == [stage] && stages[0].hosts[0].changes.count == 2)
  }

  @Test func workersChangeTogether() {
    let hosts = ["a", "b"].map { host($0, stage: .workers, unit: "kubelet.service", runs: true) }
    #expect(plan(hosts).stages.map { $0.batches.map { $0.map(\.host) } } == [[["a", "b"]]])
  }

  @Test func stagesComeInOrder() {
    let hosts = [
      host("a", stage: .workers, unit: "kubelet.service", runs: false),
      host("b", stage: .etcd, unit: "etcd.service", runs: false),
      host("c", stage: .controlPlane, unit: "kube-apiserver.service", runs: false),
    ]
    let object = ObjectChange(action: .create, name: "x", summary: "", reason: "")
    let stages = plan(hosts, objects: [.objects: [object], .nodes: [object]]).stages.map(\.stage)
    #expect(stages == [.etcd, .controlPlane, .objects, .workers, .nodes])
  }

  @Test func whatIsNoLongerWantedGoesFirst() {
    var state = host("a", stage: .workers, unit: "kubelet.service", runs: true)
    state.changes.insert(
      Change(
        id: ResourceID(kind: "file", name: "/etc/old"),
        action: .remove,
        summary: "",
        reason: ""
      ),
      at: 0
    )
    let stages = plan([state]).stages
    #expect(stages.map(\.stage) == [.prepare, .workers])
    #expect(stages.first?.hosts.first?.changes.map(\.action) == [.remove])
  }

  /// The program that user data left at boot is a change like any other, and enough for a plan.
  @Test func aProgramThatMustGoIsAPlanOfItsOwn() throws {
    let ended = Absence(path: Program.bootScript, ours: "of user data", reason: "why it goes")
    let state = HostState(
      host: "a",
      desired: [StagedResource(.prepare, .absence(ended))],
      observed: [ended.id: Observation(exists: true)],
      changes: Program.changes(
        desired: [.absence(ended)],
        observed: [ended.id: Observation(exists: true)],
        manifest: []
      )
    )
    let plan = plan([state])
    #expect(!plan.isEmpty && plan.changeCount == 1)
    #expect(
      PlanText.render(plan, diffs: true, reasons: true) == """
        Plan for test (v1.20.2)

        Stage 1: prepare the hosts
          a
            - file:/var/lib/cloud/scripts/per-boot/kubewright  of user data
                why it goes
          then: every program in place

        1 host: 1 to remove

        """
    )
    let json = String(decoding: try JSONEncoder().encode(plan), as: UTF8.self)
    #expect(json.contains("\"action\":\"remove\"") && json.contains("\"reason\":\"why it goes\""))
  }

  @Test func aPlanOfCredentialsAloneCountsNoHosts() {
    var plan = plan([])
    plan.credentials = ["admin: certificate issued again"]
    #expect(PlanText.render(plan, diffs: true).hasSuffix("issued again\n\nno host is changed\n"))
  }

  @Test func thePlanReadsAsText() {
    let hosts = [
      host("a", stage: .etcd, unit: "etcd.service", runs: true),
      host("b", stage: .etcd, unit: "etcd.service", runs: true),
    ]
    let object = ObjectChange(
      action: .create,
      name: "clusterrole/x",
      summary: "new",
      reason: "because"
    )
    var plan = plan(hosts, objects: [.objects: [object]])
    plan.credentials = ["etcd-server@a: new key and certificate"]
    #expect(
      PlanText.render(plan, diffs: true) == """
        Plan for test (v1.20.2)

        Credentials (made on this side, kept in the state folder)
          + etcd-server@a: new key and certificate

        Stage 1: etcd
          Batch 1 of 2: a
          a
            ~ file:/etc/etcd.service  content
            ! unit:etcd.service  \n\
          Batch 2 of 2: b
          b
            ~ file:/etc/etcd.service  content
            ! unit:etcd.service  \n\
          then: every member healthy

        Stage 2: objects in the API
            + clusterrole/x  new
          then: objects accepted

        2 hosts: 2 to change, 2 units to restart, 1 API object

        """
    )
  }
}
