// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Components
import Engine
import Planner
import Spec
import Testing
import Values

/// Who joins and leaves the store, by what is found.
@Suite struct EtcdMembersTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    var hosts = ["a", "b", "c"]
    var holding = "abc"
    /// The members by name; one in capitals is a learner, a dash one that never started (c's).
    var listed: String? = "abc"
    var healthy = "abc"
    var isFormed = true
    var leaving = ""
    var joining = ""
    var learning = ""
    /// What the refusal says; nil where there is none.
    var refusal: String?
    var testDescription: String { name }
  }

  private static let cases = [
    Case(name: "all is well"),
    Case(name: "nothing is there", holding: "", listed: nil, healthy: "", isFormed: false),
    Case(name: "nothing is there any more", holding: "", listed: nil, healthy: ""),
    Case(
      name: "a beginning that was interrupted",
      holding: "a",
      listed: nil,
      healthy: "",
      isFormed: false
    ),
    Case(name: "all are stopped", listed: nil, healthy: ""),
    Case(name: "a new host", holding: "ab", listed: "ab", healthy: "ab", joining: "c"),
    Case(
      name: "two new hosts",
      hosts: ["a", "b", "c"],
      holding: "a",
      listed: "a",
      healthy: "a",
      joining: "bc"
    ),
    Case(name: "a host lost its data", holding: "ab", healthy: "ab", leaving: "c", joining: "c"),
    Case(name: "one that was added and never started", holding: "ab", listed: "ab-", joining: "c"),
    Case(
      name: "one that was added, never started and is what lacks for a majority",
      hosts: ["a", "c"],
      holding: "a",
      listed: "a-",
      healthy: "",
      joining: "c"
    ),
    Case(
      name: "one that was added and never started, before others",
      hosts: ["a", "b", "c"],
      holding: "a",
      listed: "a-",
      healthy: "a",
      joining: "cb"
    ),
    Case(name: "one that has not got its vote", listed: "abC", healthy: "ab", learning: "c"),
    Case(name: "a host left the spec", hosts: ["a", "b"], holding: "ab", leaving: "c"),
    Case(
      name: "the only other one left the spec and may be alive",
      hosts: ["a"],
      holding: "a",
      listed: "ab",
      healthy: "a",
      leaving: "b"
    ),
    Case(
      name: "one host for another",
      hosts: ["a", "b", "d"],
      holding: "ab",
      healthy: "ab",
      leaving: "c",
      joining: "d"
    ),
    Case(
      name: "two of three lost their data",
      holding: "a",
      healthy: "",
      refusal: "etcd has lost its majority: of 3 members 3 are not healthy"
    ),
    Case(
      name: "one lost its data, one is stopped",
      holding: "ab",
      healthy: "",
      refusal: "lost its majority"
    ),
    Case(
      name: "one lost its data, and the others do not answer",
      holding: "ab",
      listed: nil,
      healthy: "",
      refusal: "c: has to join etcd, which has lost its majority"
    ),
    Case(
      name: "one was taken out and holds data",
      listed: "ab",
      refusal: "c: holds data of etcd, and is none of its members (a, b)"
    ),
  ]

  private static func host(_ name: String) -> HostSpec {
    let number = UInt32(name.utf8.first ?? 0)
    return HostSpec(name: name, ssh: nil, nodeIP: IPv4Address(raw: number), roles: [.etcd])
  }

  private static func cluster(_ hosts: [String]) -> ClusterSpec {
    ClusterSpec(
      name: "test",
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 20, 2)),
      controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: "127.0.0.1")),
      hosts: hosts.map(host)
    )
  }

  private static func member(_ letter: Character) -> EtcdAPI.Member {
    let name = letter == "-" ? "c" : letter.lowercased()
    return EtcdAPI.Member(
      id: "id-\(name)",
      name: letter == "-" ? "" : name,
      peerURLs: [Etcd.peerURL(of: host(name))],
      isLearner: letter.isUppercase
    )
  }

  private static func members(
    of example: Case,
    record: EtcdRecord = EtcdRecord()
  ) throws -> EtcdMembers {
    func names(_ text: String) -> Set<String> { Set(text.map(String.init)) }
    return try EtcdMembers(
      cluster(example.hosts),
      EtcdMembers.Findings(
        holding: names(example.holding),
        listed: example.listed?.map(member),
        healthy: names(example.healthy),
        record: EtcdRecord(entrances: record.entrances, isFormed: example.isFormed)
      )
    )
  }

  @Test("what is found decides", arguments: cases)
  func decides(_ example: Case) throws {
    if let refusal = example.refusal {
      let failure = #expect(throws: Failure.self) { try Self.members(of: example) }
      #expect(failure?.kind == .state && failure?.description.contains(refusal) == true)
      return
    }
    let members = try Self.members(of: example)
    #expect(members.leaving.map(\.name).joined() == example.leaving)
    #expect(members.joining.joined() == example.joining)
    #expect(members.learning.joined() == example.learning)
    #expect(Set(members.record.entrances.keys) == Set(example.hosts))
    #expect(members.changes.count == (example.leaving + example.joining + example.learning).count)
    // Who joins is told of all that are there, those that leave not among them, and of who joins before it.
    for (index, name) in members.joining.enumerated() {
      let before = (example.listed ?? "").filter { $0 != "-" && !example.leaving.contains($0) }
      let names = before.map { $0.lowercased() } + members.joining.prefix(index + 1)
      let entrance = members.record.entrances[name]
      #expect(entrance?.state == .existing)
      #expect(
        entrance?.members == names.map { "\($0)=\(Etcd.peerURL(of: Self.host($0)))" }
      )
    }
    for name in example.hosts where !members.joining.contains(name) {
      #expect(members.record.entrances[name] == .founding(Self.cluster(example.hosts)))
    }
  }

  /// Nobody's flags change, and so nobody restarts, because others come and go.
  @Test func anEntranceStaysAsItWas() throws {
    let first = EtcdEntrance(members: ["a=https://0.0.0.97:2380"], state: .new)
    let record = EtcdRecord(entrances: ["a": first])
    let grown = try Self.members(
      of: Case(name: "", holding: "a", listed: "a", healthy: "a", joining: "bc"),
      record: record
    )
    #expect(grown.record.entrances["a"] == first && grown.record.isFormed)
    let again = try Self.members(of: Case(name: ""), record: grown.record)
    #expect(again.record == grown.record)
    // All that was is gone: then all begin together.
    let anew = try Self.members(
      of: Case(name: "", holding: "", listed: nil, healthy: ""),
      record: grown.record
    )
    #expect(anew.record.entrances["a"]?.members.count == 3 && !anew.record.isFormed)
  }

  @Test func whoJoinsHasToStartForIt() throws {
    let members = try Self.members(
      of: Case(name: "", holding: "ab", listed: "ab", healthy: "ab", joining: "c")
    )
    func plan(_ hosts: [String]) -> ClusterPlan {
      ClusterPlan(
        cluster: "test",
        version: "v1.20.2",
        credentials: [],
        stages: [
          PlannedStage(
            stage: .etcd,
            batches: [hosts.map { HostPlan(host: $0, changes: []) }],
            objects: members.changes
          )
        ]
      )
    }
    try members.requireStart(in: plan(["c"]))
    let failure = #expect(throws: Failure.self) { try members.requireStart(in: plan(["a"])) }
    #expect(failure?.remedy?.contains("reset --host c") == true)
  }

  @Test func hostsPartOnlyWhereTheClusterGoesOn() {
    let cluster = ClusterSpec(
      name: "test",
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 20, 2)),
      controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: "127.0.0.1")),
      hosts: ["a", "b", "c"].map {
        var host = Self.host($0)
        host.roles = $0 == "c" ? [.worker] : [.etcd, .controlPlane, .worker]
        return host
      }
    )
    func departure(_ leaving: String, isFormed: Bool = true) -> HostDeparture {
      HostDeparture(
        cluster,
        leaving: leaving.map(String.init),
        record: EtcdRecord(isFormed: isFormed)
      )
    }
    #expect(departure("a").members.map(\.name) == ["a"] && departure("a").nodes == ["a"])
    #expect(departure("c").members.isEmpty && departure("c").nodes == ["c"])
    #expect(departure("ab").members.isEmpty && departure("ab").losesStore)
    #expect(departure("abc").nodes.isEmpty && !departure("abc").losesStore)
    #expect(departure("a", isFormed: false).members.isEmpty && !departure("a").losesStore)
  }
}
