// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Components
import Engine
import PKI
import Spec
import Values

struct KubeconfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kubeconfig",
    abstract: "Print the admin kubeconfig.",
    discussion: """
      No host is contacted: the credentials are in the state folder. For a cluster of EKS it names \
      this program, which gets tokens for the AWS credentials at hand.
      """
  )

  @OptionGroup var spec: SpecOptions

  func run() async throws {
    let spec = spec
    try await execute { console in
      let cluster = try await spec.read(console)
      if cluster.isOfEKS {
        guard let membership = try spec.state(of: cluster).eks() else {
          throw Failure(
            .state,
            "the cluster of EKS was not looked for yet",
            remedy: "run `kubewright plan` first"
          )
        }
        await console.out(EKSKubeconfig.text(membership))
        return
      }
      let bundle = try await PKIStore(directory: spec.state(of: cluster).pki).load(cluster: cluster)
        .bundle
      await console.out(
        try Kubeconfig.admin(cluster: cluster, pki: bundle).revealText()
      )
    }
  }
}

extension ClusterSession {
  /// Keeps the admin kubeconfig in the state folder, 0600.
  func writeKubeconfig(_ pki: PKIBundle) throws {
    let text = try Kubeconfig.admin(cluster: cluster, pki: pki)
    try state.write(text.reveal(), to: "admin.conf")
  }
}

extension Kubeconfig {
  /// The operator's kubeconfig: through the cluster's endpoint, as kubernetes-admin.
  static func admin(cluster: ClusterSpec, pki: PKIBundle) throws -> Sensitive {
    guard let credential = pki.leaves[.admin] else {
      throw Failure(
        .state,
        "the admin certificate is not in the state folder",
        remedy: "run `kubewright up` first"
      )
    }
    return render(
      cluster: cluster.name,
      server: cluster.controlPlane.endpoint.url,
      authority: pki.authority(.cluster),
      user: "kubernetes-admin",
      credential: credential
    )
  }
}
