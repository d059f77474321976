// SPDX-License-Identifier: Apache-2.0

extension SpanTable {
  /// Plugins that the API server knows, in the form that `SpanTable` describes.
  static let admissionPlugins = Self(
    """
    AlwaysAdmit -
    AlwaysDeny -
    AlwaysPullImages -
    CertificateApproval 1.18-
    CertificateSigning 1.18-
    CertificateSubjectRestriction 1.18-
    ClusterTrustBundleAttest 1.27-
    DefaultIngressClass 1.18-
    DefaultStorageClass -
    DefaultTolerationSeconds -
    DenyEscalatingExec -1.20
    DenyExecOnPrivileged -1.20
    DenyServiceExternalIPs 1.21-
    EventRateLimit -
    ExtendedResourceToleration -
    ImagePolicyWebhook -
    Initializers -1.13
    JobValidation 1.36-
    LimitPodHardAntiAffinityTopology -
    LimitRanger -
    MutatingAdmissionPolicy 1.32-
    MutatingAdmissionWebhook -
    NamespaceAutoProvision -
    NamespaceExists -
    NamespaceLifecycle -
    NodeDeclaredFeatureValidator 1.35-
    NodeRestriction -
    OwnerReferencesPermissionEnforcement -
    PersistentVolumeClaimResize -
    PersistentVolumeLabel -1.30
    PodGroupProtection 1.36-
    PodGroupWorkloadExists 1.36-
    PodNodeSelector -
    PodPreset -1.19
    PodResizeValidator 1.36-
    PodSecurity 1.22-
    PodSecurityPolicy -1.24 !1.21
    PodTolerationRestriction -
    PodTopologyLabels 1.33-
    Priority -
    ResourceQuota -
    RuntimeClass 1.16-
    SecurityContextDeny -1.29 !1.27
    ServiceAccount -
    StorageObjectInUseProtection -
    TaintNodesByCondition 1.14-
    ValidatingAdmissionPolicy 1.26-
    ValidatingAdmissionWebhook -
    """,
    source: pluginsSource
  )

  /// Those that are on by default.
  static let defaultAdmissionPlugins = Self(
    """
    CertificateApproval 1.18-
    CertificateSigning 1.18-
    CertificateSubjectRestriction 1.18-
    ClusterTrustBundleAttest 1.27-
    DefaultIngressClass 1.18-
    DefaultStorageClass -
    DefaultTolerationSeconds -
    JobValidation 1.36-
    LimitRanger -
    MutatingAdmissionPolicy 1.32-
    MutatingAdmissionWebhook -
    NamespaceLifecycle -
    NodeDeclaredFeatureValidator 1.35-
    PersistentVolumeClaimResize -
    PodGroupProtection 1.36-
    PodGroupWorkloadExists 1.36-
    PodResizeValidator 1.36-
    PodSecurity 1.23-
    PodTopologyLabels 1.33-
    Priority 1.12-
    ResourceQuota -
    RuntimeClass 1.16-
    ServiceAccount -
    StorageObjectInUseProtection 1.15-
    TaintNodesByCondition 1.14-
    ValidatingAdmissionPolicy 1.26-
    ValidatingAdmissionWebhook -
    """,
    source: pluginsSource
  )

  /// Modes of kube-proxy on Linux.
  static let proxyModes = Self(
    """
    iptables -
    ipvs - !1.35 # 1.35 release notes, PR #134539
    nftables 1.29- # 1.29 release notes, PR #121046
    userspace -1.25 !1.23 # 1.26 release notes, PR #112133
    """,
    source: "kube-proxy --proxy-mode in the command reference of every minor"
  )

  private static let pluginsSource =
    "pkg/kubeapiserver/options/plugins.go of kubernetes at each minor"
}
