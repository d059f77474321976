// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Engine
import PKI
import Spec
import Values
import Verify

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Assert that the cluster works: 0 when all checks pass, 1 otherwise."
  )

  @OptionGroup var spec: SpecOptions

  @Option(name: .shortAndLong, help: "text or json.")
  var output: OutputFormat = .text

  @Option(
    help: ArgumentHelp(
      "How long to wait for what may come by itself: a server that starts, a node not Ready yet.",
      valueName: "seconds"
    )
  )
  var patience: Int = 30

  func run() async throws {
    let command = self
    try await execute { console in
      try await ClusterSession.with(command.spec, console) { session in
        guard session.state.exists else {
          throw Failure(
            .state,
            "\(session.state.path) does not exist, so there is no cluster to verify",
            remedy: "run `kubewright up` first"
          )
        }
        try await Self.verify(
          session,
          clients: try await session.recordedClients(),
          output: command.output,
          patience: .seconds(command.patience)
        )
      }
    }
  }

  /// Runs and prints the checks.
  /// - Throws: `ExitCode(1)` when one failed.
  static func verify(
    _ session: ClusterSession,
    clients: ClusterClients,
    output: OutputFormat?,
    patience: Duration = Verifier.usualPatience
  ) async throws {
    let cluster = try session.clusterByNodes()
    var checks = try await Verifier(cluster: cluster, clients: clients, patience: patience).run()
    checks += try await session.joinChecks(absent: checks)
    switch output {
    case .json: await session.console.out(try jsonText(checks))
    case .text: await session.console.out(report(checks))
    case nil: break
    }
    let failed = checks.filter { !$0.passed }
    guard failed.isEmpty else {
      if output == nil { await session.console.say(report(failed)) }
      throw ExitCode(1)
    }
  }

  private static func report(_ checks: [Check]) -> String {
    let rows = checks.map {
      [$0.passed ? "ok" : "FAILED", $0.area, $0.subject, $0.detail]
    }
    let failed = checks.count { !$0.passed }
    return table([["RESULT", "AREA", "CHECK", "SEEN"]] + rows)
      + "\(checks.count - failed) checks passed, \(failed) failed\n"
  }
}

extension ClusterSession {
  /// For each worker of EKS whose node is not there or not Ready: which link is broken.
  fileprivate func joinChecks(absent checks: [Check]) async throws -> [Check] {
    guard cluster.isOfEKS, let membership = try state.eks() else { return [] }
    var found: [Check] = []
    for (host, named) in zip(cluster.hosts, try clusterByNodes().hosts) {
      let isFailed = checks.contains {
        $0.area == "node" && $0.subject == named.name && !$0.passed
      }
      guard isFailed, let member = fleet[host.name] else { continue }
      do {
        let inquiry = try await JoinInquiry(
          on: member,
          membership: membership,
          nodeName: named.name
        )
        found += inquiry.findings.map {
          Check(area: "join", subject: host.name, passed: false, detail: $0.description)
        }
      } catch let failure as Failure {
        found.append(
          Check(area: "join", subject: host.name, passed: false, detail: failure.description)
        )
      }
    }
    return found
  }
}
