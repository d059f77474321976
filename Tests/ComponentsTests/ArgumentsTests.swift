// SPDX-License-Identifier: Apache-2.0

import Catalog
import Testing
import Values

@testable import Components

@Suite struct ArgumentsTests {
  @Test func flagsKeepTheirOrder() throws {
    let arguments = try Arguments(
      .apiServer,
      at: Minor(1, 20),
      [.set("profiling", "false"), .ifKnown("insecure-port", "0")]
    )
    #expect(arguments.words == ["--profiling=false", "--insecure-port=0"])
  }

  @Test func whatMayBeMissingIsLeftOut() throws {
    let arguments = try Arguments(.apiServer, at: Minor(1, 30), [.ifKnown("insecure-port", "0")])
    #expect(arguments.words.isEmpty)
  }

  @Test(arguments: [
    [Flag.set("insecure-port", "0")], [.set("no-such-flag", "1")],
    [.set("profiling", "false"), .set("profiling", "true")],
    // Known to the program, but nobody said why.
    [.set("basic-auth-file", "/x")],
  ])
  func whatIsWrongIsRefused(_ flags: [Flag]) {
    let failure = #expect(throws: Failure.self) {
      try Arguments(.apiServer, at: Minor(1, 30), flags)
    }
    #expect(failure?.kind == .internalError)
  }

  @Test(arguments: [(KubernetesVersion(3, 2, 18), false), (KubernetesVersion(3, 4, 13), true)])
  func etcdFlagsGoByItsVersion(_ version: KubernetesVersion, _ isThere: Bool) throws {
    let arguments = try Arguments(etcd: version, [.ifKnown("cipher-suites", "X")])
    #expect(arguments.words.isEmpty == !isThere)
  }
}
