// SPDX-License-Identifier: Apache-2.0

package import Values

/// Files to begin with.
package enum SpecExample {
  /// What the examples are called; the first is the usual one.
  package static let names = all.map(\.name)

  /// A commented, valid cluster.yaml that installs the release `newest`; nil where no example has that
  /// name.
  package static func text(named name: String, newest: KubernetesVersion) -> String? {
    guard let example = all.first(where: { $0.name == name }) else { return nil }
    var spec = example.spec
    spec.kubernetes.version = newest
    return ExampleWriter.text(of: spec, introduction: example.introduction)
  }

  private struct Example: Sendable {
    let name: String
    let introduction: String
    let spec: ClusterSpec
  }

  private static let all = [
    Example(
      name: "three-hosts",
      introduction: "Three hosts that do everything: any one of them may fail.",
      spec: spec(
        endpoint: "kubernetes.example.com",
        hosts: (1...3).map { number in
          HostSpec(
            name: "node-\(number)",
            ssh: SSHSpec(address: "192.0.2.1\(number)", user: "admin"),
            nodeIP: IPv4Address(raw: 0xC000_020A + UInt32(number)),
            roles: Set(Role.allCases)
          )
        }
      )
    ),
    Example(
      name: "eks-worker",
      introduction: "A worker of a cluster of Amazon EKS. What AWS can tell is asked there.",
      spec: eksWorker
    ),
    Example(
      name: "single-host",
      introduction: "One host that does everything: this very machine. Put its own address for "
        + "192.0.2.11.",
      spec: spec(
        endpoint: "192.0.2.11",
        hosts: [
          HostSpec(
            name: "node-1",
            ssh: nil,
            nodeIP: IPv4Address(raw: 0xC000_020B),
            roles: Set(Role.allCases)
          )
        ]
      )
    ),
  ]

  /// A worker that joins a cluster of EKS.
  private static let eksWorker: ClusterSpec = {
    var spec = Self.spec(
      endpoint: "",
      hosts: [
        HostSpec(
          name: "worker-1",
          ssh: SSHSpec(address: "192.0.2.11", user: "ec2-user"),
          nodeIP: .unspecified,
          roles: [.worker],
          labels: ["runtime": "containerd"]
        )
      ]
    )
    spec.controlPlane.eks = EKSSpec(cluster: "production", region: "eu-west-1")
    spec.network.cni = .none
    return spec
  }()

  private static func spec(endpoint: String, hosts: [HostSpec]) -> ClusterSpec {
    ClusterSpec(
      name: "example",
      kubernetes: KubernetesSpec(version: KubernetesVersion(0, 0, 0)),
      controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: endpoint)),
      hosts: hosts
    )
  }
}
