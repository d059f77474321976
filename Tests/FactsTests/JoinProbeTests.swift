// SPDX-License-Identifier: Apache-2.0

import Facts
import TestSupport
import Testing
import Values

/// The program in real shells, with a real curl, against servers on loopback.
struct JoinProbeTests {
  /// A token that makes the server answer so, and the findings that come of it.
  static let answers: [(name: String, first: String?, remedy: String)] = [
    ("ready", nil, ""),
    (
      "unauthorized", "does not know the host's role: arn:aws:iam::123456789012:role/worker",
      "--cluster-name prod --principal-arn arn:aws:iam::123456789012:role/worker --type EC2_LINUX"
    ),
    ("xml", "does not know the host's role", "rolearn: arn:aws:iam::123456789012:role/worker\n"),
    ("expired", "credentials have expired", "the instance's role renews itself"),
    ("canonical", "the host's signature is wrong", "secret key"),
    ("other-name", "knows the host as b, and the kubelet registers node-a", "name the host b"),
    ("absent", "has not registered the node node-a", "journalctl -u kubelet.service"),
    ("no-network", "the pod network is not set up", "does not take what is there"),
  ]

  @Test("what STS and the API answer is understood", arguments: Userland.allCases)
  func asks(_ userland: Userland) async throws {
    try await JoiningHost.with { host in
      for (name, first, remedy) in Self.answers {
        try host.give(case: name)
        let result = try await host.run(host.probe, userland)
        #expect(result.exitCode == 0 && result.error.isEmpty, "\(name): \(result.error)")
        let evidence = try JoinEvidence.parse(result.output)
        #expect(evidence.signedRegion == "us-west-2", "\(name)")
        #expect(evidence.stsHost == "127.0.0.2:\(host.server.port)", "\(name)")
        let findings = JoinDiagnosis.findings(
          evidence,
          JoinExpectations(host: "one", probe: host.probe, region: "us-west-2")
        )
        #expect(
          findings.first?.what.contains(first ?? "") == (first == nil ? nil : true),
          "\(name): \(findings)"
        )
        #expect(findings.first?.remedy?.contains(remedy) ?? true, "\(name): \(findings)")
        for secret in JoiningHost.secrets {
          let digits = secret.utf8.map { String($0, radix: 16) }.joined()
          #expect(!result.output.contains(secret) && !result.output.contains(digits), "\(name)")
        }
      }
      let arguments = try host.scratch.text(of: "arguments")
      let words = try host.scratch.text(of: "token.json").split(separator: "\"")
      let token = try #require(words.first { $0.hasPrefix("k8s-aws-v1.") })
      #expect(arguments.contains("x-k8s-aws-id: prod") && arguments.contains("--cacert"))
      #expect(!arguments.contains("Bearer") && !arguments.contains(token))
      #expect(!arguments.contains("SIGNATURE") && !arguments.contains("META-"))
    }
  }

  @Test("a broken way to the endpoint is told from others", arguments: Userland.allCases)
  func walks(_ userland: Userland) async throws {
    try await JoiningHost.with { host in
      let port = host.server.port
      let empty = try host.scratch.write("no certificate\n", to: "empty.crt")
      let faults: [(String, String, (inout JoinProbe) -> Void)] = [
        ("name", "does not resolve: nothing.invalid", { $0.endpoint = "https://nothing.invalid" }),
        ("port", "refuses connections", { $0.endpoint = "https://127.0.0.2:1" }),
        (
          "authority", "is not from the authority",
          { $0.authorityPath = "\(host.server.folder)/other-ca.crt" }
        ),
        ("no authority", "authority is not there", { $0.authorityPath = "/nonexistent" }),
        ("no text", "holds no certificate", { $0.authorityPath = empty }),
        ("alias", "for another name", { $0.endpoint = "https://127.0.0.1:\(port)/" }),
        ("old", "certificate has expired", { $0.endpoint = "https://127.0.0.3:\(port)" }),
      ]
      for (name, what, change) in faults {
        var probe = host.probe
        change(&probe)
        let findings = try await host.findings(probe, userland)
        #expect(findings.count == 1 && findings[0].what.contains(what), "\(name): \(findings)")
      }
    }
  }

  @Test("a credential command that gives nothing is told why", arguments: Userland.allCases)
  func commands(_ userland: Userland) async throws {
    try await JoiningHost.with { host in
      let path = host.scratch.path
      try host.scratch.write(
        "echo 'Unable to locate credentials' >&2\necho >&2\nexit 253\n",
        to: "fails"
      )
      try host.scratch.write("echo 'no token here'\n", to: "says-nothing")
      try host.scratch.write("echo '{\"status\": {\"token\": \"k8s-aws-v1.!\"}}'\n", to: "says-odd")
      try host.scratch.write(
        "echo '{\"status\": {\"token\": \"k8s-aws-v1.eHg\"}}'\n",
        to: "says-text"
      )
      try host.scratch.write("seq 300000 >&2; exec cat /dev/zero\n", to: "floods")
      let faults: [([String], String, String)] = [
        (["kubewright-no-such-command"], "is not on the host", ""),
        (["\(path)/token.json"], "cannot be executed", ""),
        (["sh", "\(path)/fails"], "fails with exit code 253", "instance's metadata has no role"),
        (["sh", "\(path)/says-nothing"], "gives no token", ""),
        (["sh", "\(path)/says-odd"], "gives no token", ""),
        (["sh", "\(path)/says-text"], "is not one of EKS", "no URL"),
        (["sh", "\(path)/floods"], "fails with exit code", ""),
        ([], "is not on the host", ""),
      ]
      for (command, what, why) in faults {
        var probe = host.probe
        probe.credentialCommand = command
        let findings = try await host.findings(probe, userland)
        #expect(findings.count == 1 && findings[0].what.contains(what), "\(command): \(findings)")
        #expect(findings.first?.why?.contains(why) ?? why.isEmpty, "\(command): \(findings)")
      }
      try host.give(case: "unauthorized", expiration: "2020-01-01T00:00:00Z")
      let expired = try await host.findings(host.probe, userland)
      #expect(
        expired.first?.what.contains("a token that has expired: at 2020-01-01T00:00:00Z") == true
      )
    }
  }

  @Test("a credential command that hangs is ended")
  func hangs() async throws {
    try await JoiningHost.with { host in
      var probe = host.probe
      probe.credentialCommand = ["sh", "-c", "\(host.daemon); sleep 1000 & sleep 1000"]
      let findings = try await host.findings(probe, .dash)
      #expect(findings.first?.what.contains("does not come to an end") == true, "\(findings)")
      #expect(try await host.endDaemon())
    }
  }

  @Test(
    "who leaves the credential command's session is not waited for",
    arguments: Userland.allCases
  )
  func daemons(_ userland: Userland) async throws {
    try await JoiningHost.with { host in
      var probe = host.probe
      probe.credentialCommand = [
        "sh", "-c", "\(host.daemon); exec cat \(host.scratch.path)/token.json",
      ]
      try host.give(case: "unauthorized")
      let findings = try await host.findings(probe, userland)
      #expect(findings.first?.what.contains("does not know the host's role") == true, "\(findings)")
      #expect(try await host.endDaemon())
    }
  }

  @Test("a clock that is off comes first", arguments: Userland.wrappable)
  func clocks(_ userland: Userland) async throws {
    try await JoiningHost.with { host in
      try host.scratch.write(
        "#!/bin/sh\necho $(($(/usr/bin/date +%s) - 4000))\n",
        to: "bin/date",
        mode: 0o755
      )
      try host.give(case: "unauthorized")
      let findings = try await host.findings(host.probe, userland)
      #expect(findings.first?.what.hasPrefix("its clock is ") == true, "\(findings)")
      #expect(findings.first?.what.hasSuffix("behind the cluster's") == true, "\(findings)")
      // Where the certificate is not believed, the server's word on the time still is.
      var probe = host.probe
      probe.endpoint = "https://127.0.0.3:\(host.server.port)"
      let old = try await host.findings(probe, userland)
      #expect(old.map { $0.what.contains("clock") } == [true, true], "\(old)")
    }
  }

  @Test("what runs on the host is told", arguments: Userland.allCases)
  func services(_ userland: Userland) async throws {
    try await JoiningHost.with { host in
      try host.give(case: "absent")
      let secret = "E0102 token k8s-aws-v1.SIGNATURESECRET"
      let noise = String(
        repeating: "E0102 kubelet.go:2448] \"Error getting node\" err=\"x\"\n",
        count: 300
      )
      try host.scratch.write(
        "E0102 03:04:05.1 1 run.go:74] \"command failed\" err=\"unknown flag: --cni\"\n\(secret)\n\(noise)",
        to: "journal"
      )
      try host.scratch.write(
        "#!/bin/sh\nprintf 'LoadState=loaded\\nActiveState=activating\\nExecMainStatus=1\\nNRestarts=7\\n'\n",
        to: "bin/systemctl",
        mode: 0o755
      )
      let result = try await host.run(host.probe, userland)
      let evidence = try JoinEvidence.parse(result.output)
      #expect(evidence.kubelet.log.count == 1 && evidence.cniFiles == ["10-aws.conflist"])
      let findings = JoinDiagnosis.findings(evidence, .init(host: "one", probe: host.probe))
      #expect(
        findings.map(\.what) == [
          "crio.service does not stay up: it ended with exit code 1, 7 restarts",
          "kubelet.service does not stay up: it ended with exit code 1, 7 restarts",
        ]
      )
      #expect(findings.last?.why?.contains("unknown flag: --cni") == true)
    }
  }

  @Test("shellcheck finds nothing to say")
  func shellcheck() async throws {
    let probe = JoinProbe(
      cluster: "it's",
      endpoint: "https://a.gr7.us-west-2.eks.amazonaws.com/",
      authorityPath: "/etc/kubernetes/pki/a b.crt",
      credentialCommand: ["aws", "eks", "get-token", "--cluster-name", "it's"],
      credentialEnvironment: ["AWS_REGION": "us-west-2"],
      nodeName: "a/../b",
      runtimeUnit: "crio.service"
    )
    #expect(probe.endpointHost == "a.gr7.us-west-2.eks.amazonaws.com")
    #expect(probe.program.contains("node=a%2f..%2fb\n"))
    #expect(try await ShellText.complaints(about: probe.program) == [])
  }

  @Test("what is not whole is refused, and nothing crashes the reader")
  func hostile() async throws {
    try await JoiningHost.with { host in
      try host.give(case: "unauthorized")
      let answer = Array(try await host.run(host.probe, .dash).output.utf8)
      let whole = try JoinEvidence.parse("motd\n" + String(decoding: answer, as: UTF8.self))
      #expect(whole.identity?.arn != nil && whole.node?.status == 401 && whole.connection != nil)
      for cut in stride(from: 0, to: answer.count - 4, by: 37) {
        #expect(throws: Failure.self) {
          try JoinEvidence.parse(String(decoding: answer[..<cut], as: UTF8.self))
        }
      }
      var generator = SeededGenerator(seed: 5)
      for _ in 0..<2000 {
        var bytes = answer
        for _ in 0..<6 {
          bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
            in: 0...255,
            using: &generator
          )
        }
        if let evidence = try? JoinEvidence.parse(String(decoding: bytes, as: UTF8.self)) {
          let findings = JoinDiagnosis.findings(
            evidence,
            .init(host: "one", probe: host.probe, clock: 0)
          )
          let text = findings.map(\.description).joined()
          #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
        }
      }
    }
  }
}
