// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
package import Components
import Spec
import Values

/// Waits until a stage's work is really healthy, and says why it is not while it waits.
package struct Gate: Sendable {
  package let clients: ClusterClients
  package let events: EventSink
  /// How long one gate may take.
  package let patience: Duration
  /// How long a refusal of the operator's own credentials may stand: an entry that was just made takes seconds
  /// to be seen.
  package let grace: Duration
  /// How long it waits before it looks for the first time, or again, whether there is hope.
  package let lookPause: Duration
  /// What the cluster calls hosts that it does not call by their names in the spec.
  package let nodeNames: [String: String]

  package init(
    clients: ClusterClients,
    patience: Duration = .seconds(180),
    grace: Duration = .seconds(10),
    lookPause: Duration = .seconds(3),
    nodeNames: [String: String] = [:],
    events: @escaping EventSink
  ) {
    self.clients = clients
    self.patience = patience
    self.grace = grace
    self.lookPause = lookPause
    self.nodeNames = nodeNames
    self.events = events
  }

  /// Waits for what `stage` promises of `hosts`, unless `watch` says why that will not come.
  ///
  /// It is asked every few seconds, and says nil while there is hope.
  /// - Throws: `Failure` (`deadline`) with the latest reason; a refusal of a cluster of EKS that stands, as
  ///   waiting for more of them tells nothing.
  package func pass(
    _ stage: Stage,
    hosts: [String],
    watch: @Sendable () async throws -> String? = { nil }
  ) async throws {
    let names = hosts.map { nodeNames[$0] ?? $0 }
    switch stage {
    case .prepare, .objects: return
    case .etcd:
      for host in hosts {
        try await until("etcd on \(host) is healthy", host: host, watch) {
          try await clients.withEtcd(of: host) { try await $0.health() } ? nil : "not healthy"
        }
      }
    case .controlPlane:
      for host in hosts {
        try await until("the API server on \(host) is ready", host: host, watch) {
          let answer = try await clients.withAPI(of: host) { try await $0.readiness() }
          return answer.ready ? nil : answer.detail
        }
      }
    case .workers:
      // A kubelet says at once that it is Ready when it is given its pod subnet, which is the next stage;
      // who waited here for that would wait for its next report, 10 s later.
      var waited = false
      try await until("the nodes have registered", host: nil, watch) {
        let nodes = Set(try await clients.nodes(names).map(\.name))
        let missing = names.filter { !nodes.contains($0) }
        guard !missing.isEmpty else { return nil }
        waited = true
        return "not registered yet: " + missing.joined(separator: ", ")
      }
      if waited { try await Task.sleep(for: Self.settling) }
    case .nodes:
      try await until("the nodes are Ready", host: nil, watch) {
        let nodes = try await clients.nodes(names)
        let waiting = names.compactMap { host -> String? in
          guard let node = nodes.first(where: { $0.name == host }) else {
            return "\(host) has not registered"
          }
          return node.ready ? nil : "\(host): \(node.reason)"
        }
        return waiting.isEmpty ? nil : waiting.joined(separator: "; ")
      }
    }
    await events(.gatePassed(stage.rawValue))
  }

  /// How long a kubelet needs after its registration until a look at itself finds all in order: it looks
  /// once when it is given its subnet, and its list of pods is a second old at most by then.
  private static let settling = Duration.milliseconds(1500)

  /// One refusal may be a token's that was about to end.
  private static let refusalsThatCount = 3

  /// Polls `check` (nil: healthy, a text: why not) a few times a second.
  func until(
    _ what: String,
    host: String?,
    _ watch: () async throws -> String? = { nil },
    _ check: () async throws -> String?
  ) async throws {
    let clock = ContinuousClock()
    let begin = clock.now
    var nextLook = begin + lookPause
    var latest = ""
    var refusals = 0
    while true {
      do {
        guard let reason = try await check() else { return }
        latest = reason
        refusals = 0
      } catch let failure as Failure where failure.kind == .unreachable || failure.kind == .step {
        latest = failure.why ?? failure.what
        refusals = 0
      } catch let failure as Failure where failure.kind.isRefusal {
        refusals += 1
        if let eks = clients.eks, refusals >= Self.refusalsThatCount,
          await eks.refused() >= grace
        {
          throw failure
        }
        latest = failure.why ?? failure.what
      }
      await events(.waiting(what: what, detail: latest))
      var hopeless: String?
      if clock.now >= nextLook {
        hopeless = try await watch()
        nextLook = clock.now + lookPause
      }
      guard hopeless == nil, clock.now < begin + patience else {
        throw Failure(
          .deadline,
          host: host,
          "waited \((clock.now - begin).components.seconds) s until \(what)",
          why: [hopeless, latest].compactMap(\.self).joined(separator: "\n"),
          remedy: "mend the cause and run the same command again: it goes on from here"
        )
      }
      try await Task.sleep(for: .milliseconds(refusals > 0 ? 1000 : 200))
    }
  }
}
