// SPDX-License-Identifier: Apache-2.0

extension FactKey {
  /// The values of the fact, oldest minor first.
  var steps: [FactStep] {
    switch self {
    case .etcdVersion: Self.etcdVersionSteps
    case .etcdMinimum: Self.etcdMinimumSteps
    case .cniPluginsVersion: Self.cniPluginsVersionSteps
    case .pauseImage: Self.pauseImageSteps
    case .coreDNSImage: Self.coreDNSImageSteps
    case .criToolsVersion: Self.criToolsVersionSteps
    case .goVersion: Self.goVersionSteps
    case .containerdMinimum: Self.containerdMinimumSteps
    case .containerdRecommended: Self.containerdRecommendedSteps
    case .kernelMinimum: Self.kernelMinimumSteps
    case .encryptionFlag: Self.encryptionFlagSteps
    case .encryptionAPIVersion: Self.encryptionAPIVersionSteps
    case .encryptionKind: Self.encryptionKindSteps
    case .auditPolicyAPIVersion: Self.auditPolicyAPIVersionSteps
    case .kubeletConfigAPIVersion: Self.kubeletConfigAPIVersionSteps
    case .kubeProxyConfigAPIVersion: Self.kubeProxyConfigAPIVersionSteps
    case .schedulerConfigAPIVersion: Self.schedulerConfigAPIVersionSteps
    case .admissionConfigurationAPIVersion: Self.admissionConfigurationAPIVersionSteps
    case .podSecurityConfigurationAPIVersion: Self.podSecurityConfigurationAPIVersionSteps
    case .credentialProviderConfigAPIVersion: Self.credentialProviderConfigAPIVersionSteps
    case .rbacAPIVersion: Self.rbacAPIVersionSteps
    case .runtimeClassAPIVersion: Self.runtimeClassAPIVersionSteps
    case .certificateRequestAPIVersion: Self.certificateRequestAPIVersionSteps
    case .execCredentialAPIVersion: Self.execCredentialAPIVersionSteps
    case .controlPlaneLabel: Self.controlPlaneLabelSteps
    case .controlPlaneTaint: Self.controlPlaneTaintSteps
    case .readinessPath: Self.readinessPathSteps
    case .crioRepository: Self.crioRepositorySteps
    case .eksCloudProvider: Self.eksCloudProviderSteps
    case .iamAuthenticatorVersion: Self.iamAuthenticatorVersionSteps
    case .ecrCredentialProviderVersion: Self.ecrCredentialProviderVersionSteps
    case .crioDefaultRuntime: Self.crioDefaultRuntimeSteps
    case .criAPI: Self.criAPISteps
    case .cgroupDriverDefault: Self.cgroupDriverDefaultSteps
    case .cisBenchmark: Self.cisBenchmarkSteps
    }
  }
}
