// SPDX-License-Identifier: Apache-2.0

/// A program or image archive that clusters are made of, by its file name.
package enum ArtifactName: String, Sendable, Codable, CaseIterable {
  case apiServer = "kube-apiserver"
  case controllerManager = "kube-controller-manager"
  case scheduler = "kube-scheduler"
  case kubelet
  case proxy = "kube-proxy"
  case kubectl
  case kubeadm
  /// All of Kubernetes' servers and kubectl in one program, which goes by the name it is called by.
  case hyperkube
  case etcd
  case etcdctl
  case bridge
  case hostLocal = "host-local"
  case loopback
  case portmap
  /// An image archive: the process that holds a pod's namespaces.
  case pause = "pause.tar"
  /// An image archive: a shell to try pods with, `kubewright.local/busybox:1`.
  case busybox = "busybox.tar"
  /// flannel's daemon, and its CNI plugin.
  case flanneld
  case flannel
  /// Docker's runtime interface, for kubelets from 1.24 on.
  case criDockerd = "cri-dockerd"
  /// What gets kubelets of EKS their tokens.
  case iamAuthenticator = "aws-iam-authenticator"
  case kubewright
  /// What gets kubelets from 1.27 on ECR's passwords.
  case ecrCredentialProvider = "ecr-credential-provider"

  /// What hosts need; the clients, etcdctl and hyperkube are for people.
  package static let hostPrograms: [Self] = [
    .apiServer, .controllerManager, .scheduler, .kubelet, .proxy, .etcd, .bridge, .hostLocal,
    .loopback, .portmap, .pause, .busybox,
  ]

  /// Whether hosts lack the libraries of one that is linked dynamically.
  var mustBeStatic: Bool { self == .kubewright }

  /// What is released together, under one version.
  enum Family: Sendable {
    case kubernetes
    case etcd
    case networkPlugins
    case image
    /// kubernetes-sigs/aws-iam-authenticator.
    case authenticator
    /// Of kubernetes/cloud-provider-aws.
    case cloudProvider
    /// Only the user has it, in a folder.
    case supplied
  }

  var family: Family {
    switch self {
    case .apiServer, .controllerManager, .scheduler, .kubelet, .proxy, .kubectl, .kubeadm,
      .hyperkube:
      .kubernetes
    case .etcd, .etcdctl: .etcd
    case .bridge, .hostLocal, .loopback, .portmap: .networkPlugins
    case .pause, .busybox: .image
    case .iamAuthenticator: .authenticator
    case .ecrCredentialProvider: .cloudProvider
    case .flanneld, .flannel, .criDockerd, .kubewright: .supplied
    }
  }
}
