// SPDX-License-Identifier: Apache-2.0

/// A value that the catalog knows for each minor.
package enum FactKey: String, Sendable, CaseIterable {
  /// The etcd that the minor's last patch releases are shipped and tested with: `3.4.13`.
  case etcdVersion
  /// The oldest etcd that kubeadm accepts beside the minor: `3.2.18`.
  case etcdMinimum
  /// The CNI plugins that the minor is tested with: `0.8.7`.
  case cniPluginsVersion
  /// The image that holds a pod's namespaces: `k8s.gcr.io/pause:3.2`.
  case pauseImage
  /// The cluster's name server: `k8s.gcr.io/coredns:1.7.0`.
  case coreDNSImage
  /// The cri-tools (crictl) that the minor is tested with: `1.19.0`.
  case criToolsVersion
  /// The Go that the minor's first release was built with: `1.15.5`.
  case goVersion
  /// The oldest containerd that serves the CRI that the kubelet needs: `1.6.0`.
  case containerdMinimum
  /// The oldest containerd that its own project recommends for the minor: `1.6.36`.
  case containerdRecommended
  /// The oldest kernel that kubeadm's check accepts: `3.10`; no program enforces it.
  case kernelMinimum
  /// The API server's flag for encryption at rest, without dashes.
  case encryptionFlag
  /// The API version and kind of the file that this flag names.
  case encryptionAPIVersion
  case encryptionKind
  /// The API version of the audit policy file.
  case auditPolicyAPIVersion
  /// The API versions of the programs' configuration files.
  case kubeletConfigAPIVersion
  case kubeProxyConfigAPIVersion
  case schedulerConfigAPIVersion
  /// The API version of the file that --admission-control-config-file names.
  case admissionConfigurationAPIVersion
  /// The API version of PodSecurity's own configuration; empty before there was one.
  case podSecurityConfigurationAPIVersion
  /// The API version of the file of image credential providers; empty before there was one.
  case credentialProviderConfigAPIVersion
  /// The API version of roles and bindings.
  case rbacAPIVersion
  /// The API version of RuntimeClass; empty where it is not built in.
  case runtimeClassAPIVersion
  /// The API version of certificate signing requests.
  case certificateRequestAPIVersion
  /// The API version in which kubeconfig files speak with credential plugins.
  case execCredentialAPIVersion
  /// The label of control-plane nodes.
  case controlPlaneLabel
  /// The key of the taint that keeps ordinary pods away from them.
  case controlPlaneTaint
  /// The API server's path that answers 200 once it serves.
  case readinessPath
  /// The CRI-O project's repository of packages for a CRI-O minor, without its last folder (`rpm`,
  /// `deb`); empty where there is none.
  case crioRepository
  /// The cloud provider that EKS's own nodes give their kubelets: `aws` or `external`.
  case eksCloudProvider
  /// The aws-iam-authenticator to give to kubelets of EKS: `0.7.6`.
  case iamAuthenticatorVersion
  /// The ecr-credential-provider for the minor; empty where the kubelet needs none.
  case ecrCredentialProviderVersion
  /// What CRI-O runs pods with where nothing else is said: `runc` or `crun`.
  case crioDefaultRuntime
  /// The CRI version that the kubelet needs of a runtime: `v1alpha2` or `v1`.
  case criAPI
  /// The kubelet's cgroupDriver where its file names none.
  case cgroupDriverDefault
  /// kube-bench's name for the CIS benchmark of the minor: `cis-1.20`.
  case cisBenchmark
}
