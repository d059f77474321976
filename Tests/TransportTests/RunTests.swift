// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import TestSupport
import Testing
import Transport
import Values

/// Collects lines, from whichever task they come.
final class Lines: Sendable {
  private let lines = Mutex<[String]>([])

  func add(_ line: String) {
    lines.withLock { $0.append(line) }
  }

  var all: [String] { lines.withLock { $0 } }
}

@Suite("Programs over a real sshd")
struct RunTests {
  let server: SSHServer
  let transport: OpenSSHTransport

  init() async throws {
    server = try await SSHServer()
    transport = try server.transport()
  }

  private func run(
    _ program: String,
    deadline: Duration = .seconds(120)
  ) async throws -> (result: ProgramResult, lines: [String]) {
    let lines = Lines()
    let result = try await transport.run(program: program, deadline: deadline) { lines.add($0) }
    await transport.close()
    return (result, lines.all)
  }

  @Test("text with any quoting arrives as it is")
  func quoting() async throws {
    let odd = "'\"$HOME `id` \\ \t!x \u{1} é 🎛 $(exit 3) %s \\n"
    let (result, lines) = try await run("printf '%s\\n' \(Shell.quote(odd))\n")
    #expect(result == ProgramResult(exitCode: 0, standardOutput: odd + "\n", standardError: ""))
    #expect(lines == [odd])
  }

  @Test("exit codes are results", arguments: [0, 1, 2, 41, 127, 255])
  func exitCodes(code: Int32) async throws {
    let (result, _) = try await run("echo out; echo err >&2; exit \(code)")
    #expect(result.exitCode == code)
    #expect(result.standardOutput == "out\n")
    #expect(result.standardError == "err\n")
  }

  @Test("a shell that a signal kills is told as a shell tells it")
  func killed() async throws {
    let (result, _) = try await run("sh -c 'kill -9 $$'")
    #expect(result.exitCode == 137)
  }

  @Test("the program runs as root, in a known environment")
  func environment() async throws {
    let (result, _) = try await run("id -u; pwd; umask; echo $LC_ALL; echo $#")
    #expect(result.standardOutput.split(separator: "\n") == ["0", "/", "0022", "C", "0"])
  }

  @Test("what the program starts reads nothing of the program")
  func children() async throws {
    let (result, lines) = try await run("cat\nread x || echo nothing\necho after")
    #expect(result.exitCode == 0)
    #expect(lines == ["nothing", "after"])
  }

  @Test("a program that ends in the middle of a command does nothing at all")
  func truncated() async throws {
    let (result, lines) = try await run("echo begun\nif true; then\n")
    #expect(result.exitCode != 0)
    #expect(lines.isEmpty)
  }

  @Test("a last line without an end is a line, and bytes that are no UTF-8 do not stop the rest")
  func odd() async throws {
    let (result, lines) = try await run(#"printf 'a\377b\n\nlast'"#)
    #expect(lines == ["a\u{FFFD}b", "", "last"])
    #expect(result.standardOutput == "a\u{FFFD}b\n\nlast")
  }

  @Test("much output and a large program arrive whole")
  func large() async throws {
    let blob = String(repeating: "0123456789abcdef", count: 1 << 16)
    let (result, lines) = try await run(
      "cat >/dev/null <<'END'\n\(blob)\nEND\ni=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done"
    )
    #expect(result.exitCode == 0)
    #expect(lines.count == 20_000)
    #expect(lines.last == "line 19999")
  }

  @Test("of much standard error the end is kept")
  func errors() async throws {
    let (result, _) = try await run(
      "i=0; while [ $i -lt 30000 ]; do echo error $i >&2; i=$((i+1)); done; exit 7"
    )
    #expect(result.exitCode == 7)
    #expect(result.standardError.utf8.count <= 256 << 10)
    #expect(result.standardError.hasSuffix("error 29999\n"))
  }

  @Test("output without end is an error, not a full memory")
  func endless() async throws {
    await #expect {
      try await transport.run(
        program: "yes \(String(repeating: "x", count: 4000))",
        deadline: .seconds(120)
      ) { _ in }
    } throws: {
      ($0 as? Failure)?.kind == .step
    }
    await transport.close()
  }

  @Test("lines come while the program runs")
  func live() async throws {
    let scratch = try Scratch()
    // The program waits for what only the arrival of its first line brings about.
    let result = try await transport.run(
      program: "echo first; while [ ! -e \(scratch.path)/go ]; do sleep 0.02; done; echo second",
      deadline: .seconds(120)
    ) { line in
      if line == "first" { _ = try? scratch.write("", to: "go") }
    }
    await transport.close()
    #expect(result.standardOutput == "first\nsecond\n")
  }

  @Test("the deadline ends the wait, and the connection stays of use")
  func deadline() async throws {
    await #expect {
      try await transport.run(program: "sleep 300", deadline: .milliseconds(500)) {
        _ in
      }
    } throws: { error in
      let failure = error as? Failure
      return failure?.kind == .deadline && failure?.what.hasSuffix("within 0.5 s") == true
    }
    let (result, _) = try await run("echo still here")
    #expect(result.standardOutput == "still here\n")
    #expect(server.connections == 1)
  }

  @Test("cancellation ends the wait")
  func cancellation() async throws {
    let (started, start) = AsyncStream.makeStream(of: Void.self)
    let task = Task { [transport] in
      try await transport.run(program: "echo on; sleep 300", deadline: .seconds(200)) { _ in
        start.yield()
      }
    }
    for await _ in started { break }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    await transport.close()
  }

  @Test("a login shell's chatter is no output")
  func chatter() async throws {
    let noisy = try await SSHServer(
      "SetEnv ENV=/dev/null",
      "ForceCommand echo hello; eval \"$SSH_ORIGINAL_COMMAND\""
    )
    let transport = try noisy.transport()
    let result = try await transport.run(program: "echo x", deadline: .seconds(120)) { _ in }
    await transport.close()
    #expect(result.standardOutput == "x\n")
  }

  @Test("a login that runs no shell is told with what it said")
  func noShell() async throws {
    let strange = try await SSHServer("ForceCommand echo '% Invalid input'; exit 0")
    let transport = try strange.transport()
    await #expect {
      try await transport.run(program: "echo x", deadline: .seconds(120)) { _ in }
    } throws: {
      let failure = $0 as? Failure
      return failure?.kind == .unreachable && failure?.why == "% Invalid input"
    }
    await transport.close()
  }
}
