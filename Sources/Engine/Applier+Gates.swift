// SPDX-License-Identifier: Apache-2.0

import Components
import Planner
import Resources
import Spec
import Transport
import Values

/// What comes between the stages, and why it does not come.
extension Applier {
  /// Waits for what `stage` promises of `hosts`, and finds out why they do not keep it.
  /// - Throws: `Failure` or `Failures` with what the hosts themselves say.
  func pass(_ stage: Stage, hosts: [String]) async throws {
    let end = ContinuousClock.now + gate.patience
    let watch = watch(stage, hosts: hosts)
    do {
      try await gate.pass(stage, hosts: hosts) { try await watch.look() }
    } catch let failure as Failure where failure.kind == .deadline {
      if !survey.memberships.isEmpty {
        return try await inquire(after: failure, hosts: hosts)
      }
      throw await diagnosed(failure, stage: stage, hosts: hosts)
    } catch let failure as Failure where failure.kind.isRefusal {
      guard let eks = gate.clients.eks, !survey.memberships.isEmpty else { throw failure }
      if await eks.isToBeTold() {
        await events(.note("\(failure)\n  until then the hosts are asked whether they are Ready"))
      }
      try await inquire(after: failure, hosts: hosts, until: end)
    }
  }

  /// Asks the hosts of a cluster of EKS why they did not come.
  ///
  /// Passes where they did, and only the operator may not see it. They have until `end` to come.
  private func inquire(
    after failure: Failure,
    hosts: [String],
    until end: ContinuousClock.Instant = .now
  ) async throws {
    while true {
      let found = try await findings(after: failure, hosts: hosts)
      guard !found.isEmpty else {
        await events(
          .note(
            "the nodes are Ready, as they are told themselves; from here: \(failure.why ?? "")"
          )
        )
        return
      }
      guard ContinuousClock.now < end else { throw Failures(found) }
      await events(
        .waiting(what: "the hosts say that they are Ready", detail: found.first?.what ?? "")
      )
      try await Task.sleep(for: Self.inquiryPause)
    }
  }

  private static let inquiryPause = Duration.seconds(3)

  /// What keeps the hosts from their cluster, as they see it themselves; `failure` where they see nothing.
  private func findings(after failure: Failure, hosts: [String]) async throws -> [Failure] {
    let (memberships, names) = (survey.memberships, survey.nodeNames)
    let answers = try await fleet.each(of: hosts) { member -> [Failure] in
      guard let membership = memberships[member.spec.name] else { return [failure] }
      let inquiry = try await JoinInquiry(
        on: member,
        membership: membership,
        nodeName: names[member.spec.name] ?? member.spec.name
      )
      if inquiry.isReady { return [] }
      return inquiry.findings.isEmpty ? [failure] : inquiry.findings
    }
    var found: [Failure] = []
    for name in hosts {
      switch answers[name] {
      case .success(let failures): found += failures
      case .failure(let unasked): found += [failure, unasked]
      case nil: found.append(failure)
      }
    }
    var told: [Failure] = []
    for failure in found where !told.contains(failure) { told.append(failure) }
    return told
  }

  /// Adds the last log lines of the stage's units to a gate's failure.
  private func diagnosed(_ failure: Failure, stage: Stage, hosts: [String]) async -> Failure {
    var failure = failure
    var report: [String] = []
    for name in hosts {
      guard let member = fleet[name] else { continue }
      let program = units(of: stage, on: name).map(\.name).map { unit in
        "printf '%s\\n' \(Shell.quote("--- \(name) \(unit)"))\n"
          + "systemctl is-active \(Shell.quote(unit)) 2>/dev/null\n"
          + "journalctl -u \(Shell.quote(unit)) -n 8 --no-pager -o cat 2>/dev/null\n"
      }.joined()
      let result = try? await member.transport.run(
        program: program,
        deadline: .seconds(30),
        onLine: { _ in }
      )
      report.append(result?.standardOutput ?? "--- \(name) does not answer")
    }
    failure.why = ([failure.why ?? ""] + report).joined(separator: "\n")
    return failure
  }

  /// The units of a stage whose falls are watched: those that its gate waits for.
  ///
  /// The scheduler and the controller manager may fall until the API server is ready.
  private func watch(_ stage: Stage, hosts: [String]) -> CrashWatch {
    var watched: [String: [String]] = [:]
    for host in hosts {
      watched[host] = units(of: stage, on: host)
        .filter { !$0.waitsByRestarting }
        .filter { stage != .controlPlane || $0.name == "\(APIServer.name).service" }
        .map(\.name)
    }
    return CrashWatch(fleet: fleet, units: watched)
  }

  private func units(of stage: Stage, on host: String) -> [Resources.Unit] {
    let stage = stage == .nodes ? .workers : stage
    return survey.host(host)?.desired.compactMap { item in
      guard item.stage == stage, case .unit(let unit) = item.resource else { return nil }
      return unit
    } ?? []
  }
}
