// SPDX-License-Identifier: Apache-2.0

import Components
import Glibc
import Resources
import Testing
import Values

/// Everything that three hosts hold, as text to be read.
///
/// Secrets are fingerprints.
@Suite struct GoldenTests {
  @Test(arguments: [KubernetesVersion(1, 20, 2), KubernetesVersion(1, 36, 2)])
  func hostsHoldWhatTheGoldenSays(_ version: KubernetesVersion) throws {
    let fixture = Fixture(version)
    for (host, resources) in try fixture.everything() {
      try Self.compare(
        resources.map(Self.describe).joined(separator: "\n"),
        "\(version)-\(host).txt"
      )
    }
    let objects =
      ClusterObjects.all(fixture.cluster)
      + ClusterObjects.nodePatches(fixture.cluster, podSubnets: fixture.podSubnets)
    try Self.compare(
      objects.map { "\($0.name)\n  # \($0.reason)\n  # \($0.summary)\n  \($0.path)\n\($0.json)" }
        .joined(separator: "\n"),
      "\(version)-objects.txt"
    )
  }

  /// A worker with CRI-O on CentOS 7, and its RuntimeClass.
  @Test(arguments: [Minor(1, 11), Minor(1, 20), Minor(1, 36)])
  func workersWithCRIOHoldWhatTheGoldenSays(_ minor: Minor) throws {
    let fixture = Fixture.crio(minor)
    let runtime = try CRIO.resources(fixture.context("gamma"))
    let classes = ClusterObjects.all(fixture.cluster).filter {
      $0.name.hasPrefix("runtimeclass/")
    }
    try Self.compare(
      runtime.map(Self.describe).joined(separator: "\n")
        + classes.map { "\n\($0.name)\n  # \($0.reason)\n  \($0.path)\n\($0.json)" }.joined(),
      "crio-\(minor).txt"
    )
  }

  /// Workers of systems that EKS users have.
  @Test(arguments: RecordedWorker.all)
  func recordedWorkersHoldWhatTheGoldenSays(_ worker: RecordedWorker) throws {
    try Self.compare(
      try worker.fixture().resources("worker").map(Self.describe).joined(separator: "\n"),
      "worker-\(worker).txt"
    )
  }

  @Test func aSwitchHoldsWhatTheGoldenSays() throws {
    let fixture = Fixture.eos()
    for host in ["veos-b", "veos-l1"] {
      try Self.compare(
        try fixture.resources(host).map(Self.describe).joined(separator: "\n"),
        "\(KubernetesVersion(1, 20, 2))-eos-\(host).txt"
      )
    }
  }

  static func compare(_ text: String, _ name: String) throws {
    let path = #filePath.replacing("GoldenTests.swift", with: "Goldens/\(name)")
    if let wish = getenv("KUBEWRIGHT_REGENERATE_GOLDENS"), String(cString: wish) == "1" {
      try Tool.write(text, to: path)
    }
    #expect(Tool.read(path) == text, "\(name) differs")
  }

  static func describe(_ item: StagedResource) -> String {
    let detail: String
    var body = ""
    switch item.resource {
    case .file(let file):
      detail = " \(file.mode) \(file.owner):\(file.group)"
      switch file.content {
      case .open(let bytes): body = String(decoding: bytes, as: UTF8.self)
      case .secret(let secret): body = "\(secret)\n"
      }
    case .directory(let directory):
      detail =
        " \(directory.mode) \(directory.owner):\(directory.group)"
        + (directory.ownsContents ? " with contents" : "")
    case .link(let link): detail = " -> \(link.target)"
    case .block(let block):
      detail = " \(block.label)"
      body = block.lines.map { "\($0)\n" }.joined()
    case .sysctl(let sysctl): detail = " = \(sysctl.value)" + (sysctl.optional ? " optional" : "")
    case .kernelModule(let module): detail = module.shownBy.map { " shown by \($0)" } ?? ""
    case .package(let package): detail = " by \(package.manager)"
    case .binary(let binary): detail = " \(binary.mode) from \(binary.source)"
    case .user(let user):
      detail = " home \(user.home)" + (user.uid.map { " number \($0)" } ?? "")
    case .swap: detail = ""
    case .absence(let absence): detail = absence.ours == nil ? "" : " taken away"
    case .image(let image): detail = " from \(image.archive) into \(image.engine)"
    case .footprint(let footprint):
      detail =
        " \((footprint.interfaces + footprint.mountsBelow + footprint.chainPrefixes).joined(separator: " "))"
        + (footprint.dockerContainers ? " docker" : "")
        + footprint.nftTables.map { " table \($0)" }.joined()
        + (footprint.vpcCNI ? " and the VPC CNI's" : "")
    case .firewalld(let policies): detail = " \(policies.names.joined(separator: " "))"
    case .firewalldDirect(let direct):
      detail = ""
      body = direct.rules.map { "\($0)\n" }.joined()
    case .unit(let unit):
      detail = unit.reloads ? " reloads" : ""
      body = unit.dependsOn.map { "reads \($0)\n" }.joined()
    }
    let header =
      "\(item.stage.rawValue) \(item.resource.id)\(detail)\n  # \(item.resource.reason)\n"
    return header + body.indented(by: 4)
  }
}
