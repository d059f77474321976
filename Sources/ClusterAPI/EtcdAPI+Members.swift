// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Values

/// Who holds the store, and how that changes.
extension EtcdAPI {
  /// A member as the cluster lists it.
  package struct Member: Sendable, Equatable {
    /// A number in decimal digits.
    package var id: String
    /// Empty for one that was added and did not start yet.
    package var name: String
    package var peerURLs: [String]
    /// Whether it gets all entries and has no vote.
    package var isLearner: Bool

    package init(id: String, name: String, peerURLs: [String], isLearner: Bool = false) {
      self.id = id
      self.name = name
      self.peerURLs = peerURLs
      self.isLearner = isLearner
    }
  }

  /// The cluster's members.
  package func members() async throws -> [Member] {
    let answer = try await call("cluster/member/list", [:])
    return (answer["members"]?.array ?? []).map(Member.init)
  }

  /// Makes room for a member that will answer at `peerURL`; as a learner it gets a vote by `promote` only.
  package func add(peerURL: String, asLearner: Bool) async throws {
    var body: [String: JSONValue] = ["peerURLs": .array([.string(peerURL)])]
    if asLearner { body["isLearner"] = .bool(true) }
    try await change("cluster/member/add", body)
  }

  /// Gives a learner its vote.
  /// - Throws: `Failure` (`step`) as long as it is not in step with the leader.
  package func promote(_ id: String) async throws {
    _ = try await call("cluster/member/promote", ["ID": .string(id)])
  }

  /// Takes a member out for good: it ends by itself, and its data are of no use to it any more.
  package func remove(_ id: String) async throws {
    try await change("cluster/member/remove", ["ID": .string(id)])
  }

  /// How long a change may be refused because members have met just now.
  ///
  /// Each counts as connected 5 s after it came. Source: HealthInterval in server.go of etcd.
  private static let settling = Duration.seconds(30)

  private func change(_ method: String, _ body: [String: JSONValue]) async throws {
    let end = ContinuousClock.now + Self.settling
    while true {
      do {
        _ = try await call(method, body)
        return
      } catch let failure as Failure
        where failure.why?.contains("unhealthy cluster") == true && ContinuousClock.now < end
      {
        try await Task.sleep(for: .seconds(1))
      }
    }
  }
}

extension EtcdAPI.Member {
  /// A member out of the gateway's JSON, where 64-bit numbers are strings and zero values are left out.
  init(_ answer: JSONValue) {
    self.init(
      id: answer["ID"]?.string ?? "",
      name: answer["name"]?.string ?? "",
      peerURLs: (answer["peerURLs"]?.array ?? []).compactMap(\.string),
      isLearner: answer["isLearner"]?.bool ?? false
    )
  }
}
