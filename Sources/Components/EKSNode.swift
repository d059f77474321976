// SPDX-License-Identifier: Apache-2.0

import Facts
import Spec
import Values

/// What one worker of EKS is called and given: known from its metadata, or placeholders that the host
/// itself fills in.
struct EKSNode {
  var address: String
  /// EC2's private DNS name: EKS maps nodes to it, and the node authorizer refuses any other.
  var name: String
  var providerID: String
  var maxPods: Document
  var clusterDNS: Document
  /// What pods do not get.
  var reserved: Document
}

extension HostContext {
  /// - Throws: `Failure` (`preflight`) where the host's metadata or the number of pods is not known.
  func eksNode() throws -> EKSNode {
    guard let eks else { throw Failure(.internalError, host: host.name, "joins no cluster of EKS") }
    if eks.isLate { return lateNode(eks) }
    guard let instance = facts.instance else {
      throw Failure(
        .preflight,
        host: host.name,
        "its instance metadata is not known",
        why: "a worker of EKS is called by its private DNS name, which metadata tells",
        remedy: "run `kubewright plan`, which asks the host; it must be an EC2 instance"
      )
    }
    guard let pods = eks.maxPods else {
      throw Failure(
        .preflight,
        host: host.name,
        "nothing says how many pods a \(instance.type) may have",
        remedy: "set spec.controlPlane.eks.maxPods"
      )
    }
    let kept = ReservedResources(cpus: facts.cpus, maxPods: pods)
    let address = host.nodeIP == .unspecified ? instance.address : host.nodeIP
    return EKSNode(
      address: address.description,
      name: instance.nodeName,
      providerID: instance.providerID,
      maxPods: .number(pods),
      clusterDNS: .exact(
        clusterDNS(eks)
          ?? ClusterDNS(host: instance.address, vpcNetworks: instance.vpcNetworks).address
          .description
      ),
      reserved: reserved(cpu: kept.cpu, memory: kept.memory)
    )
  }

  private func lateNode(_ eks: EKSMembership) -> EKSNode {
    EKSNode(
      address: LateValue.address.placeholder,
      name: LateValue.nodeName.placeholder,
      providerID: LateValue.providerID.placeholder,
      maxPods: eks.maxPods.map(Document.number) ?? .figure(LateValue.maxPods.placeholder),
      clusterDNS: .exact(clusterDNS(eks) ?? LateValue.clusterDNS.placeholder),
      reserved: reserved(
        cpu: LateValue.reservedCPU.placeholder,
        memory: eks.maxPods.map { ReservedResources(cpus: 1, maxPods: $0).memory }
          ?? LateValue.reservedMemory.placeholder
      )
    )
  }

  /// nil where the service network is not known.
  private func clusterDNS(_ eks: EKSMembership) -> String? {
    eks.serviceNetwork.flatMap { ClusterDNS(serviceNetwork: $0, source: "the cluster") }?
      .address.description
  }

  private func reserved(cpu: String, memory: String) -> Document {
    ["cpu": .exact(cpu), "ephemeral-storage": "1Gi", "memory": .exact(memory)]
  }
}
