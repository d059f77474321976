// SPDX-License-Identifier: Apache-2.0

import Components
import Planner
import Resources
import Spec
import Transport
import Values

/// Does what a plan says, stage by stage, batch by batch, with a gate after each.
package struct Applier: Sendable {
  package let survey: Survey
  package let fleet: Fleet
  package let gate: Gate
  package let objects: ObjectPlanner
  package let journal: Journal
  package let events: EventSink

  package init(
    survey: Survey,
    fleet: Fleet,
    gate: Gate,
    objects: ObjectPlanner,
    journal: Journal,
    events: @escaping EventSink
  ) {
    self.survey = survey
    self.fleet = fleet
    self.gate = gate
    self.objects = objects
    self.journal = journal
    self.events = events
  }

  /// How long one host's program of one stage may run.
  private static let programDeadline = Duration.seconds(900)

  /// Applies the whole plan.
  /// - Throws: `Failure` or `Failures` naming host, step and the real error; what is done stays done, and
  ///   the same command goes on from there.
  package func apply() async throws {
    for stage in survey.plan.stages {
      try Task.checkCancellation()
      await events(.stageBegan(stage.stage, hosts: stage.hosts.map(\.host)))
      await journal.add("stage", stage: stage.stage.rawValue)
      let etcd = stage.stage == .etcd ? etcdChange : nil
      try await etcd?.begin(with: stage.hosts.map(\.host), events)
      for batch in stage.batches {
        try await etcd?.prepare(batch, events)
        _ = try await fleet.all(of: batch.map(\.host)) { member in
          guard let plan = batch.first(where: { $0.host == member.spec.name }) else { return }
          try await apply(plan, stage: stage.stage, on: member)
        }
        try await etcd?.promote(batch.map(\.host), events)
        try await pass(stage.stage, hosts: part(of: batch, in: stage.stage))
      }
      if !stage.objects.isEmpty, stage.stage != .etcd {
        let late = stage.stage == .nodes ? lateNodes(of: stage.objects) : []
        if !late.isEmpty { try await pass(.workers, hosts: late) }
        try await objects.apply(stage.stage, events: events)
        if stage.stage != .nodes { await events(.gatePassed(stage.stage.rawValue)) }
      }
    }
    try await awaitNodes()
    await journal.add("done")
  }

  /// Those of a batch that the stage's gate is for: who has given up its part is not asked.
  private func part(of batch: [HostPlan], in stage: Stage) -> [String] {
    let role: Role? =
      switch stage {
      case .etcd: .etcd
      case .controlPlane: .controlPlane
      case .workers, .nodes: .worker
      case .prepare, .objects: nil
      }
    let hosts = batch.map(\.host)
    guard let role else { return hosts }
    return survey.cluster.hosts(with: role).map(\.name).filter(hosts.contains)
  }

  private var etcdChange: EtcdChange? {
    survey.etcd.map { EtcdChange(cluster: survey.cluster, members: $0, gate: gate) }
  }

  /// Waits until every worker is a Ready node, whatever was changed.
  /// - Throws: `Failure` or `Failures`: which link between a host and the cluster is broken.
  package func awaitJoined() async throws {
    try await pass(.nodes, hosts: survey.cluster.hosts(with: .worker).map(\.name))
  }

  /// Nodes that nothing has waited for yet, though they are about to be changed: a kubelet that somebody mended may
  /// have come up just now, and hosts that needed nothing may still be kept out by another's control plane.
  func lateNodes(of objects: [ObjectChange]) -> [String] {
    let workers = survey.cluster.hosts(with: .worker).map(\.name)
    guard !survey.cluster.isOfEKS else { return workers }
    let passed = survey.plan.stages.first { $0.stage == .workers }?.hosts.map(\.host) ?? []
    return workers.filter { worker in
      !passed.contains(worker) && objects.contains { $0.name == "node/\(worker)" }
    }
  }

  /// The last gate: the nodes whose hosts or objects were changed are Ready.
  private func awaitNodes() async throws {
    let stages = survey.plan.stages.filter { $0.stage >= .controlPlane }
    let touched = Set(stages.flatMap(\.hosts).map(\.host))
    let patched = stages.contains { $0.stage == .nodes }
    let nodes = survey.cluster.hosts(with: .worker).map(\.name)
      .filter { patched || touched.contains($0) }
    if !nodes.isEmpty { try await pass(.nodes, hosts: nodes) }
  }

  private func apply(_ plan: HostPlan, stage: Stage, on member: Fleet.Member) async throws {
    guard let host = survey.host(plan.host) else { return }
    try await upload(plan, of: host, on: member)
    let program = Program.apply(
      ApplyRequest(
        cluster: survey.cluster.name,
        host: plan.host,
        stage: stage.rawValue,
        desired: host.desired.map(\.resource),
        changes: plan.changes,
        manifest: survey.manifests[plan.host] ?? []
      )
    )
    let steps = StepRecord()
    let result = try await member.runAlone(
      program,
      deadline: Self.programDeadline,
      events: events
    ) { line in
      guard let event = Program.parse(resultLine: line) else { return }
      switch event.phase {
      case .begin: return
      case .ok:
        await steps.done(event.id)
        await journal.add(
          "ok",
          host: plan.host,
          stage: stage.rawValue,
          subject: event.id.description
        )
        await events(.stepDone(host: plan.host, step: event.id.description))
      case .fail:
        await steps.failed(event)
        await journal.add(
          "fail",
          host: plan.host,
          stage: stage.rawValue,
          subject: event.id.description,
          detail: event.message
        )
        await events(
          .stepFailed(host: plan.host, step: event.id.description, message: event.message)
        )
      }
    }
    let undone = await steps.missing(of: plan.changes.map(\.id))
    guard result.exitCode != 0 || !undone.isEmpty else { return }
    let event = await steps.failure
    let subject = event?.id.description ?? undone.first?.description
    throw Failure(
      .step,
      host: plan.host,
      "\(subject ?? "the \(stage.rawValue) program") failed",
      why: event.map { ([$0.message] + $0.log).joined(separator: "\n") } ?? result.standardError,
      remedy: "mend the cause and run the same command again: it goes on from here"
    )
  }

  /// Sends the binaries that this host's changes need and its cache lacks.
  private func upload(
    _ plan: HostPlan,
    of host: HostState,
    on member: Fleet.Member
  ) async throws {
    let changed = Set(plan.changes.map(\.id))
    var binaries: [Digest: Binary] = [:]
    for item in host.desired {
      guard case .binary(let binary) = item.resource, changed.contains(binary.id) else { continue }
      binaries[binary.digest] = binary
    }
    guard !binaries.isEmpty else { return }
    let present = try await cached(
      Program.cached(Array(binaries.keys), desired: host.desired.map(\.resource)),
      on: member
    )
    for (digest, binary) in binaries.sorted(by: { $0.value.path < $1.value.path })
    where !present.contains(digest) {
      let name = binary.path.split(separator: "/").last.map(String.init) ?? binary.path
      await events(.uploadBegan(host: plan.host, name: name, bytes: binary.size))
      try await member.transport.upload(
        file: binary.source,
        to: Program.cachePath(digest),
        digest: digest,
        mode: 0o600,
        onProgress: { _ in }
      )
      await events(.uploadDone(host: plan.host, name: name))
    }
  }

  /// The digests that the host's cache has, by a program of `Program.cached`.
  private func cached(_ program: String, on member: Fleet.Member) async throws -> Set<Digest> {
    let result = try await member.transport.run(
      program: program,
      deadline: .seconds(30),
      onLine: { _ in }
    )
    guard result.exitCode == 0 else {
      throw Failure(
        .step,
        host: member.spec.name,
        "cannot look into the host's cache of programs",
        why: result.standardError
      )
    }
    return Set(result.standardOutput.split(separator: "\n").compactMap { Digest(hex: String($0)) })
  }
}

/// What a program said of its steps.
private actor StepRecord {
  private(set) var failure: StepEvent?
  private var finished: Set<ResourceID> = []

  func done(_ step: ResourceID) { finished.insert(step) }

  func failed(_ event: StepEvent) { failure = event }

  /// Steps that it did not report: a program that ends well has done all it was sent for.
  func missing(of steps: [ResourceID]) -> [ResourceID] { steps.filter { !finished.contains($0) } }
}
