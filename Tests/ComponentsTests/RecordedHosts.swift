// SPDX-License-Identifier: Apache-2.0

import Facts
import FoundationEssentials
import Spec
import Values

/// A host whose facts lie among the examples.
enum RecordedHost: String, CaseIterable {
  case centOS7 = "centos-7"
  case amazonLinux2 = "amazon-linux-2"
  case amazonLinux2023 = "amazon-linux-2023"
  case debian12 = "debian-12"

  private static let folder = #filePath.replacing(
    "Tests/ComponentsTests/RecordedHosts.swift",
    with: "examples/eks-worker/facts"
  )

  var path: String { "\(Self.folder)/\(rawValue).json" }

  func facts() throws -> HostFacts {
    try JSONDecoder().decode(HostFacts.self, from: Data((Tool.read(path) ?? "").utf8))
  }

  /// The same with a firewalld that runs.
  func facts(with firewalld: FirewalldFacts) throws -> HostFacts {
    var facts = try facts()
    facts.filtersInput = true
    facts.firewalld = firewalld
    return facts
  }
}

/// A worker of EKS to be shown whole, as a golden.
struct RecordedWorker: CustomStringConvertible {
  var host: RecordedHost
  var version: KubernetesVersion
  var engine: RuntimeEngine

  var description: String { "\(version)-\(host.rawValue)-\(engine.rawValue)" }

  static let all = [
    Self(host: .centOS7, version: KubernetesVersion(1, 11, 5), engine: .crio),
    Self(host: .amazonLinux2, version: KubernetesVersion(1, 20, 15), engine: .containerd),
    Self(host: .amazonLinux2023, version: KubernetesVersion(1, 33, 5), engine: .containerd),
  ]

  /// The worker joins a cluster of EKS, on CentOS 7 with Clear Containers beside CRI-O.
  func fixture() throws -> Fixture {
    var fixture = Fixture.eks(version.minor)
    let instance = fixture.facts.instance
    fixture.cluster.kubernetes.version = version
    if engine == .crio {
      let handlers = [HandlerSpec(name: "untrusted", type: .clearContainers)]
      fixture.cluster.hosts[0].runtime =
        Fixture.crio(version.minor, handlers: handlers).cluster.hosts[2].runtime
      fixture.cluster.hosts[0].labels = ["runtime": "crio"]
    }
    fixture.facts = try host.facts()
    fixture.facts.instance = instance
    return fixture
  }
}
