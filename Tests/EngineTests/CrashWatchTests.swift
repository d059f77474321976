// SPDX-License-Identifier: Apache-2.0

import Spec
import Testing
import Transport
import Values

@testable import Engine

/// What is made of units that fall while a gate waits.
@Suite struct CrashWatchTests {
  private static func fall(_ process: Int, status: Int = 1, state: String = "auto-restart")
    -> String
  {
    """
    Result=\(state == "running" ? "success" : "exit-code")
    ExecMainPID=\(process)
    ExecMainStatus=\(state == "running" ? 0 : status)
    Id=kubelet.service
    SubState=\(state)

    """
  }

  /// Looks once for each answer of the host.
  private func looks(_ answers: [String]) async throws -> [String?] {
    let record = Recording()
    let host = ScriptedTransport(host: "node-1", record: record) { program in
      #expect(program.contains("crio.service kubelet.service"))
      let output = answers[await record.entries.count - 1]
      return ProgramResult(
        exitCode: 0,
        standardOutput: "Result=success\nExecMainPID=7\nExecMainStatus=0\nId=crio.service\n"
          + "SubState=running\n\n" + output,
        standardError: ""
      )
    }
    let spec = HostSpec(name: "node-1", ssh: nil, nodeIP: .unspecified, roles: [.worker])
    let watch = CrashWatch(
      fleet: Fleet(members: [Fleet.Member(spec: spec, transport: host)]),
      units: ["node-1": ["crio.service", "kubelet.service"]]
    )
    var found: [String?] = []
    for _ in answers { found.append(try await watch.look()) }
    return found
  }

  @Test("five falls alike are told")
  func hopeless() async throws {
    let found = try await looks((1...5).map { Self.fall($0) })
    #expect(found.dropLast().allSatisfy { $0 == nil })
    #expect(found.last == "kubelet.service on node-1 failed 5 times or more: exit-code 1")
  }

  @Test("two falls, and then it stays")
  func twice() async throws {
    let answers =
      [1, 2].map { Self.fall($0) } + (3...9).map { _ in Self.fall(3, state: "running") }
    #expect(try await looks(answers).allSatisfy { $0 == nil })
  }

  @Test("one fall that is seen often is one")
  func sameProcess() async throws {
    #expect(try await looks((1...9).map { _ in Self.fall(4) }).allSatisfy { $0 == nil })
  }

  @Test("another end begins anew, a look between two falls does not")
  func changing() async throws {
    let falls = (1...4).map { Self.fall($0) }
    #expect(try await looks(falls + [Self.fall(5, status: 2)]).allSatisfy { $0 == nil })
    let between = [Self.fall(5, state: "running"), Self.fall(5)]
    #expect(try await looks(falls + between).compactMap(\.self).count == 1)
  }

  @Test("a host that does not answer is the gate's to tell")
  func silent() async throws {
    let spec = HostSpec(name: "node-1", ssh: nil, nodeIP: .unspecified, roles: [.worker])
    let gone = ScriptedTransport(host: "node-1") { _ in throw Failure(.unreachable, "gone") }
    let watch = CrashWatch(
      fleet: Fleet(members: [Fleet.Member(spec: spec, transport: gone)]),
      units: ["node-1": ["kubelet.service"]]
    )
    #expect(try await watch.look() == nil)
  }
}
