// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Transport
import Values

@Suite("This machine")
struct LocalTransportTests {
  let transport = LocalTransport(host: "h1", askPassword: { _ in nil })

  @Test("programs run as over SSH")
  func run() async throws {
    let lines = Lines()
    let result = try await transport.run(
      program: "echo a; echo b >&2; printf c; exit 255",
      deadline: .seconds(120)
    ) { lines.add($0) }
    #expect(lines.all == ["a", "c"])
    #expect(result == ProgramResult(exitCode: 255, standardOutput: "a\nc", standardError: "b\n"))
  }

  @Test("the deadline ends the program and what it started")
  func deadline() async throws {
    let mark = "\(UInt32.random(in: 100_000 ... .max))"
    await #expect {
      try await transport.run(
        program: "sleep \(mark) & sleep \(mark)",
        deadline: .milliseconds(300)
      ) {
        _ in
      }
    } throws: { ($0 as? Failure)?.kind == .deadline }
    #expect(ProcessTable.arguments(holding: mark).isEmpty)
  }

  @Test("uploads are checked")
  func upload() async throws {
    let scratch = try Scratch()
    let file = try scratch.write("content", to: "from")
    try await transport.upload(
      file: file,
      to: "\(scratch.path)/a/to",
      digest: Digest(of: "content"),
      mode: 0o600,
      onProgress: { _ in }
    )
    #expect(try scratch.text(of: "a/to") == "content")
  }

  @Test("a port of this machine needs no forward, another machine's cannot be had")
  func forward() async throws {
    #expect(try await transport.forward(to: "127.0.0.1", port: 6443) == 6443)
    await #expect(throws: Failure.self) {
      try await transport.forward(to: "192.0.2.1", port: 6443)
    }
  }
}
