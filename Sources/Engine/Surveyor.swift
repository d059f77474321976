// SPDX-License-Identifier: Apache-2.0

package import Artifacts
import ClusterAPI
package import Components
package import Facts
package import PKI
package import Planner
import Resources
package import Spec
import Transport
package import Values

/// Finds out what there is and what should be: one round trip to probe, one to observe.
package struct Surveyor: Sendable {
  package let cluster: ClusterSpec
  package let state: StateFolder
  package let fleet: Fleet
  package let artifacts: ArtifactStore
  package let events: EventSink
  package let artifactEvents: @Sendable (ArtifactEvent) async -> Void

  package init(
    cluster: ClusterSpec,
    state: StateFolder,
    fleet: Fleet,
    artifacts: ArtifactStore,
    events: @escaping EventSink,
    artifactEvents: @escaping @Sendable (ArtifactEvent) async -> Void
  ) {
    self.cluster = cluster
    self.state = state
    self.fleet = fleet
    self.artifacts = artifacts
    self.events = events
    self.artifactEvents = artifactEvents
  }

  /// Seconds that a probe or an observation may take on a host.
  private static let readDeadline = Duration.seconds(60)

  /// Surveys every host and plans.
  ///
  /// With `commit` credentials and pod subnets may be written (`up`), without it the facts only (`plan`).
  ///
  /// - Throws: `Failure` or `Failures`; nothing on any host was changed.
  package func survey(commit: Bool) async throws -> Survey {
    let probes = try await probe()
    var facts = probes.mapValues(\.facts)
    let faults = Preflight.faults(
      cluster: cluster,
      facts: facts,
      instanceProblems: probes.compactMapValues(\.instanceProblem)
    )
    guard faults.isEmpty else { throw Failures(faults) }
    let manifests = try probes.mapValues { try Manifest.parse($0.manifest).entries }

    let isEKS = cluster.isOfEKS
    // Before anything is made or recorded for a spec that the cluster would not outlive.
    let living = try await living(facts: facts)
    let word = try await askAWS(of: &facts)
    let subnets = isEKS ? [:] : try podSubnets(facts: facts, living: living)
    try state.create()
    for (host, found) in facts { try state.record(found, of: host) }
    if commit, !isEKS { try state.record(podSubnets: subnets) }
    let memberships = try await eksMemberships(of: facts)
    try await report(word, facts: facts, memberships: memberships)
    await events(.phase("programs"))
    let programs = try await programs(for: facts)
    let outcome = try await credentials(commit: commit)
    let clients = ClusterClients(
      cluster: cluster,
      pki: outcome.bundle,
      reach: Reach(fleet: fleet),
      eks: try entrance()
    )
    let etcd = isEKS ? nil : try await etcdMembers(facts, clients)
    if commit, let etcd { try state.record(etcd: etcd.record) }
    let contexts = contexts(
      facts: facts,
      pki: outcome.bundle,
      subnets: subnets,
      programs: programs,
      memberships: memberships,
      etcd: etcd?.record
    )
    let desired = Dictionary(
      uniqueKeysWithValues: try await contexts.concurrentMap {
        ($0.host.name, try DesiredState.resources(for: $0))
      }
    )
    let observed = try await observe(desired, memberships: memberships)

    let hosts = try await cluster.hosts.concurrentMap { host in
      let wanted = desired[host.name] ?? []
      let found = observed[host.name] ?? [:]
      return HostState(
        host: host.name,
        desired: wanted,
        observed: found,
        changes: Program.changes(
          desired: wanted.map(\.resource),
          observed: found,
          manifest: manifests[host.name] ?? []
        )
      )
    }
    var objects = try await objectChanges(
      ObjectPlanner(
        cluster: cluster,
        podSubnets: subnets,
        marks: state.nodeMarks(),
        clients: clients,
        nodeNames: NodeNames.of(cluster, facts: facts)
      ),
      apiMayRun: isEKS || hosts.contains { $0.observes(active: "kube-apiserver.service") }
    )
    if let etcd { objects[.etcd] = etcd.changes }
    let plan = Planner.plan(
      cluster: cluster.name,
      version: cluster.kubernetes.version.description,
      credentials: outcome.changes.map(\.description),
      hosts: hosts,
      objects: objects,
      joining: etcd?.joining ?? []
    )
    try etcd?.requireStart(in: plan)
    return Survey(
      cluster: cluster,
      facts: facts,
      manifests: manifests,
      pki: outcome.bundle,
      memberships: memberships,
      etcd: etcd,
      hosts: hosts,
      plan: plan
    )
  }

  /// Keys and certificates; for a cluster of EKS there are none of ours.
  private func credentials(commit: Bool) async throws -> PKIOutcome {
    guard !cluster.isOfEKS else { return .none }
    await events(.phase("credentials"))
    return try await PKIStore(directory: state.pki).ensure(cluster: cluster, dryRun: !commit)
  }

  /// The hosts' pod subnets.
  ///
  /// What was once given stays as long as a host belongs to the cluster; what no host has is given anew, so
  /// that a plan that nobody applied, or a reset, binds nobody.
  package func podSubnets(
    facts: [String: HostFacts],
    living: LivingCluster? = nil
  ) throws -> [String: CIDR] {
    let isMade = facts.values.contains { $0.manifestCluster == cluster.name }
    let recorded = isMade ? try state.podSubnets() : [:]
    return try PodSubnets.allocate(
      for: cluster,
      recorded: recorded.merging(living?.podSubnets ?? [:]) { $1 }
    )
  }

  /// Round trip one: what each host is.
  package func probe(of hosts: [String]? = nil) async throws -> [String: ProbeResult] {
    await events(.phase("connect and probe"))
    return try await fleet.all(of: hosts) { member in
      let asked = Probe.clock()
      let result = try await member.transport.run(
        program: cluster.probe,
        deadline: Self.readDeadline,
        onLine: { _ in }
      )
      guard result.exitCode == 0 else {
        throw Failure(
          .preflight,
          host: member.spec.name,
          "the probe failed (exit \(result.exitCode))",
          why: result.standardError,
          remedy: "the login must be root or may use sudo"
        )
      }
      let probe = try Probe.parse(result.standardOutput, asked: asked)
      await events(.hostDone(phase: "probe", host: member.spec.name))
      return probe
    }
  }

  /// All that components look at, a value a host whose facts are known.
  package func contexts(
    facts: [String: HostFacts],
    pki: PKIBundle,
    subnets: [String: CIDR],
    programs: [Architecture: [String: ProgramFile]],
    memberships: [String: EKSMembership] = [:],
    etcd: EtcdRecord? = nil
  ) -> [HostContext] {
    cluster.hosts.compactMap { host in
      facts[host.name].map { found in
        HostContext(
          cluster: cluster,
          host: host,
          facts: found,
          pki: pki,
          podSubnets: subnets,
          programs: programs[found.architecture] ?? [:],
          eks: memberships[host.name],
          etcdEntrance: etcd?.entrances[host.name]
        )
      }
    }
  }

  /// Round trip two: what each host holds of it, and of workers of EKS whether they reach their cluster.
  private func observe(
    _ desired: [String: [StagedResource]],
    memberships: [String: EKSMembership]
  ) async throws -> [String: [ResourceID: Observation]] {
    await events(.phase("observe"))
    let seen = try await fleet.all {
      member -> (found: [ResourceID: Observation], faults: [Failure]) in
      let resources = (desired[member.spec.name] ?? []).map(\.resource)
      let links = memberships[member.spec.name].map { LinkTrial(of: member.spec.name, $0) }
      let result = try await member.transport.run(
        program: (links?.program ?? "") + Program.observe(resources),
        deadline: Self.readDeadline,
        onLine: { _ in }
      )
      guard result.exitCode == 0 else {
        throw Failure(
          .step,
          host: member.spec.name,
          "observing failed (exit \(result.exitCode))",
          why: result.standardError
        )
      }
      let (faults, rest) = try links?.read(result.standardOutput) ?? ([], result.standardOutput)
      let found = try Program.parse(observations: rest)
      await events(.hostDone(phase: "observe", host: member.spec.name))
      return (found, faults)
    }
    let faults = cluster.hosts.flatMap { seen[$0.name]?.faults ?? [] }
    guard faults.isEmpty else { throw Failures(faults) }
    return seen.mapValues(\.found)
  }

  /// The programs of each architecture that the hosts have.
  ///
  /// With `areFetchedByHosts` the places they come from must still publish the same.
  package func programs(
    for facts: [String: HostFacts],
    areFetchedByHosts: Bool = false
  ) async throws -> [Architecture: [String: ProgramFile]] {
    var programs: [Architecture: [String: ProgramFile]] = [:]
    for architecture in Set(facts.values.map(\.architecture)) {
      let request = cluster.artifactRequest(for: architecture)
      let sources = cluster.artifacts.sources.map(ArtifactSource.init)
      let stored = try await artifacts.ensure(request, sources: sources, progress: artifactEvents)
      if areFetchedByHosts {
        try await artifacts.confirm(stored, request, sources: sources, progress: artifactEvents)
      }
      programs[architecture] = Dictionary(
        uniqueKeysWithValues: stored.map { name, artifact in
          (
            name.rawValue,
            ProgramFile(
              digest: artifact.digest,
              size: artifact.size,
              source: artifact.path,
              url: artifact.url
            )
          )
        }
      )
    }
    return programs
  }
}

extension HostState {
  /// Whether `unit` was seen running.
  package func observes(active unit: String) -> Bool {
    observed[ResourceID(kind: "unit", name: unit)]?.attributes["active"] == "active"
  }
}
