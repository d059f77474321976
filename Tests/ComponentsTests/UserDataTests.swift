// SPDX-License-Identifier: Apache-2.0

import AWS
import Facts
import FoundationEssentials
import Resources
import Spec
import TestSupport
import Testing
import Values

@testable import Components

/// User data of EC2 instances, run with a curl that answers as their metadata do.
struct UserDataTests {
  private static let all = LateValue.allCases.map { "\($0.rawValue): \($0.placeholder)\n" }.joined()

  private static let config = File(path: "/etc/node.yaml", text: all, reason: "late")
  private static let unitFile = File(
    path: "/etc/systemd/system/node.service",
    text: "[Service]\nExecStart=/bin/true --node-ip=\(LateValue.address.placeholder)\n",
    reason: "the unit"
  )

  private static let desired: [Resource] = [
    .directory(Directory(path: "/etc/node.d", reason: "folder")), .file(config), .file(unitFile),
    .unit(Unit(name: "node.service", dependsOn: [config.id, unitFile.id], reason: "runs")),
  ]

  private static let table: [Int: [String]] = [
    29: ["m5.large", "m5a.large", "u7i-12tb.224xlarge"], 58: ["m5.xlarge"], 4: ["t3.micro"],
  ]

  private static func script(
    _ desired: [Resource] = desired,
    _ inputs: UserData.Inputs = .init(maxPods: .table(table), patience: 2, settling: 0)
  ) throws -> String {
    try UserData.script(cluster: "demo", host: "node", desired: desired, inputs: inputs)
  }

  /// A sandbox with metadata; a value that is not there is a file that is not.
  private static func sandbox(
    _ userland: Userland = .dash,
    _ changed: [String: String?] = [:]
  ) async throws -> Sandbox {
    let sandbox = try await Sandbox(userland)
    try sandbox.write("#!/bin/sh\n", to: "/stub/logger", mode: 0o755)
    try sandbox.write("#!/bin/sh\necho 4\n", to: "/stub/nproc", mode: 0o755)
    try sandbox.write(
      """
      #!/bin/sh
      config=$(cat)
      for url; do :; done
      case "$* " in
        *' PUT '*) printf 'tok\\n200'; exit 0 ;;
      esac
      [ "$config" = 'header = "X-aws-ec2-metadata-token: tok"' ] || { printf '\\n401'; exit 0; }
      file=/imds/${url#http://169.254.169.254/latest/meta-data/}
      if [ -f "$file" ]; then cat "$file"; printf '\\n200'; else printf '\\n404'; fi

      """,
      to: "/stub/curl",
      mode: 0o755
    )
    let values: [String: String?] = [
      "instance-id": "i-0abc", "instance-type": "m5.large", "local-ipv4": "192.168.1.5",
      "placement/availability-zone": "us-west-2a", "placement/region": "us-west-2",
      "local-hostname": "IP-192-168-1-5.us-west-2.compute.internal b.example.com",
      "mac": "02:29:96:8f:6a:2d",
      "network/interfaces/macs/02:29:96:8f:6a:2d/vpc-ipv4-cidr-blocks": "192.168.0.0/16",
    ]
    for (name, value) in values.merging(changed, uniquingKeysWith: { _, new in new }) {
      if let value { try sandbox.write(value, to: "/imds/\(name)") }
    }
    return sandbox
  }

  private static let found: [LateValue: String] = [
    .address: "192.168.1.5", .nodeName: "ip-192-168-1-5.us-west-2.compute.internal",
    .providerID: "aws:///us-west-2a/i-0abc", .maxPods: "29", .reservedCPU: "80m",
    .reservedMemory: "574Mi", .clusterDNS: "10.100.0.10",
  ]

  @Test("an instance makes itself what it should be, once", arguments: Userland.wrappable)
  func converges(_ userland: Userland) async throws {
    let sandbox = try await Self.sandbox(userland)
    let script = try Self.script()
    let first = try await sandbox.run(script)
    #expect(first.exitCode == 0, "\(first.error)\(first.output)")
    let filled = try Self.desired.map { try $0.filled(with: Self.found) }
    let changes = try await sandbox.changes(for: filled)
    #expect(changes.isEmpty, "\(changes) \(sandbox.text(of: Self.config.path) ?? "")")
    let calls = sandbox.unitCalls()
    let second = try await sandbox.run(script)
    #expect(second.output == "kubewright: everything is as it should be\n")
    #expect(sandbox.unitCalls() == calls)
  }

