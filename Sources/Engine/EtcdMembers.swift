// SPDX-License-Identifier: Apache-2.0

package import ClusterAPI
package import Components
package import Planner
import Resources
package import Spec
import Values

/// How the members of the store come to be the hosts of the spec: who leaves, who joins, who gets a vote.
///
/// What it is found from is `Findings`; what follows is a value, so that the plan shows it before it happens.
package struct EtcdMembers: Sendable, Equatable {
  /// What is known of the store and of the hosts that are to hold it.
  package struct Findings: Sendable {
    /// Hosts where data of a member lie.
    package var holding: Set<String>
    /// The members as one of them lists them; nil where none answers.
    package var listed: [EtcdAPI.Member]?
    /// Hosts whose member says that it is healthy.
    package var healthy: Set<String>
    package var record: EtcdRecord

    package init(
      holding: Set<String> = [],
      listed: [EtcdAPI.Member]? = nil,
      healthy: Set<String> = [],
      record: EtcdRecord = EtcdRecord()
    ) {
      self.holding = holding
      self.listed = listed
      self.healthy = healthy
      self.record = record
    }
  }

  /// A member that has to go before anything else happens.
  package struct Departure: Sendable, Equatable {
    package var id: String
    package var name: String
    /// Whether its data are gone; otherwise it is no host of the spec, and may run.
    package var isGone: Bool

    package var why: String {
      isGone ? "its data are gone" : "no host of the spec with the role etcd"
    }
  }

  package var record: EtcdRecord
  package var leaving: [Departure] = []
  /// Hosts that join, one after the other.
  package var joining: [String] = []
  /// Hosts that have joined as learners, and have no vote yet.
  package var learning: [String] = []
  /// Those of `joining` that are members already, and never started.
  package var awaited: [String] = []
  /// Hosts whose members stay as they are: those to ask.
  package var staying: [String] = []

  /// What has to happen.
  /// - Throws: `Failure` (`state`) where no way leads to the hosts of the spec.
  package init(_ cluster: ClusterSpec, _ found: Findings) throws {
    let hosts = cluster.hosts(with: .etcd)
    record = EtcdRecord(entrances: [:], isFormed: found.record.isFormed)
    let founding = EtcdEntrance.founding(cluster)
    for host in hosts {
      record.entrances[host.name] = found.record.entrances[host.name] ?? founding
    }

    guard hosts.contains(where: { found.holding.contains($0.name) }) else {
      // Nobody has anything: a cluster begins.
      record = EtcdRecord()
      for host in hosts { record.entrances[host.name] = founding }
      return
    }
    let empty = hosts.filter { !found.holding.contains($0.name) }
    guard let listed = found.listed, !listed.isEmpty else {
      if record.isFormed, let host = empty.first {
        throw Failure(
          .state,
          host: host.name,
          "has to join etcd, which has lost its majority: none of its members answers",
          remedy:
            "start etcd on the other hosts first (systemctl status etcd tells why it does not run)"
        )
      }
      return
    }
    record.isFormed = true
    try settle(hosts, listed: listed, found)
    staying = hosts.map(\.name).filter { !joining.contains($0) }
    let ill = staying.filter { !found.healthy.contains($0) && !learning.contains($0) }.count
    let gone = listed.filter { member in
      !member.isLearner && leaving.contains { $0.id == member.id && $0.isGone }
    }
    try requireMajority(listed, healthy: found.healthy, dead: ill + gone.count)
  }

  /// Compares the members with the hosts, by the addresses where they speak to each other.
  private mutating func settle(
    _ hosts: [HostSpec],
    listed: [EtcdAPI.Member],
    _ found: Findings
  ) throws {
    var members = listed
    for member in listed
    where !hosts.contains(where: { member.peerURLs.contains(Etcd.peerURL(of: $0)) }) {
      leaving.append(Departure(id: member.id, name: member.name, isGone: false))
      members.removeAll { $0.id == member.id }
    }
    for host in hosts {
      let member = members.first { $0.peerURLs.contains(Etcd.peerURL(of: host)) }
      switch (member, found.holding.contains(host.name)) {
      case (let member?, true):
        if member.isLearner { learning.append(host.name) }
      case (let member?, false):
        joining.append(host.name)
        // One that was added and never started waits for just this host.
        guard !member.name.isEmpty else {
          awaited.append(host.name)
          continue
        }
        leaving.append(Departure(id: member.id, name: member.name, isGone: true))
        members.removeAll { $0.id == member.id }
      case (nil, false):
        joining.append(host.name)
      case (nil, true):
        throw Failure(
          .state,
          host: host.name,
          "holds data of etcd, and is none of its members (\(listed.map(\.name).joined(separator: ", ")))",
          why: "it was taken out, or had another address then",
          remedy: "kubewright reset --host \(host.name), then up: it joins with empty hands"
        )
      }
    }
    // etcd admits one learner at a time: who was admitted comes first.
    joining = awaited + joining.filter { !awaited.contains($0) }
    var entered = members.filter { !$0.name.isEmpty }.flatMap { member in
      member.peerURLs.map { "\(member.name)=\($0)" }
    }
    for host in joining.compactMap({ name in hosts.first { $0.name == name } }) {
      entered.append("\(host.name)=\(Etcd.peerURL(of: host))")
      record.entrances[host.name] = EtcdEntrance(members: entered, state: .existing)
    }
  }

  /// Without a majority etcd takes no change; who was admitted before needs none, and may be what lacks.
  ///
  /// A member elsewhere may be alive or not: etcd itself knows, and lets none go that its majority needs.
  private func requireMajority(
    _ listed: [EtcdAPI.Member],
    healthy: Set<String>,
    dead: Int
  ) throws {
    guard !leaving.isEmpty || joining.count > awaited.count || !learning.isEmpty else { return }
    let healthy = staying.filter(healthy.contains)
    let voters = listed.filter { !$0.isLearner }.count
    guard healthy.isEmpty || voters - dead < voters / 2 + 1 else { return }
    throw Failure(
      .state,
      "etcd has lost its majority: of \(voters) members \(dead) are not healthy, and so nobody can join or leave",
      why: "healthy: \(healthy.isEmpty ? "none" : healthy.joined(separator: ", "))",
      remedy:
        "start etcd on more of its hosts first (systemctl status etcd tells why it does not run)"
    )
  }

  /// Who joins has to start for it.
  /// - Throws: `Failure` (`state`) where a member of that host runs on after its data were deleted.
  package func requireStart(in plan: ClusterPlan) throws {
    let started = plan.stages.filter { $0.stage == .etcd }.flatMap(\.hosts).map(\.host)
    for host in joining where !started.contains(host) {
      throw Failure(
        .state,
        host: host,
        "its etcd runs, and its data are gone",
        remedy: "kubewright reset --host \(host), then up: it joins with empty hands"
      )
    }
  }

  /// What the plan says of it.
  package var changes: [ObjectChange] {
    leaving.map {
      ObjectChange(
        action: .remove,
        name: "etcd-member/\($0.name)",
        summary: $0.why,
        reason:
          "The members of the store are the hosts with the role etcd; who is dead counts for its majority."
      )
    }
      + joining.map {
        ObjectChange(
          action: .create,
          name: "etcd-member/\($0)",
          summary: "joins the members that are there",
          reason: "The members of the store are the hosts with the role etcd."
        )
      }
      + learning.map {
        ObjectChange(
          action: .update,
          name: "etcd-member/\($0)",
          summary: "gets its vote",
          reason: "It joined as a learner, which counts for no majority."
        )
      }
  }
}

/// What is kept of the store's members: given once.
package struct EtcdRecord: Sendable, Equatable, Codable {
  /// How each host's member entered, by host name.
  package var entrances: [String: EtcdEntrance]
  /// Whether its members were ever seen together: then nobody may begin it anew.
  package var isFormed: Bool

  package init(entrances: [String: EtcdEntrance] = [:], isFormed: Bool = false) {
    self.entrances = entrances
    self.isFormed = isFormed
  }
}
