// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing
import Transport
import Values

@Suite("Logins that are not root's", .serialized)
struct SudoTests {
  let server: SSHServer

  init() async throws {
    server = try await SSHServer()
  }

  /// Answers with a password and counts how often it was asked.
  private final class Operator: Sendable {
    private let asked = Mutex(0)
    let password: String?

    init(_ password: String?) {
      self.password = password
    }

    var questions: Int { asked.withLock { $0 } }

    var answer: @Sendable (String) async throws -> Sensitive? {
      { _ in
        self.asked.withLock { $0 += 1 }
        return self.password.map { Sensitive($0) }
      }
    }
  }

  @Test(
    "without a password: no question, and no session beside the program's",
    arguments: ["dash", "bash", "busybox"]
  )
  func withoutPassword(shell: String) async throws {
    let path = "\(server.scratch.path)/\(shell)/sh"
    try await Command.run("install", "-d", "-m", "0755", "\(server.scratch.path)/\(shell)")
    try await Command.run("ln", "-s", try Command.path(of: shell), path)
    try await LoginUser.with(.withoutPassword, shell: path) { user in
      let person = Operator(nil)
      let transport = try server.transport(user: user.name, askPassword: person.answer)
      let result = try await transport.run(
        program: "id -u; echo \"$SUDO_USER\"; exit 5",
        deadline: .seconds(120)
      ) { _ in }
      await transport.close()
      #expect(result.standardOutput == "0\n\(user.name)\n")
      #expect(result.standardError == "")
      #expect(result.exitCode == 5)
      #expect(person.questions == 0)
      #expect(server.sessions == 1)
    }
  }

  @Test("with a password: asked once, never seen in arguments or environments")
  func withPassword() async throws {
    try await LoginUser.with(.withPassword) { user in
      let person = Operator(user.password)
      let transport = try server.transport(user: user.name, askPassword: person.answer)
      let seen = Lines()
      let program = "echo on; id -u; cat; echo done; echo err >&2"
      try await withThrowingTaskGroup(of: ProgramResult.self) { group in
        for _ in 0..<3 {
          group.addTask {
            try await transport.run(program: program, deadline: .seconds(120)) { _ in
              for process in ProcessTable.visible(user.password) { seen.add("\(process)") }
            }
          }
        }
        for try await result in group {
          #expect(result.standardOutput == "on\n0\ndone\n")
          #expect(result.standardError == "err\n")
          #expect(result.exitCode == 0)
        }
      }
      #expect(seen.all == [])
      #expect(person.questions == 1)

      let scratch = try Scratch()
      let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
      let file = try scratch.write(bytes, to: "from")
      try await transport.upload(
        file: file,
        to: "\(scratch.path)/deep/to",
        digest: Digest(of: bytes),
        mode: 0o750,
        onProgress: { _ in }
      )
      #expect(try scratch.text(of: "deep/to") == scratch.text(of: "from"))
      await transport.close()
      #expect(person.questions == 1)
      #expect(server.connections == 1)
    }
  }

  @Test("where sudo remembers, or stops asking, nothing is taken for a password or a program")
  func remembered() async throws {
    try await LoginUser.with(.withPassword) { user in
      let person = Operator(user.password)
      let transport = try server.transport(user: user.name, askPassword: person.answer)
      _ = try await transport.run(program: "true", deadline: .seconds(120)) { _ in }
      try await Command.run(
        "install",
        "-m",
        "0440",
        "/dev/stdin",
        "/etc/sudoers.d/\(user.name)",
        input: "\(user.name) \(LoginUser.Sudo.withoutPassword.rawValue)\n"
      )
      let result = try await transport.run(
        program: "echo first\necho second",
        deadline: .seconds(120)
      ) {
        _ in
      }
      await transport.close()
      #expect(result.standardOutput == "first\nsecond\n")
      #expect(result.standardError == "")
    }
  }

  @Test("a wrong password is tried once, and never again")
  func wrongPassword() async throws {
    try await LoginUser.with(.withPassword) { user in
      let person = Operator("wrong")
      let transport = try server.transport(user: user.name, askPassword: person.answer)
      for _ in 0..<2 {
        await #expect {
          try await transport.run(program: "echo no", deadline: .seconds(120)) { _ in }
        } throws: { error in
          let failure = error as? Failure
          return failure?.kind == .unreachable
            && failure?.what == "sudo does not accept the password"
            && failure?.description.contains("wrong\"") == false
        }
      }
      await transport.close()
      #expect(person.questions == 1)
      #expect(server.sessions == 2)
    }
  }

  @Test("no password given")
  func noAnswer() async throws {
    try await LoginUser.with(.withPassword) { user in
      let transport = try server.transport(user: user.name)
      await #expect {
        try await transport.run(program: "echo no", deadline: .seconds(120)) { _ in }
      } throws: { ($0 as? Failure)?.what.contains("none was given") == true }
      await transport.close()
    }
  }

  @Test("a login that may not use sudo")
  func notAllowed() async throws {
    try await LoginUser.with(.none) { user in
      let transport = try server.transport(
        user: user.name,
        askPassword: Operator(user.password).answer
      )
      await #expect {
        try await transport.run(program: "echo no", deadline: .seconds(120)) { _ in }
      } throws: { error in
        let failure = error as? Failure
        return failure?.kind == .unreachable
          && failure?.what.contains("may not become root") == true
      }
      await transport.close()
    }
  }
}
