// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Transport

@Suite("The words that reach a login")
struct RootScriptTests {
  static let scripts = [
    RootScript.program,
    RootScript.upload(path: "/a/b", digest: "00", mode: "0600"),
  ]

  @Test("any shell reads them as one word each", arguments: scripts, [false, true])
  func words(script: RootScript, password: Bool) throws {
    for word in script.words(token: "t0", password: password).dropFirst(2).prefix(2) {
      #expect(!word.contains { "'\\!\n".contains($0) })
    }
  }

  @Test("shellcheck finds nothing", arguments: scripts)
  func shellcheck(script: RootScript) async throws {
    for word in script.words(token: "t0", password: true).dropFirst(2).prefix(2) {
      // A trap calls what seems unreachable.
      let result = try await Command.run(
        "shellcheck",
        "-s",
        "sh",
        "-e",
        "SC2317",
        "-",
        input: word + "\n"
      )
      #expect(result.exitCode == 0, "\(result.output)")
    }
  }

  @Test(
    "every sh runs the program",
    arguments: [["dash"], ["bash", "--posix"], ["busybox", "sh"]]
  )
  func shells(shell: [String]) async throws {
    let words = RootScript.program.words(token: "t0", password: false)
    let result = try await Command.run(
      shell + ["-c", words[3], "sh", "t0"],
      input: RootScript.framed("echo out; echo err >&2; read x || exit 9")
    )
    #expect(result.output == "t0 ready\nout\n")
    #expect(result.error == "err\n\nt0 exit 9\n")
  }

  @Test("every sh refuses a program that was cut short", arguments: ["dash", "bash", "busybox sh"])
  func cutShort(shell: String) async throws {
    let words = RootScript.program.words(token: "t0", password: false)
    let whole = RootScript.framed("echo one\necho two\necho three")
    for length in [1, 4, 10, 14, whole.utf8.count - 2] {
      let result = try await Command.run(
        shell.split(separator: " ").map(String.init) + ["-c", words[3], "sh", "t0"],
        input: String(whole.prefix(length))
      )
      #expect(result.output == "t0 ready\n")
    }
  }
}
