// SPDX-License-Identifier: Apache-2.0

package import Facts
package import PKI
package import Resources
package import Spec
package import Values

/// Everything a component may look at: all of it is a value, so a component is a pure function.
package struct HostContext: Sendable {
  package let cluster: ClusterSpec
  package let host: HostSpec
  package let facts: HostFacts
  package let pki: PKIBundle
  /// Each host's own pod subnet, by host name; kept in the state folder so that it never moves.
  package let podSubnets: [String: CIDR]
  /// The programs for this host's architecture, by name (`kube-apiserver`, `etcd`, `pause.tar`, …).
  package let programs: [String: ProgramFile]
  /// The cluster of EKS that the host joins; nil: hosts of ours are the control plane.
  package let eks: EKSMembership?
  /// How its member of the store enters; nil: all members begin together.
  package let etcdEntrance: EtcdEntrance?

  package init(
    cluster: ClusterSpec,
    host: HostSpec,
    facts: HostFacts,
    pki: PKIBundle,
    podSubnets: [String: CIDR],
    programs: [String: ProgramFile],
    eks: EKSMembership? = nil,
    etcdEntrance: EtcdEntrance? = nil
  ) {
    self.cluster = cluster
    self.host = host
    self.facts = facts
    self.pki = pki
    self.podSubnets = podSubnets
    self.programs = programs
    self.eks = eks
    self.etcdEntrance = etcdEntrance
  }

  package var minor: Minor { cluster.kubernetes.version.minor }
}

/// A program as the artifact store resolved it.
package struct ProgramFile: Sendable, Equatable, Codable {
  package var digest: Digest
  package var size: Int
  /// Its path on the operator's side.
  package var source: String
  /// Where a host may fetch it by itself.
  package var url: String?
  package init(digest: Digest, size: Int, source: String, url: String? = nil) {
    self.digest = digest
    self.size = size
    self.source = source
    self.url = url
  }
}

/// A piece of desired state with the stage it belongs to.
package struct StagedResource: Sendable, Equatable {
  package var stage: Stage
  package var resource: Resource
  package init(_ stage: Stage, _ resource: Resource) {
    self.stage = stage
    self.resource = resource
  }
}

/// The stages of `up`, in order; after each a health gate.
package enum Stage: String, Sendable, CaseIterable, Codable, Comparable {
  /// System settings, packages, programs: nothing of Kubernetes runs yet.
  case prepare
  case etcd
  case controlPlane = "control-plane"
  /// Objects in the API (RBAC); no host is touched.
  case objects
  /// Runtime, CNI, kubelet, kube-proxy.
  case workers
  /// What a registered node is given through the API: pod subnet, labels, taints; no host is touched.
  case nodes

  package static func < (left: Self, right: Self) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}

/// One part of a cluster: etcd, the API server, the kubelet and so on.
package protocol Component: Sendable {
  /// What `explain` calls it.
  static var name: String { get }
  /// What this host should hold of it, in the order it has to come about; empty where the host's roles
  /// do not include it.
  static func resources(_ context: HostContext) throws -> [StagedResource]
}
