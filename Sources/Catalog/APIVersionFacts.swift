// SPDX-License-Identifier: Apache-2.0

/// The versions and kinds that configuration files and objects are written in: at each minor the
/// newest that is stable there, so that a file outlives the next upgrade.
extension FactKey {
  static let encryptionFlagSteps: [FactStep] = [
    .since(11, "experimental-encryption-provider-config", encryptionSource),
    .since(13, "encryption-provider-config", "1.13 release notes, PR #71206"),
  ]

  static let encryptionAPIVersionSteps: [FactStep] = [
    .since(11, "v1", encryptionSource),
    .since(13, "apiserver.config.k8s.io/v1", "1.13 release notes, PR #71206"),
  ]

  static let encryptionKindSteps: [FactStep] = [
    .since(11, "EncryptionConfig", encryptionSource),
    .since(13, "EncryptionConfiguration", "1.13 release notes, PR #71206"),
  ]

  private static let encryptionSource =
    "kubernetes/apiserver kubernetes-1.12.0 pkg/server/options/encryptionconfig/config.go"

  static let auditPolicyAPIVersionSteps: [FactStep] = [
    .since(11, "audit.k8s.io/v1beta1", "kubernetes/apiserver kubernetes-1.11.0 pkg/apis/audit"),
    .since(12, "audit.k8s.io/v1", "1.12 release notes, PR #65891"),
  ]

  static let kubeletConfigAPIVersionSteps: [FactStep] = [
    .always(
      "kubelet.config.k8s.io/v1beta1",
      "kubernetes/kubelet config/v1beta1/register.go, tags kubernetes-1.12.0 to v0.36.0"
    )
  ]

  static let kubeProxyConfigAPIVersionSteps: [FactStep] = [
    .always(
      "kubeproxy.config.k8s.io/v1alpha1",
      "kubernetes/kube-proxy config/v1alpha1/register.go, tags kubernetes-1.12.0 to v0.36.0"
    )
  ]

  static let schedulerConfigAPIVersionSteps: [FactStep] = [
    .since(
      11,
      "componentconfig/v1alpha1",
      "kubernetes 1.11 pkg/apis/componentconfig/v1alpha1/register.go"
    ),
    .since(
      12,
      "kubescheduler.config.k8s.io/v1alpha1",
      "kubernetes v1.12.0 pkg/scheduler/apis/config/register.go"
    ),
    .since(
      18,
      "kubescheduler.config.k8s.io/v1alpha2",
      "kubernetes/kube-scheduler v0.18.0 config/v1alpha2"
    ),
    .since(19, "kubescheduler.config.k8s.io/v1beta1", "1.19 release notes, PR #89298"),
    .since(
      22,
      "kubescheduler.config.k8s.io/v1beta2",
      "kubernetes/kube-scheduler v0.22.0 config/v1beta2"
    ),
    .since(25, "kubescheduler.config.k8s.io/v1", "1.25 release notes, PR #110534"),
  ]

  static let rbacAPIVersionSteps: [FactStep] = [
    .always(
      "rbac.authorization.k8s.io/v1",
      "kubernetes/api rbac/v1; v1beta1 left in 1.22, 1.17 release notes, PR #84758"
    )
  ]

  static let runtimeClassAPIVersionSteps: [FactStep] = [
    .since(11, "", "kubernetes v1.13.0 pkg/features/kube_features.go: an alpha gate and a CRD"),
    .since(14, "node.k8s.io/v1beta1", "1.14 release notes, PR #75003"),
    .since(20, "node.k8s.io/v1", "1.20 release notes, PR #95718"),
  ]

  static let execCredentialAPIVersionSteps: [FactStep] = [
    .always(
      "client.authentication.k8s.io/v1beta1",
      "kubernetes/client-go pkg/apis/clientauthentication, all tags; v1 came in 1.22"
    )
  ]

  static let admissionConfigurationAPIVersionSteps: [FactStep] = [
    .since(
      11,
      "apiserver.k8s.io/v1alpha1",
      "kubernetes/apiserver kubernetes-1.11.0 pkg/apis/apiserver"
    ),
    .since(17, "apiserver.config.k8s.io/v1", "1.17 release notes, PR #85098"),
  ]

  static let podSecurityConfigurationAPIVersionSteps: [FactStep] = [
    .since(11, "", "kubernetes/pod-security-admission has no tag before v0.22.0"),
    .since(22, "pod-security.admission.config.k8s.io/v1alpha1", "1.22 notes, PR #103099"),
    .since(23, "pod-security.admission.config.k8s.io/v1beta1", "1.23 notes, PR #106089"),
    .since(25, "pod-security.admission.config.k8s.io/v1", "1.25 release notes, PR #110459"),
  ]

  static let credentialProviderConfigAPIVersionSteps: [FactStep] = [
    .since(11, "", "kubernetes/kubelet has no config/v1alpha1 before v0.20.0"),
    .since(20, "kubelet.config.k8s.io/v1alpha1", "1.20 release notes, PR #94196"),
    .since(24, "kubelet.config.k8s.io/v1beta1", "1.24 release notes, PR #108847"),
    .since(26, "kubelet.config.k8s.io/v1", "1.26 release notes, PR #111616"),
  ]

  static let certificateRequestAPIVersionSteps: [FactStep] = [
    .since(11, "certificates.k8s.io/v1beta1", "kubernetes/api certificates/v1beta1"),
    .since(19, "certificates.k8s.io/v1", "kubernetes/api v0.19.0 certificates/v1"),
  ]
}