  @Test("who takes such an instance over ends its program, which is all that a plan finds")
  func takenOver() async throws {
    let sandbox = try await Self.sandbox()
    let script = try Self.script()
    try sandbox.write(script, to: UserData.scriptPath, mode: 0o700)
    let first = try await sandbox.run(script)
    #expect(first.exitCode == 0, "\(first.error)\(first.output)")
    let ended = Absence(path: UserData.scriptPath, ours: "of user data", reason: "over")
    let filled = try Self.desired.map { try $0.filled(with: Self.found) }
    // A run that was not shown it leaves it.
    try sandbox.write("other", to: Self.config.path)
    try await sandbox.converge(filled)
    #expect(sandbox.exists(UserData.scriptPath))
    let manifest = sandbox.text(of: Program.manifestPath)
    let calls = sandbox.unitCalls()
    let changes = try await sandbox.converge([.absence(ended)] + filled)
    #expect(changes.map(\.action) == [.remove] && changes.map(\.id) == [ended.id])
    #expect(!sandbox.exists(UserData.scriptPath) && sandbox.unitCalls() == calls)
    #expect(sandbox.text(of: Program.manifestPath) == manifest)
    #expect(try await sandbox.changes(for: [.absence(ended)] + filled).isEmpty)
  }

  struct Finding: Sendable, CustomTestStringConvertible {
    let name: String
    var metadata: [String: String?] = [:]
    var inputs = UserData.Inputs(maxPods: .table(UserDataTests.table), patience: 2, settling: 0)
    let expected: [LateValue: String]
    var testDescription: String { name }
  }

  private static let networks = "network/interfaces/macs/02:29:96:8f:6a:2d/vpc-ipv4-cidr-blocks"

  private static let findings = [
    Finding(
      name: "an address in 10/8",
      metadata: ["local-ipv4": "10.0.0.9", "mac": nil],
      expected: [.clusterDNS: "172.20.0.10", .address: "10.0.0.9"]
    ),
    Finding(
      name: "a VPC in 10/8",
      metadata: [networks: "192.168.0.0/16\n10.1.0.0/16"],
      expected: [.clusterDNS: "172.20.0.10"]
    ),
    Finding(
      name: "a VPC near 10/8",
      metadata: [networks: "100.64.0.0/16"],
      expected: [.clusterDNS: "10.100.0.10"]
    ),
    Finding(
      name: "another type",
      metadata: ["instance-type": "u7i-12tb.224xlarge"],
      expected: [.maxPods: "29"]
    ),
    Finding(
      name: "what is given",
      metadata: ["instance-type": "x9.unknown"],
      inputs: UserData.Inputs(
        maxPods: .number(17),
        clusterDNS: IPv4Address("10.9.0.10"),
        patience: 2,
        settling: 0
      ),
      expected: [.maxPods: "17", .reservedMemory: "442Mi", .clusterDNS: "10.9.0.10"]
    ),
  ]

  @Test("values are found", arguments: findings)
  func finds(_ finding: Finding) async throws {
    let sandbox = try await Self.sandbox(.dash, finding.metadata)
    let result = try await sandbox.run(Self.script(Self.desired, finding.inputs))
    #expect(result.exitCode == 0, "\(result.error)\(result.output)")
    let text = try #require(sandbox.text(of: Self.config.path))
    for (value, expected) in finding.expected {
      #expect(text.contains("\(value.rawValue): \(expected)\n"), "\(text)")
    }
  }

