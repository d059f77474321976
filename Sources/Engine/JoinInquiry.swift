// SPDX-License-Identifier: Apache-2.0

package import Components
import Facts
import FoundationEssentials
import Spec
import Transport
package import Values

/// Asks a host that does not come to its cluster of EKS which link is broken.
package struct JoinInquiry: Sendable, Equatable {
  /// Whether the node is Ready, as the host itself is told by the cluster.
  package let isReady: Bool
  /// The broken links, the first of the chain first; empty where none was found.
  package let findings: [Failure]

  /// - Throws: `Failure` where the host cannot be asked, or its answer cannot be read.
  package init(
    on member: Fleet.Member,
    membership: EKSMembership,
    nodeName: String
  ) async throws {
    let probe = JoinProbe(
      membership,
      nodeName: nodeName,
      runtimeUnit: member.spec.runtime.engine.unit
    )
    let output = try await member.transport.run(
      program: probe.program,
      deadline: JoinProbe.longest + .seconds(10),
      onLine: { _ in }
    ).standardOutput
    let evidence = try JoinEvidence.parse(output)
    isReady = evidence.isReady
    findings = JoinDiagnosis.findings(
      evidence,
      JoinExpectations(
        host: member.spec.name,
        probe: probe,
        region: membership.region,
        clock: Int(Date().timeIntervalSince1970)
      )
    )
  }
}

extension JoinProbe {
  /// Asks as the kubelet does.
  init(_ membership: EKSMembership, nodeName: String, runtimeUnit: String) {
    let (command, arguments) = membership.authenticator.command(cluster: membership.cluster)
    self.init(
      cluster: membership.cluster,
      endpoint: membership.endpoint,
      authorityPath: EKSKubeconfig.authorityPath,
      credentialCommand: [command] + arguments,
      credentialEnvironment: EKSKubeconfig.environment(of: membership),
      nodeName: nodeName,
      runtimeUnit: runtimeUnit
    )
  }
}
