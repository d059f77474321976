// SPDX-License-Identifier: Apache-2.0

import Components
import PKI
import Planner
import Spec
import TestSupport
import Testing
import Transport
import Values

@testable import Engine
@testable import Resources

/// What a run does with whatever hosts answer.
@Suite struct ApplierTests {
  private static let first = Resource.file(File(path: "/etc/first", text: "1", reason: "a test"))
  private static let second = Resource.file(File(path: "/etc/second", text: "2", reason: "a test"))
  private static let binary = Resource.binary(
    Binary(
      path: "/usr/bin/x",
      digest: Digest(of: "x"),
      size: 1,
      source: "/nowhere",
      reason: "a test"
    )
  )

  private func applier(
    _ transports: [ScriptedTransport],
    resources: [Resource],
    stages: [Stage] = [.prepare],
    state: StateFolder
  ) -> Applier {
    let cluster = ClusterSpec(
      name: "test",
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 20, 2)),
      controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: "127.0.0.1")),
      hosts: transports.map {
        HostSpec(name: $0.host, ssh: nil, nodeIP: IPv4Address(raw: 1), roles: [.worker])
      }
    )
    let changes = resources.map {
      Change(id: $0.id, action: .create, summary: "new", reason: "a test")
    }
    let pki = PKIBundle(
      authorities: [:],
      leaves: [:],
      serviceAccountPublicKey: "",
      serviceAccountKey: Sensitive(""),
      encryptionKeys: []
    )
    let fleet = Fleet(
      members: zip(cluster.hosts, transports).map { Fleet.Member(spec: $0, transport: $1) }
    )
    let plan = ClusterPlan(
      cluster: "test",
      version: "v1.20.2",
      credentials: [],
      stages: stages.map { stage in
        PlannedStage(
          stage: stage,
          batches: [transports.map { HostPlan(host: $0.host, changes: changes) }]
        )
      }
    )
    let clients = ClusterClients(cluster: cluster, pki: pki, reach: Reach(fleet: fleet))
    return Applier(
      survey: Survey(
        cluster: cluster,
        facts: [:],
        manifests: [:],
        pki: pki,
        memberships: [:],
        hosts: transports.map {
          HostState(
            host: $0.host,
            desired: resources.map { StagedResource(.prepare, $0) },
            observed: [:],
            changes: changes
          )
        },
        plan: plan
      ),
      fleet: fleet,
      gate: Gate(clients: clients, events: { _ in }),
      objects: ObjectPlanner(cluster: cluster, podSubnets: [:], marks: [:], clients: clients),
      journal: Journal(folder: state, run: "1"),
      events: { _ in }
    )
  }

  private func with(_ body: (StateFolder) async throws -> Void) async throws {
    let scratch = try Scratch()
    let state = StateFolder(besideSpec: "\(scratch.path)/cluster.yaml", cluster: "test")
    try state.create()
    try await body(state)
    scratch.remove()
  }

  /// Answers as a host that does every step.
  private static func doing(_ resources: [Resource]) -> ProgramResult {
    ProgramResult(
      exitCode: 0,
      standardOutput: resources.map { "kubewright-step ok \($0.id.token)\n" }.joined(),
      standardError: ""
    )
  }

  @Test func everyHostGetsItsProgram() async throws {
    try await with { state in
      let record = Recording()
      let hosts = ["a", "b"].map { name in
        ScriptedTransport(host: name, record: record) { _ in Self.doing([Self.first]) }
      }
      try await applier(hosts, resources: [Self.first], state: state).apply()
      #expect(await record.entries.sorted() == ["a run", "b run"])
    }
  }

  @Test func onlyBinariesThatTheHostLacksAreSent() async throws {
    try await with { state in
      let record = Recording()
      let has = ScriptedTransport(host: "a", record: record) { program in
        program.contains("kubewright-step")
          ? Self.doing([Self.binary])
          : ProgramResult(
            exitCode: 0,
            standardOutput: "\(Digest(of: "x").hex)\n",
            standardError: ""
          )
      }
      let lacks = ScriptedTransport(host: "b", record: record) { program in
        program.contains("kubewright-step") ? Self.doing([Self.binary]) : .succeeded
      }
      try await applier([has, lacks], resources: [Self.binary], state: state).apply()
      let uploads = await record.entries.filter { $0.contains("upload") }
      #expect(uploads == ["b upload \(Digest(of: "x").short)"])
    }
  }

  @Test func aFailedStepIsToldWithItsLogAndEndsTheRun() async throws {
    try await with { state in
      let record = Recording()
      let said = "the last words\nof the unit\nit died"
      let hex = said.utf8.map { byte in
        String(repeating: "0", count: byte < 16 ? 1 : 0) + String(byte, radix: 16)
      }.joined()
      let host = ScriptedTransport(host: "a", record: record) { _ in
        ProgramResult(
          exitCode: 1,
          standardOutput: "kubewright-step ok \(Self.first.id.token)\n"
            + "kubewright-step fail \(Self.second.id.token) \(hex)\n",
          standardError: ""
        )
      }
      let applier = applier(
        [host],
        resources: [Self.first, Self.second],
        stages: [.prepare, .objects],
        state: state
      )
      let failures = try await #require(throws: Failures.self) { try await applier.apply() }
      let failure = try #require(failures.failures.first)
      #expect(failure.host == "a")
      #expect(failure.what == "file:/etc/second failed")
      #expect(failure.why?.contains("it died") == true)
      #expect(failure.why?.contains("the last words") == true)
      #expect(failure.remedy?.contains("run the same command again") == true)
      #expect(await record.entries == ["a run"], "the next stage was not begun")
    }
  }

  @Test func aProgramThatReportsNothingDidNothing() async throws {
    try await with { state in
      let host = ScriptedTransport(host: "a") { _ in Self.doing([Self.first]) }
      let applier = applier([host], resources: [Self.first, Self.second], state: state)
      let failures = try await #require(throws: Failures.self) { try await applier.apply() }
      #expect(failures.failures.first?.what == "file:/etc/second failed")
    }
  }

  @Test func aHostWhereAnotherRunWorksIsWaitedFor() async throws {
    try await with { state in
      let record = Recording()
      let host = ScriptedTransport(host: "a", record: record) { _ in
        await record.entries.count < 2
          ? ProgramResult(
            exitCode: Program.busyExitCode,
            standardOutput: "",
            standardError: "another run"
          ) : Self.doing([Self.first])
      }
      try await applier([host], resources: [Self.first], state: state).apply()
      #expect(await record.entries == ["a run", "a run"])
    }
  }

  @Test func nodesThatNoStageWaitedForAreWaitedForBeforeTheyAreChanged() async throws {
    try await with { state in
      let hosts = ["a", "b"].map { ScriptedTransport(host: $0) }
      let objects = [
        ObjectChange(action: .update, name: "node/b", summary: "1 label", reason: "a test"),
        ObjectChange(action: .create, name: "clusterrole/a", summary: "new", reason: "a test"),
      ]
      func late(_ stages: [Stage]) -> [String] {
        applier(hosts, resources: [Self.first], stages: stages, state: state)
          .lateNodes(of: objects)
      }
      #expect(late([.nodes]) == ["b"])
      #expect(late([.workers, .nodes]) == [])
    }
  }

  @Test func oneHostsFailureLetsTheOthersFinishTheStage() async throws {
    try await with { state in
      let record = Recording()
      let good = ScriptedTransport(host: "a", record: record) { _ in Self.doing([Self.first]) }
      let gone = ScriptedTransport(host: "b", record: record) { _ in
        throw Failure(.unreachable, "the connection was cut")
      }
      let applier = applier([good, gone], resources: [Self.first], state: state)
      let failures = try await #require(throws: Failures.self) { try await applier.apply() }
      #expect(failures.failures.map(\.description) == ["b: the connection was cut"])
      #expect(await record.entries.contains("a run"))
    }
  }
}
