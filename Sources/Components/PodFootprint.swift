// SPDX-License-Identifier: Apache-2.0

import Resources
import Spec

/// What running pods leave on a node, listed for `reset`.
///
/// It is the first thing of the stage `workers`, so that `reset`, which goes backwards, comes to it when
/// kubelet, kube-proxy and runtime have stopped and before their directories go.
package enum PodFootprint: Component {
  package static let name = "pods"

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    guard context.isWorker else { return [] }
    let network = context.cluster.network
    var interfaces: [String] = []
    if network.cni == .bridge { interfaces.append(CNIBridge.bridge) }
    if network.cni == .flannel { interfaces += Flannel.interfaces }
    if network.proxyMode == .ipvs { interfaces.append("kube-ipvs0") }
    let isCRIO = context.host.runtime.engine == .crio
    let footprint = Footprint(
      name: name,
      interfaces: interfaces,
      mountsBelow: [Layout.kubelet, isCRIO ? "/run/containers" : "/run/containerd"],
      chainPrefixes: ["KUBE-", "CNI-", "KUBEWRIGHT-"]
        + (network.cni == .flannel ? ["FLANNEL-"] : []),
      networkNamespacePrefixes: ["cni-"],
      pinnedNamespaces: isCRIO,
      containers: true,
      dockerContainers: context.host.runtime.engine == .docker,
      // The table that pkg/proxy/nftables of kubernetes makes.
      nftTables: network.proxyMode == .nftables ? ["kube-proxy"] : [],
      vpcCNI: context.eks != nil,
      reason: "What pods leave behind is taken away by reset."
    )
    return [StagedResource(.workers, .footprint(footprint))]
  }
}
