// SPDX-License-Identifier: Apache-2.0

import Transport
import Values

/// A host that answers by script, so that faults can be put at any point of a run.
struct ScriptedTransport: Transport {
  let host: String
  let script: @Sendable (String) async throws -> ProgramResult
  let record: Recording

  init(
    host: String,
    record: Recording = Recording(),
    script: @escaping @Sendable (String) async throws -> ProgramResult = { _ in .succeeded }
  ) {
    self.host = host
    self.record = record
    self.script = script
  }

  func run(
    program: String,
    deadline: Duration,
    onLine: @Sendable (String) async -> Void
  ) async throws -> ProgramResult {
    await record.add("\(host) run")
    let result = try await script(program)
    for line in result.standardOutput.split(separator: "\n") { await onLine(String(line)) }
    return result
  }

  func upload(
    file: String,
    to path: String,
    digest: Digest,
    mode: FileMode,
    onProgress: @Sendable (Int) async -> Void
  ) async throws {
    await record.add("\(host) upload \(digest.short)")
  }

  func forward(to address: String, port: Int) async throws -> Int { port }

  func close() async { await record.add("\(host) close") }
}

extension ProgramResult {
  static let succeeded = ProgramResult(exitCode: 0, standardOutput: "", standardError: "")
}

/// What was asked of the hosts, in order.
actor Recording {
  private(set) var entries: [String] = []
  private(set) var atOnce = 0
  private(set) var mostAtOnce = 0

  func add(_ entry: String) { entries.append(entry) }

  func enter() {
    atOnce += 1
    mostAtOnce = max(mostAtOnce, atOnce)
  }

  func leave() { atOnce -= 1 }
}
