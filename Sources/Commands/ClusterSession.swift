// SPDX-License-Identifier: Apache-2.0

import Artifacts
import Components
import Engine
import Facts
import PKI
import Planner
import Resources
import Spec
import Values

/// What every command that talks to the hosts sets up: spec, state, connections, progress.
struct ClusterSession: Sendable {
  let cluster: ClusterSpec
  let state: StateFolder
  let fleet: Fleet
  let surveyor: Surveyor
  let console: Console
  let progress: Progress

  /// Runs `body` with a session and ends its connections whichever way `body` ends.
  ///
  /// Without `needsRelease` a spec that names no release of Kubernetes stays so.
  static func with<Result: Sendable>(
    _ options: SpecOptions,
    _ console: Console,
    needsRelease: Bool = true,
    _ body: (ClusterSession) async throws -> Result
  ) async throws -> Result {
    let spec = try await options.read(console)
    let state = options.state(of: spec)
    let progress = Progress(console: console)
    let artifacts = ArtifactStore(cache: cacheFolder() + "/artifacts", own: ownProgram())
    let cluster =
      needsRelease
      ? try await spec.released(state: state, artifacts: artifacts) { await progress.show($0) }
      : spec
    let fleet = options.fleet(cluster, passwords: SudoPasswords())
    let session = ClusterSession(
      cluster: cluster,
      state: state,
      fleet: fleet,
      surveyor: Surveyor(
        cluster: cluster,
        state: state,
        fleet: fleet,
        artifacts: artifacts,
        events: { await progress.show($0) },
        artifactEvents: { await progress.show($0) }
      ),
      console: console,
      progress: progress
    )
    do {
      let result = try await body(session)
      await fleet.close()
      return result
    } catch {
      await fleet.close()
      throw error
    }
  }

  /// API and etcd clients with the credentials `pki`.
  /// - Throws: `Failure` (`state`) where a cluster of EKS was not looked for yet.
  func clients(_ pki: PKIBundle) throws -> ClusterClients {
    ClusterClients(
      cluster: cluster,
      pki: pki,
      reach: Reach(fleet: fleet),
      eks: try surveyor.entrance()
    )
  }

  /// API and etcd clients with what is in the state folder.
  /// - Throws: `Failure` (`state`) where nothing is there.
  func recordedClients() async throws -> ClusterClients {
    guard !cluster.isOfEKS else { return try clients(PKIOutcome.none.bundle) }
    return try clients(try await PKIStore(directory: state.pki).load(cluster: cluster).bundle)
  }

  /// The spec with its hosts named and reached as the cluster has them.
  ///
  /// Only EKS has names of its own; the recorded facts tell them.
  func clusterByNodes() throws -> ClusterSpec {
    guard cluster.isOfEKS else { return cluster }
    let facts = try state.facts()
    var cluster = cluster
    for index in cluster.hosts.indices {
      guard let instance = facts[cluster.hosts[index].name]?.instance else { continue }
      cluster.hosts[index].name = instance.nodeName
      if cluster.hosts[index].nodeIP == .unspecified {
        cluster.hosts[index].nodeIP = instance.address
      }
    }
    return cluster
  }
}

/// Turns the engine's events into lines.
actor Progress {
  private let console: Console
  private var lastWait = ""
  private var done: [String: Int] = [:]

  init(console: Console) {
    self.console = console
  }

  func show(_ event: EngineEvent) async {
    switch event {
    case .phase(let name):
      await console.log(name)
    case .hostDone: return
    case .stageBegan(let stage, let hosts):
      done = [:]
      await console.log(
        "stage \(stage.rawValue)" + (hosts.isEmpty ? "" : ": \(hosts.joined(separator: ", "))")
      )
    case .uploadBegan(let host, let name, let bytes):
      await console.status("\(host): sending \(name), \(bytes / 1_048_576) MiB")
    case .uploadDone(let host, let name):
      await console.log("  \(host): sent \(name)")
    case .stepDone(let host, let step):
      done[host, default: 0] += 1
      await console.status(
        "\(host): \(step) ("
          + done.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
          .joined(separator: ", ") + " done)"
      )
    case .stepFailed(let host, let step, let message):
      await console.log("  \(host): \(step) FAILED: \(message)")
    case .waiting(let what, let detail):
      await console.status("waiting until \(what): \(detail)")
      // Where there is no live line, say each new reason once.
      if detail != lastWait, !detail.isEmpty { lastWait = detail }
    case .gatePassed(let name):
      let steps = done.values.reduce(0, +)
      // A gate may follow that no step of its own led to.
      done = [:]
      await console.log("  \(name): healthy" + (steps > 0 ? ", \(counted(steps, "step"))" : ""))
    case .note(let text):
      await console.log(text)
    }
  }

  func show(_ event: ArtifactEvent) async {
    switch event {
    case .started(let stage): await console.log("  \(stage)")
    case .progress(let stage, let done, let total):
      await console.status("\(stage): \(done) of \(total)")
    case .finished(let stage, let seconds):
      await console.log("  \(stage): done in \(Int(seconds.rounded())) s")
    case .note(let text): await console.log("  \(text)")
    }
  }
}
