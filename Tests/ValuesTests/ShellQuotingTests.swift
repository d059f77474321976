// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport
import Testing
import Values

/// Quoting, judged by the shells themselves.
struct ShellQuotingTests {
  private static let texts: [String] =
    [
      "", "plain", "/usr/local/bin/x-1_2.3", "a b", " ", "\t", "\n", "a\nb\n", "'", "''", "'a'",
      "\"",
      "\\", "\\n", "$HOME", "$(touch /tmp/x)", "`id`", "a;b", "a&b", "a|b", "a>b", "*", "?", "[a]",
      "{a,b}",
      "~", "~root", "#", "!", "!!", "=", "a=b", "-n", "--", "%s", "é", "e\u{301}", "'\u{301}",
      "a'\u{FE0F}b",
      "'\u{200D}'", "\u{1F468}\u{200D}\u{1F469}", "\r\n", "'\r\n'", "\u{7F}", "\u{1}", "if", "日本語",
      "\u{FEFF}",
      "$'\\x41'", "<(ls)", "a\\'b",
    ] + random

  /// From a fixed seed, out of what shells take for more than itself.
  private static var random: [String] {
    var state: UInt64 = 42
    let alphabet = Array("'\"\\$`!#&;|<>(){}[]*?~= \t\n-\u{301}ab/".unicodeScalars)
    return (0..<200).map { _ in
      var text = ""
      for _ in 0..<12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text.unicodeScalars.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      return text
    }
  }

  @Test(arguments: ["dash", "bash", "bash --posix", "busybox sh"])
  func everyShellReadsBackTheSame(shell: String) throws {
    // Each text ends in a NUL, which none can hold.
    let script = Self.texts.map { "printf '%s\\0' \(Shell.quote($0))\n" }.joined()
    let output = try Self.run(shell, script)
    let read = output.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    #expect(read == Self.texts.map { Array($0.utf8) } + [[]])
  }

  @Test(arguments: ["dash", "bash", "busybox sh"])
  func commandsKeepTheirWords(shell: String) throws {
    let output = try Self.run(shell, Shell.command(["printf", "<%s>"] + Self.texts))
    #expect(output == Self.texts.flatMap { Array("<\($0)>".utf8) })
  }

  @Test(arguments: [
    "a", "/etc/kubernetes/pki/ca.crt", "10.0.0.0/8", "user@host:22", "1,2", "50%", "a+b",
  ])
  func plainWordsStayReadable(text: String) {
    #expect(Shell.quote(text) == text)
  }

  @Test func quotesAreEscapedByBytes() {
    #expect(Array(Shell.quote("'\u{301}").utf8) == Array("''\\''\u{301}'".utf8))
  }

  private static func run(_ shell: String, _ script: String) throws -> [UInt8] {
    let folder = try Scratch()
    let path = try folder.write(script, to: "script")
    let pipe = try #require(popen("\(shell) \(path)", "r"))
    var output: [UInt8] = []
    while case let byte = getc(pipe), byte != EOF { output.append(UInt8(truncatingIfNeeded: byte)) }
    #expect(pclose(pipe) == 0)
    return output
  }
}
