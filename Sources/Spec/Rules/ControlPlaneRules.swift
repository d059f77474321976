// SPDX-License-Identifier: Apache-2.0

import Catalog
import Values

/// Who the control plane is, and what follows from it.
enum ControlPlaneRules {
  static let all = [
    Rule(
      doc: "Of `controlPlane.endpoint` and `controlPlane.eks` just one is given.",
      check: present
    ),
    Rule(
      doc:
        "The release of Kubernetes is given, and a nodeIP and roles of every host, unless EKS is "
        + "the control plane.",
      check: hosts
    ),
    Rule(
      doc: "Where EKS is the control plane, every host is a worker and nothing else, and its pod "
        + "network is the cluster's own (cni.type none).",
      check: workers
    ),
    Rule(
      doc: "Keys of a control plane of one's own are warned of where EKS is the control plane.",
      check: foreignKeys
    ),
    Rule(
      doc: "The cloud provider in-tree needs a kubelet that has it: \(lastInTree) is the last.",
      check: cloudProvider
    ),
  ]

  private static let lastInTree =
    Catalog.standard.minors.last { Catalog.standard.has(.cloudProviderAWS, at: $0) }?.description
    ?? "none"

  /// Keys of a control plane of one's own.
  static let ownKeys =
    ["pki", "secretsEncryption", "audit", "etcd"].map { SpecPath("spec", $0) }
    + ["extraSANs", "admissionPlugins"].map { SpecPath("spec", "controlPlane", $0) }
    + ["podCIDR", "serviceCIDR", "nodePrefix", "nodePorts", "proxy"].map {
      SpecPath("spec", "network", $0)
    }

  static let eks = SpecPath("spec", "controlPlane", "eks")
  private static let version = SpecPath("spec", "kubernetes", "version")
  private static let cni = SpecPath("spec", "network", "cni", "type")

  /// Fills in what follows from EKS being the control plane, and keeps other rules from judging what is not
  /// there.
  static func settled(_ spec: ClusterSpec, _ reading: inout Reading) -> ClusterSpec {
    var spec = spec
    let isEKS = spec.controlPlane.eks != nil
    if isEKS || !reading.isWritten(NetworkRules.endpoint) {
      reading.markBroken(NetworkRules.endpoint)
    }
    if !reading.isWritten(version) { reading.markBroken(version) }
    for index in spec.hosts.indices {
      let path = SpecPath.host(index)
      if !reading.isWritten(path["nodeIP"]) { reading.markBroken(path["nodeIP"]) }
      guard !reading.isWritten(path["roles"]) else { continue }
      if isEKS { spec.hosts[index].roles = [.worker] } else { reading.markBroken(path["roles"]) }
    }
    if isEKS, !reading.isWritten(cni) { spec.network.cni = .none }
    // Its kube-proxy is EKS's matter, whatever is written.
    if isEKS { spec.network.proxyMode = NetworkSpec().proxyMode }
    return spec
  }

  @Sendable private static func present(_ spec: ClusterSpec, _ reading: inout Reading) {
    let parent = SpecPath("spec", "controlPlane")
    guard reading.isSound(parent) else { return }
    let hasEndpoint = reading.isWritten(NetworkRules.endpoint)
    let hasEKS = reading.isWritten(eks)
    if hasEndpoint, hasEKS {
      reading.error(eks, "rules out controlPlane.endpoint: the control plane is EKS's or ours")
    } else if !hasEndpoint, !hasEKS {
      reading.error(
        NetworkRules.endpoint,
        Form<Endpoint>.endpoint.shape.missing + "; or give eks for a cluster of Amazon EKS"
      )
    }
  }

  @Sendable private static func hosts(_ spec: ClusterSpec, _ reading: inout Reading) {
    guard spec.controlPlane.eks == nil, reading.isSound(eks) else { return }
    if !reading.isWritten(version), reading.isSound(SpecPath("spec", "kubernetes")) {
      reading.error(version, ClusterModel.version.shape.missing)
    }
    for index in spec.hosts.indices {
      let path = SpecPath.host(index)
      guard reading.isSound(path) else { continue }
      if !reading.isWritten(path["nodeIP"]) {
        reading.error(path["nodeIP"], Form<IPv4Address>.address.shape.missing)
      }
      if !reading.isWritten(path["roles"]) { reading.error(path["roles"], "is missing") }
    }
  }

  @Sendable private static func workers(_ spec: ClusterSpec, _ reading: inout Reading) {
    guard spec.controlPlane.eks != nil else { return }
    for (path, host) in reading.hosts(of: spec, with: "roles") where host.roles != [.worker] {
      reading.error(path, "EKS runs the control plane: its hosts are workers", allowed: ["worker"])
    }
    if reading.isSound(cni), spec.network.cni != .none {
      reading.error(
        cni,
        "is the cluster's matter, whose DaemonSet aws-node brings the pod network",
        allowed: [CNIType.none.rawValue]
      )
    }
  }

  @Sendable private static func foreignKeys(_ spec: ClusterSpec, _ reading: inout Reading) {
    guard spec.controlPlane.eks != nil else { return }
    for path in ownKeys where reading.isWritten(path) {
      reading.warning(path, "has no effect: EKS runs the control plane and its add-ons")
    }
  }

  @Sendable private static func cloudProvider(_ spec: ClusterSpec, _ reading: inout Reading) {
    let path = eks["cloudProvider"]
    let minor = spec.kubernetes.version.minor
    guard spec.controlPlane.eks?.cloudProvider == .inTree,
      !Catalog.standard.has(.cloudProviderAWS, at: minor),
      reading.isSound(path), reading.isSound(version)
    else { return }
    reading.error(
      path,
      "the kubelet of Kubernetes \(minor) has no code for AWS: \(lastInTree) is the last that has",
      allowed: [EKSSpec.CloudProvider.external.rawValue]
    )
  }
}
