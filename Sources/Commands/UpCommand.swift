// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Engine
import FoundationEssentials
import Planner
import Spec
import Values

struct UpCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up",
    abstract: "Plan, confirm, apply, verify.",
    discussion: """
      Does exactly what plan shows, in stages with a health gate after each. Whatever interrupts \
      it, the same command finishes the job; no key or certificate is made twice.
      """
  )

  @OptionGroup var spec: SpecOptions

  @Flag(name: .shortAndLong, help: "Do not ask.")
  var yes = false

  @Option(name: .shortAndLong, help: "text or json (the plan that was applied).")
  var output: OutputFormat = .text

  @Option(help: ArgumentHelp("How long one health gate may take.", valueName: "seconds"))
  var patience: Int = 180

  @Flag(help: "Do not verify afterwards.")
  var noVerify = false

  func run() async throws {
    let command = self
    try await execute { console in
      try await ClusterSession.with(command.spec, console) { session in
        try await session.state.locked { try await command.up(session) }
      }
    }
  }

  private func up(_ session: ClusterSession) async throws {
    let console = session.console
    let survey = try await session.surveyor.survey(commit: true)
    if output == .json { await console.out(try jsonText(survey.plan)) }
    // Credentials were made by the survey; only what reaches hosts and API is a change to them.
    let marks = try session.state.nodeMarks()
    let wanted = NodeMarks.wanted(by: session.cluster)
    guard survey.plan.changeCount > 0 else {
      try session.state.record(nodeMarks: wanted)
      if output == .text {
        await console.out(PlanText.render(survey.plan.withoutCredentials, diffs: false))
      }
      // That a host holds all it should says nothing of whether another's control plane let it in.
      if session.cluster.isOfEKS {
        try await applier(session, survey, try session.clients(survey.pki)).awaitJoined()
      }
      return
    }
    await console.say(PlanText.render(survey.plan, diffs: false))
    if !yes {
      guard try await console.confirm("Apply this plan?", flag: "--yes") else {
        await console.say("nothing was changed")
        throw ExitCode(1)
      }
    }
    let clients = try session.clients(survey.pki)
    // Known to be ours before they are put there, and until they are taken away.
    try session.state.record(nodeMarks: marks.merging(wanted) { $0.union($1) })
    try await applier(session, survey, clients, marks: marks).apply()
    if var etcd = survey.etcd?.record {
      etcd.isFormed = true
      try session.state.record(etcd: etcd)
    }
    try session.state.record(nodeMarks: wanted)
    // Who enters EKS does so by credentials of AWS: there is no key to keep.
    if !session.cluster.isOfEKS { try session.writeKubeconfig(survey.pki) }
    if !noVerify {
      await console.log("verify")
      try await VerifyCommand.verify(
        session,
        clients: clients,
        output: output == .json ? nil : .text
      )
    }
  }

  private func applier(
    _ session: ClusterSession,
    _ survey: Survey,
    _ clients: ClusterClients,
    marks: [String: NodeMarks] = [:]
  ) throws -> Applier {
    let events: EventSink = { await session.progress.show($0) }
    return Applier(
      survey: survey,
      fleet: session.fleet,
      gate: Gate(
        clients: clients,
        patience: .seconds(patience),
        nodeNames: survey.nodeNames,
        events: events
      ),
      objects: ObjectPlanner(
        cluster: session.cluster,
        podSubnets: try session.state.podSubnets(),
        marks: marks,
        clients: clients,
        nodeNames: survey.nodeNames
      ),
      journal: Journal(
        folder: session.state,
        run: String(Int(Date().timeIntervalSince1970))
      ),
      events: events
    )
  }
}

extension ClusterPlan {
  fileprivate var withoutCredentials: ClusterPlan {
    var plan = self
    plan.credentials = []
    return plan
  }
}
