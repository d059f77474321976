// SPDX-License-Identifier: Apache-2.0

package import Spec
package import Transport
package import Values

/// The hosts of a cluster with a way to each.
package struct Fleet: Sendable {
  /// A host and its connection.
  package struct Member: Sendable {
    package let spec: HostSpec
    package let transport: any Transport

    package init(spec: HostSpec, transport: any Transport) {
      self.spec = spec
      self.transport = transport
    }
  }

  package let members: [Member]
  /// How many hosts are worked on at once.
  package let width: Int

  package init(members: [Member], width: Int = 32) {
    self.members = members
    self.width = max(1, width)
  }

  package subscript(host: String) -> Member? {
    members.first { $0.spec.name == host }
  }

  /// What `work` made of each host: one host's failure does not hide another's.
  package typealias Outcomes<Value> = [String: Result<Value, Failure>]

  /// Runs `work` on `hosts` (all by default), at most `width` at once.
  /// - Throws: only cancellation; failures are outcomes.
  package func each<Value: Sendable>(
    of hosts: [String]? = nil,
    _ work: @escaping @Sendable (Member) async throws -> Value
  ) async throws -> Outcomes<Value> {
    let chosen = members.filter { hosts?.contains($0.spec.name) ?? true }
    return try await withThrowingTaskGroup(
      of: (String, Result<Value, Failure>).self
    ) { group in
      var outcomes: Outcomes<Value> = [:]
      var next = 0
      while next < min(width, chosen.count) {
        let member = chosen[next]
        group.addTask { try await Self.outcome(of: member, work) }
        next += 1
      }
      while let (host, outcome) = try await group.next() {
        outcomes[host] = outcome
        if next < chosen.count {
          let member = chosen[next]
          group.addTask { try await Self.outcome(of: member, work) }
          next += 1
        }
      }
      return outcomes
    }
  }

  /// Like `each`, and throws all failures together where there are any.
  package func all<Value: Sendable>(
    of hosts: [String]? = nil,
    _ work: @escaping @Sendable (Member) async throws -> Value
  ) async throws -> [String: Value] {
    let outcomes = try await each(of: hosts, work)
    var values: [String: Value] = [:]
    var failures: [Failure] = []
    for member in members {
      switch outcomes[member.spec.name] {
      case .success(let value): values[member.spec.name] = value
      case .failure(let failure): failures.append(failure)
      case nil: continue
      }
    }
    guard failures.isEmpty else { throw Failures(failures) }
    return values
  }

  /// Ends every connection.
  package func close() async {
    await withTaskGroup(of: Void.self) { group in
      for member in members { group.addTask { await member.transport.close() } }
    }
  }

  private static func outcome<Value: Sendable>(
    of member: Member,
    _ work: @Sendable (Member) async throws -> Value
  ) async throws -> (String, Result<Value, Failure>) {
    do {
      return (member.spec.name, .success(try await work(member)))
    } catch var failure as Failure {
      failure.host = failure.host ?? member.spec.name
      return (member.spec.name, .failure(failure))
    } catch let cancellation as CancellationError {
      throw cancellation
    } catch {
      return (
        member.spec.name,
        .failure(
          Failure(
            .internalError,
            host: member.spec.name,
            "an unexpected error",
            why: String(describing: error)
          )
        )
      )
    }
  }
}

/// Several failures of one run, each told.
package struct Failures: Error, Sendable, CustomStringConvertible {
  package let failures: [Failure]

  package init(_ failures: [Failure]) {
    self.failures = failures
  }

  package var description: String {
    failures.map(\.description).joined(separator: "\n")
  }
}
