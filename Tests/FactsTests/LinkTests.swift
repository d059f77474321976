// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Values

@testable import Facts

/// The way to a cluster, tried before the host holds anything.
struct LinkTests {
  private static func findings(
    _ host: JoiningHost,
    _ probe: JoinProbe,
    authority: String = "ca.crt",
    _ userland: Userland = .dash
  ) async throws -> [Failure] {
    let pem = try host.server.read(authority)
    let result = try await host.run(probe.links(authority: pem), userland)
    #expect(result.exitCode == 0 && result.error.isEmpty, "\(result.error)")
    return JoinDiagnosis.links(
      try JoinEvidence.parse(result.output),
      JoinExpectations(host: "one", probe: probe, region: "us-west-2")
    )
  }

  @Test("a broken link is told from others, and a good way is none", arguments: Userland.allCases)
  func walks(_ userland: Userland) async throws {
    try await JoiningHost.with { host in
      #expect(try await Self.findings(host, host.probe, userland) == [])
      let port = host.server.port
      let faults: [(endpoint: String, authority: String, says: String)] = [
        ("https://nothing.invalid", "ca.crt", "does not resolve: nothing.invalid"),
        ("https://127.0.0.2:1", "ca.crt", "refuses connections"),
        ("https://127.0.0.2:\(port)", "other-ca.crt", "is not from the authority"),
        ("https://127.0.0.1:\(port)/", "ca.crt", "for another name"),
        ("https://127.0.0.3:\(port)", "ca.crt", "certificate has expired"),
      ]
      for fault in faults {
        var probe = host.probe
        probe.endpoint = fault.endpoint
        let found = try await Self.findings(host, probe, authority: fault.authority, userland)
        #expect(found.count == 1 && found[0].what.contains(fault.says), "\(fault): \(found)")
        #expect(found.first?.host == "one" && found.first?.remedy?.isEmpty == false, "\(fault)")
      }
    }
  }

  @Test("a wrong clock is told by the endpoint's", arguments: Userland.wrappable)
  func clock(_ userland: Userland) async throws {
    try await JoiningHost.with { host in
      try host.scratch.write(
        "#!/bin/sh\necho $(($(/usr/bin/date +%s) - 4000))\n",
        to: "bin/date",
        mode: 0o755
      )
      let found = try await Self.findings(host, host.probe, userland)
      #expect(found.count == 1 && found[0].what.hasSuffix("behind the cluster's"), "\(found)")
    }
  }

  @Test("nothing is left behind, and who does not answer is asked once")
  func brief() async throws {
    try await JoiningHost.with { host in
      let path = host.scratch.path
      try host.scratch.write(
        "#!/bin/sh\nprintf '%s\\n' \"$*\" >>\(path)/asked\necho 'curl: (28) timed out'\nexit 28\n",
        to: "bin/curl",
        mode: 0o755
      )
      try host.scratch.write(
        "#!/bin/sh\n/usr/bin/mktemp -d | tee -a \(path)/folders\n",
        to: "bin/mktemp",
        mode: 0o755
      )
      let found = try await Self.findings(host, host.probe)
      #expect(found.count == 1 && found[0].what.contains("does not answer"), "\(found)")
      let asked = try host.scratch.text(of: "asked").split(separator: "\n")
      #expect(asked.count == 1 && asked[0].contains("-m 5 "), "\(asked)")
      let folder = try host.scratch.text(of: "folders").split(separator: "\n")[0]
      #expect(try await Command.run("test", "-e", String(folder)).exitCode != 0)
    }
  }

  @Test("a host without curl is not judged")
  func nothing() throws {
    let probe = JoinDiagnosisTests.expected.probe
    let evidence = try JoinEvidence.parse("kubewright-join 1\nend\n")
    #expect(JoinDiagnosis.links(evidence, JoinDiagnosisTests.expected) == [])
    #expect(probe.links(authority: "it's").contains("'it'\\''s'"))
  }

  @Test("shellcheck finds nothing to say")
  func shellcheck() async throws {
    let program = JoinDiagnosisTests.expected.probe.links(authority: "a\nb\n")
    #expect(try await ShellText.complaints(about: program) == [])
  }
}
