// SPDX-License-Identifier: Apache-2.0

import Components
import Facts
import Resources
import Spec
import TestSupport
import Testing
import Values

/// What we render for a CentOS 7 worker with CRI-O 1.11, done by the real dnf and rpm.
@Suite struct RPMRepositoryTests {
  private static let url = "file:///repository/$basearch/"

  /// Everything about packages, CRI-O's files and its service, in the order of the program; images need a
  /// store.
  private static func resources(
    _ repository: RPMRepository,
    by manager: PackageManager,
    url: String = Self.url
  ) throws -> [Resource] {
    var fixture = Fixture.crio(Minor(1, 11), handlers: [])
    fixture.facts = try RecordedHost.centOS7.facts()
    fixture.facts.packageManager = manager
    fixture.cluster.hosts[2].runtime.crio?.repository = RepositorySpec(
      url: url,
      key: repository.key
    )
    let names = ["crio", "cri-o", "crictl", "cni/net.d", "chrony"]
    return try fixture.resources("gamma").map(\.resource).filter { resource in
      let id = resource.id
      switch id.kind {
      case "package": return id.name != "skopeo"
      case "file", "directory", "absence", "unit":
        return names.contains(where: id.name.contains) && !id.name.contains("kubewright.conflist")
      default: return false
      }
    }
  }

  private static func installed(_ name: String, in sandbox: Sandbox) async throws -> String {
    try await sandbox.run("rpm -q --qf '%{version}' \(name)\n").output
  }

  @Test(
    "a worker's packages come once, from where they are signed, and go",
    arguments: [
      PackageManager.dnf, .yum,
    ]
  )
  func converges(_ manager: PackageManager) async throws {
    let repository = try await RPMRepository.made.value
    let sandbox = try await Sandbox()
    try await repository.prepare(sandbox)
    try await repository.publish("crio", in: sandbox)
    let before = try await Self.lasting(sandbox)
    let desired = try Self.resources(repository, by: manager)
    let done = try await sandbox.converge(desired).map(\.id.description)

    for name in ["conntrack-tools", "socat", "chrony"] {
      #expect(try await Self.installed(name, in: sandbox) == "1")
    }
    #expect(try await Self.installed("cri-o", in: sandbox) == "1.11.15")
    #expect(sandbox.unitCalls().contains("start crio.service"))
    #expect(sandbox.unitCalls().contains("start chronyd.service"))
    // The package's configuration was there first, then ours, then the service.
    let ours = try #require(desired.text(of: "/etc/crio/crio.conf"))
    #expect(sandbox.text(of: "/etc/crio/crio.conf") == ours)
    #expect(!sandbox.exists("/etc/crio/crio.conf.rpmnew"))
    let order = ["package:cri-o", "file:/etc/crio/crio.conf", "unit:crio.service"]
    #expect(done.filter(order.contains) == order)
    #expect(!sandbox.exists("/etc/cni/net.d/100-crio-bridge.conf"))
    // dnf, not we, put the architecture in.
    let text = sandbox.text(of: "/etc/yum.repos.d/kubewright-cri-o.repo") ?? ""
    #expect(text.contains("\nbaseurl=\(Self.url)\n"))
    #expect(try await sandbox.changes(for: desired).isEmpty)

    try await updateKeepsOurs(repository, sandbox, desired, ours)

    let reset = try await sandbox.reset()
    #expect(reset.exitCode == 0, "\(Unexpected(reset))")
    let left = try await Self.lasting(sandbox).symmetricDifference(before)
    #expect(left == [])
    #expect(try await sandbox.run("rpm -qa --qf '%{name} '\n").output == "gpg-pubkey ")
  }

  /// An update of the package is the host's owner's, and leaves our configuration.
  private func updateKeepsOurs(
    _ repository: RPMRepository,
    _ sandbox: Sandbox,
    _ desired: [Resource],
    _ ours: String
  ) async throws {
    try await repository.publish("update", in: sandbox)
    let update = try await sandbox.run("dnf -y --refresh update\n")
    #expect(update.exitCode == 0, "\(update.output) \(update.error)")
    #expect(try await Self.installed("cri-o", in: sandbox) == "1.11.16")
    #expect(sandbox.text(of: "/etc/crio/crio.conf") == ours)
    // The example of a network that it may bring again is all that there is to do.
    let changes = try await sandbox.converge(desired).map(\.id.description)
    #expect(changes.allSatisfy { $0 == "absence:/etc/cni/net.d/100-crio-bridge.conf" })
    #expect(!sandbox.exists("/etc/cni/net.d/100-crio-bridge.conf"))
  }

  /// Files that are to be as they were after reset: not logs, and not what rpm itself leaves beside a
  /// configuration file.
  private static func lasting(_ sandbox: Sandbox) async throws -> Set<String> {
    let found = try await sandbox.run("find /etc /opt /usr/local ! -type d ! -name '*.rpmnew'\n")
      .output
    return Set(found.split(separator: "\n").map(String.init))
  }

  @Test(
    "what is not signed by the key is refused, in so many words",
    arguments: [
      ("unsigned", "is not signed"),
      ("other", "Public key for cri-o-1.11.15-1.noarch.rpm is not installed"),
      ("damaged", "incorrect checksum"),
    ]
  )
  func refuses(_ name: String, _ reason: String) async throws {
    let repository = try await RPMRepository.made.value
    let sandbox = try await Sandbox()
    try await repository.prepare(sandbox)
    try await repository.publish(name, in: sandbox)
    let desired = try Self.resources(repository, by: .dnf)
    let said = try await Self.failure(of: desired, in: sandbox)
    #expect(said.contains(reason), "\(said)")
    #expect(!sandbox.exists("/local/bin/crio"))
    // Mended, the same command goes on.
    try await repository.publish("crio", in: sandbox)
    _ = try await sandbox.run("dnf -q clean all\n")
    try await sandbox.converge(desired)
    #expect(try await Self.installed("cri-o", in: sandbox) == "1.11.15")
  }

  @Test("a repository that does not answer is told with its whole address")
  func doesNotAnswer() async throws {
    let repository = try await RPMRepository.made.value
    let sandbox = try await Sandbox()
    try await repository.prepare(sandbox)
    let desired = try Self.resources(
      repository,
      by: .dnf,
      url: "http://127.0.0.1:9/crio/$basearch/"
    )
    let said = try await Self.failure(of: desired, in: sandbox)
    let address = "http://127.0.0.1:9/crio/\(repository.architecture)/repodata/repomd.xml"
    #expect(said.contains("Couldn't connect to server for \(address)"), "\(said)")
  }

  /// What the step that installs CRI-O says when it fails.
  private static func failure(of desired: [Resource], in sandbox: Sandbox) async throws -> String {
    let changes = try await sandbox.changes(for: desired)
    let result = try await sandbox.run(sandbox.program(for: desired, changes))
    #expect(result.exitCode == 1)
    let events = result.output.split(separator: "\n").compactMap {
      Program.parse(resultLine: String($0))
    }
    let failed = try #require(events.first { $0.phase == .fail })
    #expect(failed.id.description == "package:cri-o")
    return (failed.log + [failed.message]).joined(separator: "\n")
  }
}

extension [Resource] {
  fileprivate func text(of path: String) -> String? {
    for case .file(let file) in self where file.path == path {
      return String(decoding: file.bytes, as: UTF8.self)
    }
    return nil
  }
}
