// SPDX-License-Identifier: Apache-2.0

/// How nodes are marked, what programs answer and ask for, and what checks expect.
extension FactKey {
  static let controlPlaneLabelSteps: [FactStep] = [
    .since(11, "node-role.kubernetes.io/master", "kubernetes v1.15.0 kubeadm constants.go"),
    .since(20, "node-role.kubernetes.io/control-plane", "kubernetes v1.20.2 kubeadm constants.go"),
  ]

  static let controlPlaneTaintSteps: [FactStep] = [
    .since(11, "node-role.kubernetes.io/master", "kubernetes v1.20.2 kubeadm constants.go"),
    .since(
      24,
      "node-role.kubernetes.io/control-plane",
      "KEP-2067: kubeadm 1.24 sets both taints, 1.25 only this one"
    ),
  ]

  static let readinessPathSteps: [FactStep] = [
    .since(11, "/healthz", "kubernetes/apiserver kubernetes-1.15.0 pkg/server/healthz.go"),
    .since(16, "/readyz", "kubernetes/apiserver kubernetes-1.16.0 pkg/server/healthz.go"),
  ]

  static let criAPISteps: [FactStep] = [
    .since(11, "v1alpha2", "pkg/kubelet/cri/remote of 1.23 and 1.25: v1 first, v1alpha2 suffices"),
    .since(26, "v1", "pkg/kubelet/cri/remote of 1.26: v1 only"),
  ]

  static let eksCloudProviderSteps: [FactStep] = [
    .since(11, "aws", "awslabs/amazon-eks-ami al2 files/kubelet.service of 2018-11"),
    .since(26, "external", "awslabs/amazon-eks-ami al2 files/bootstrap.sh; in-tree went with 1.27"),
  ]

  static let iamAuthenticatorVersionSteps: [FactStep] = [
    .always("0.7.6", "kubernetes-sigs/aws-iam-authenticator releases, 2025-09-04")
  ]

  static let ecrCredentialProviderVersionSteps: [FactStep] = [
    .since(11, "", "the kubelet enters ECR by itself up to 1.26"),
    .since(27, "1.27.10", cloudProviderReleases),
    .since(28, "1.28.11", cloudProviderReleases),
    .since(29, "1.29.8", cloudProviderReleases),
    .since(30, "1.30.4", cloudProviderReleases),
    .since(31, "1.31.2", cloudProviderReleases),
  ]

  private static let cloudProviderReleases =
    "aws/eks-anywhere-build-tooling projects/kubernetes/cloud-provider-aws/README.md"

  static let cgroupDriverDefaultSteps: [FactStep] = [
    .always("cgroupfs", "pkg/kubelet/apis/config/v1beta1/defaults.go of 1.11, 1.20 and 1.36")
  ]

  static let kernelMinimumSteps: [FactStep] = [
    .since(11, "3.10", validators),
    .since(32, "4.19", validators),
    .since(34, "5.4", validators),
  ]

  private static let validators = "kubernetes/system-validators validators/types_unix.go"

  static let cisBenchmarkSteps: [FactStep] = [
    .since(
      11,
      "cis-1.5",
      "kube-bench cfg/config.yaml, which starts at 1.15: cis-1.5 must be asked for"
    ),
    .since(15, "cis-1.5", kubeBench),
    .since(16, "cis-1.6", kubeBench),
    .since(19, "cis-1.20", kubeBench),
    .since(22, "cis-1.23", kubeBench),
    .since(24, "cis-1.24", kubeBench),
    .since(25, "cis-1.7", kubeBench),
    .since(26, "cis-1.8", kubeBench),
    .since(27, "cis-1.9", kubeBench),
    .since(28, "cis-1.10", kubeBench),
    .since(29, "cis-1.11", kubeBench),
    .since(32, "cis-1.12", kubeBench),
  ]

  private static let kubeBench = "kube-bench cfg/config.yaml"
}
