// SPDX-License-Identifier: Apache-2.0

import Engine
import Spec
import Testing
import Values

@Suite struct FleetTests {
  private func fleet(_ names: [String], width: Int = 4, record: Recording = Recording()) -> Fleet {
    Fleet(
      members: names.enumerated().map { index, name in
        Fleet.Member(
          spec: HostSpec(
            name: name,
            ssh: nil,
            nodeIP: IPv4Address(raw: UInt32(index)),
            roles: [.worker]
          ),
          transport: ScriptedTransport(host: name, record: record)
        )
      },
      width: width
    )
  }

  private let names = (0..<20).map { "host-\($0)" }

  @Test(arguments: [1, 3, 8]) func neverMoreThanItsWidthAtOnce(width: Int) async throws {
    let record = Recording()
    let values = try await fleet(names, width: width).all { member in
      await record.enter()
      for _ in 0..<5 { await Task.yield() }
      await record.leave()
      return member.spec.name
    }
    #expect(values.count == names.count)
    #expect(await record.mostAtOnce <= width)
    #expect(await record.mostAtOnce >= 1)
  }

  @Test func oneHostsFailureDoesNotHideAnothers() async throws {
    let bad: Set = ["host-3", "host-7"]
    let failures = try await #require(throws: Failures.self) {
      try await fleet(names).all { member in
        if bad.contains(member.spec.name) { throw Failure(.step, "broke") }
      }
    }
    #expect(failures.failures.map(\.host) == ["host-3", "host-7"])
    #expect(failures.description == "host-3: broke\nhost-7: broke")
  }

  @Test func anUnknownErrorIsNotLost() async throws {
    struct Odd: Error {}
    let outcomes = try await fleet(["a"]).each { _ in throw Odd() } as Fleet.Outcomes<Void>
    guard case .failure(let failure) = outcomes["a"] else {
      Issue.record("no failure")
      return
    }
    #expect(failure.kind == .internalError)
    #expect(failure.why?.contains("Odd") == true)
  }

  @Test func onlyTheChosenHostsAreAsked() async throws {
    let values = try await fleet(names).all(of: ["host-2", "host-5"]) { $0.spec.name }
    #expect(values.keys.sorted() == ["host-2", "host-5"])
  }

  @Test func cancellationEndsTheRun() async throws {
    let fleet = fleet(names, width: 2)
    let task = Task {
      try await fleet.all { _ in try await Task.sleep(for: .seconds(3600)) }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func closingClosesEveryConnection() async {
    let record = Recording()
    await fleet(names, record: record).close()
    #expect(await Set(record.entries) == Set(names.map { "\($0) close" }))
  }
}