  @Test(
    "what cannot be found is said, and nothing is touched",
    arguments: [
      (["instance-type": "m6.large"], "an instance of type m6.large"),
      (["instance-type": "m5.huge"], "an instance of type m5.huge"),
      (["local-ipv4": "<html>"], "'<html>' is not what instance metadata say for local-ipv4"),
    ]
  )
  func refuses(_ metadata: [String: String], _ says: String) async throws {
    let sandbox = try await Self.sandbox(.dash, metadata.mapValues { .some($0) })
    let result = try await sandbox.run(Self.script())
    #expect(result.exitCode == 1 && result.error.contains(says), "\(result.error)")
    #expect(result.error.hasPrefix("kubewright: ") && !sandbox.exists(Self.config.path))
    #expect(!sandbox.exists(Program.manifestPath) && sandbox.unitCalls().isEmpty)
  }

  @Test("inputs that lack something are refused")
  func inputs() throws {
    let none = #expect(throws: Failure.self) { try Self.script(Self.desired, .init()) }
    #expect(none?.kind == .invalidInput && none?.what.contains("how many pods") == true)
    let odd = UserData.Inputs(maxPods: .table([1: ["m5.large) rm -rf /; ("]]))
    #expect(throws: Failure.self) { try Self.script(Self.desired, odd) }
    // Whoever needs no value asks nobody.
    let plain = try Self.script([.file(File(path: "/etc/x", text: "x", reason: ""))], .init())
    #expect(!plain.contains("imds"))
  }

  @Test("the shell reserves what we do", arguments: Userland.allCases)
  func reserved(_ userland: Userland) async throws {
    let program = """
      \(ReservedResources.functions)
      cpus=1
      while [ "$cpus" -le 448 ]; do
        reserved_cpu "$cpus"
        reserved_memory "$cpus"
        echo "$late_reserved_cpu $late_reserved_memory"
        cpus=$((cpus + 1))
      done
      """
    let result = try await Command.run(userland.shell, input: program)
    let expected = (1...448).map { cpus in
      let reserved = ReservedResources(cpus: cpus, maxPods: cpus)
      return "\(reserved.cpu) \(reserved.memory)\n"
    }
    #expect(result.output == expected.joined() && result.error.isEmpty)
    // 60, 70, 80 and 2.5 for each core above four.
    let known = [(1, 60), (2, 70), (4, 80), (8, 90), (16, 110), (48, 190), (96, 310), (128, 390)]
    for (cpus, milli) in known {
      #expect(ReservedResources(cpus: cpus, maxPods: 29).milliCPU == milli)
    }
    #expect(ReservedResources(cpus: 2, maxPods: 29).memoryMiB == 574)
  }

  @Test("the cloud-config holds the script, byte for byte")
  func cloudConfig() async throws {
    let inputs = UserData.Inputs(maxPods: .table(Self.table))
    let odd = File(
      path: "/etc/odd",
      text: " leading\n\ttab\n\n  # 'quoted' \"$x\" ü ✓ 😀\n\n",
      reason: "odd"
    )
    let desired = Self.desired + [.file(odd)]
    let text = try UserData.cloudConfig(
      cluster: "demo",
      host: "node",
      desired: desired,
      inputs: inputs
    )
    let read = """
      import sys, yaml
      text = sys.stdin.buffer.read()
      assert text.startswith(b"#cloud-config\\n")
      files = yaml.safe_load(text)["write_files"]
      assert len(files) == 1 and files[0]["permissions"] == "0700", files
      assert files[0]["path"] == "/var/lib/cloud/scripts/per-boot/kubewright"
      sys.stdout.buffer.write(files[0]["content"].encode())
      """
    let result = try await Command.run(["python3", "-c", read], input: text)
    #expect(result.exitCode == 0, "\(result.error)")
    #expect(result.output == (try Self.script(desired, inputs)))
  }

  /// A worker of a self-made cluster, as if its keys were none, with a table of 364 types.
  @Test("a worker's user data fit")
  func fits() async throws {
    let resources = try DesiredState.resources(for: Fixture().context("gamma")).map(\.resource)
    let desired =
      try resources.map { resource -> Resource in
        switch resource {
        case .binary(var binary):
          binary.url =
            "https://mirror.example.com/programs/" + (binary.path.split(separator: "/").last ?? "")
          return .binary(binary)
        case .file(var file):
          let text = try #require(String(validating: file.bytes, as: UTF8.self))
          let late = text.replacing("10.0.0.13", with: LateValue.address.placeholder)
          file.content = .open(Array(late.utf8))
          return .file(file)
        default: return resource
        }
      } + [.file(Self.config)]
    let sizes = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "metal"]
    var table: [Int: [String]] = [:]
    for (index, letter) in "abcdefghijklmnopqrstuvwxyz".enumerated() {
      for generation in 1...2 {
        for (place, size) in sizes.enumerated() {
          table[29 + place * 100 + index % 4, default: []].append(
            "\(letter)\(generation)\(letter).\(size)"
          )
        }
      }
    }
    let text = try UserData.cloudConfig(
      cluster: "demo",
      host: "gamma",
      desired: desired,
      inputs: .init(maxPods: .table(table))
    )
    let size = try await Self.compressed(text)
    try UserData.checkSize(size, isTightest: true, of: desired, host: "gamma")
    let script = try Self.script(desired, .init(maxPods: .table(table)))
    #expect(try await ShellText.complaints(about: script) == [])
  }

  /// With every instance type that is known, and an authority as long as EKS's are.
  @Test("a worker of EKS fits", arguments: RecordedWorker.all)
  func fitsEKS(_ worker: RecordedWorker) async throws {
    var fixture = try worker.fixture()
    var generator = SeededGenerator(seed: 1)
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let certificate = (0..<1024).compactMap { _ in letters.randomElement(using: &generator) }
    fixture.membership?.authority =
      "-----BEGIN CERTIFICATE-----\n\(String(certificate))\n-----END CERTIFICATE-----\n"
    fixture.membership?.isLate = true
    fixture.membership?.maxPods = nil
    fixture.facts.instance = nil
    let staged = try fixture.resources("worker")
    let desired = staged.map(\.resource).map { resource -> Resource in
      guard case .binary(var binary) = resource else { return resource }
      let name = binary.path.split(separator: "/").last ?? ""
      binary.url = "https://dl.k8s.io/release/\(worker.version)/bin/linux/amd64/\(name)"
      return .binary(binary)
    }
    let ends = staged.indices.dropFirst().filter { staged[$0].stage != staged[$0 - 1].stage }
    let text = try UserData.cloudConfig(
      cluster: "workers",
      host: "worker",
      desired: desired,
      inputs: .init(
        maxPods: .table(InstanceTypeTable.embedded.maxPods(for: .amd64)),
        stageEnds: ends
      )
    )
    let size = try await Self.compressed(text)
    try UserData.checkSize(size, isTightest: true, of: desired, host: "worker")
  }

  private static func compressed(_ text: String) async throws -> Int {
    let scratch = try Scratch()
    try scratch.write(text, to: "text")
    let packed = "zopfli -c \(scratch.path)/text | wc -c"
    return try #require(Int(try await Command.run("sh", "-c", packed).output.filter(\.isNumber)))
  }

  @Test("keys are kept out of user data")
  func secrets() throws {
    let key = File(path: "/etc/key.pem", content: .secret(Sensitive("key")), reason: "key")
    let failure = #expect(throws: Failure.self) {
      try UserData.cloudConfig(
        cluster: "demo",
        host: "node",
        desired: Self.desired + [.file(key)],
        inputs: .init(maxPods: .number(1))
      )
    }
    #expect(failure?.why?.hasPrefix("/etc/key.pem; ") == true)
  }

  @Test("what is too large is named")
  func size() throws {
    let large = File(path: "/etc/large", text: String(repeating: "x", count: 99), reason: "")
    try UserData.checkSize(UserData.limit, isTightest: false, of: [.file(large)], host: "node")
    let failure = #expect(throws: Failure.self) {
      try UserData.checkSize(
        UserData.limit + 1,
        isTightest: false,
        of: Self.desired + [.file(large)],
        host: "node"
      )
    }
    #expect(failure?.why?.contains("/etc/node.yaml") == true)
    #expect(failure?.what.contains("16385 bytes") == true)
  }

  @Test("shellcheck finds nothing to say")
  func shellcheck() async throws {
    #expect(try await ShellText.complaints(about: Self.script()) == [])
  }
}
