// SPDX-License-Identifier: Apache-2.0

/// Versions of other programs that a minor is shipped, built and tested with.
extension FactKey {
  static let etcdVersionSteps: [FactStep] = [
    .since(11, "3.2.18", kubeadmConstants),
    .since(12, "3.2.24", kubeadmConstants),
    .since(14, "3.3.10", kubeadmConstants),
    .since(16, "3.3.17", kubeadmConstants),
    .since(17, "3.4.3", kubeadmConstants),
    .since(19, "3.4.13", kubeadmConstants),
    .since(22, "3.5.6", kubeadmConstants),
    .since(27, "3.5.9", kubeadmConstants),
    .since(28, "3.5.10", kubeadmConstants),
    .since(29, "3.5.12", kubeadmConstants),
    .since(30, "3.5.15", kubeadmConstants),
    .since(31, "3.5.24", kubeadmConstants),
    .since(34, "3.6.5", kubeadmConstants),
    .since(35, "3.6.6", kubeadmConstants),
    .since(36, "3.6.8", kubeadmConstants),
  ]

  /// Late patches of 1.31 ask for 3.5.24; the first ones for this.
  static let etcdMinimumSteps: [FactStep] = [
    .since(11, "3.2.17", kubeadmConstants),
    .since(12, "3.2.18", kubeadmConstants),
    .since(28, "3.4.13", kubeadmConstants),
    .since(31, "3.5.11", kubeadmConstants),
    .since(32, "3.5.24", kubeadmConstants),
  ]

  private static let kubeadmConstants =
    "cmd/kubeadm/app/constants/constants.go of kubernetes at the minor"

  static let cniPluginsVersionSteps: [FactStep] = [
    .since(11, "0.6.0", "cluster/gce/gci/configure.sh of kubernetes 1.11 to 1.13"),
    .since(14, "0.7.5", "build/workspace.bzl of kubernetes 1.14 and 1.15"),
    .since(18, "0.8.5", "the release that was current at 1.18"),
    .since(19, "0.8.6", dependencies),
    .since(20, "0.8.7", "1.20 release notes, PR #94367"),
    .since(22, "0.9.1", "1.22 release notes, PR #102328; \(dependencies) 1.24"),
    .since(25, "1.1.1", "the release that was current at 1.25"),
    .since(27, "1.2.0", "the release that was current at 1.27"),
    .since(29, "1.3.0", "1.29 release notes, PR #119969"),
    .since(30, "1.4.0", "1.30 release notes, PR #122178"),
    .since(31, "1.5.1", dependencies),
    .since(32, "1.6.0", "1.32 release notes, PR #128091"),
    .since(33, "1.6.2", "1.33 release notes, PR #129776"),
    .since(34, "1.7.1", "1.34 release notes, PR #131602"),
    .since(35, "1.8.0", "1.35 release notes, PR #133837"),
    .since(36, "1.9.1", dependencies),
  ]

  /// A minor is tested with the cri-tools of the minor before it.
  static let criToolsVersionSteps: [FactStep] = [
    .since(11, "1.0.0-beta.1", "build/workspace.bzl of kubernetes 1.11"),
    .since(12, "1.11.1", "1.12 release notes, PR #66152"),
    .since(13, "1.12.0", "1.13 release notes, PR #69033"),
    .since(15, "1.14.0", "build/workspace.bzl of kubernetes 1.15"),
    .since(17, "1.16.1", "1.17 release notes, PR #82856"),
    .since(18, "1.17.0", "1.18 release notes, PR #86305"),
    .since(19, "1.18.0", "1.19 release notes, PR #89720"),
    .since(20, "1.19.0", "1.20 release notes, PR #94307"),
    .since(21, "1.20.0", "1.21 release notes, PR #97967"),
    .since(22, "1.21.0", "1.22 release notes, PR #100956"),
    .since(23, "1.22.0", "1.23 release notes, PR #104430"),
    .since(24, "1.23.0", "1.24 release notes, PR #107604"),
    .since(25, "1.24.2", "1.25 release notes, PR #109813"),
    .since(26, "1.25.0", "1.26 release notes, PR #112058"),
    .since(28, "1.27.0", "1.28 release notes, PR #117545"),
    .since(29, "1.28.0", "1.29 release notes, PR #119933"),
    .since(30, "1.29.0", "1.30 release notes, PR #122271"),
    .since(31, "1.30.0", "1.31 release notes, PR #124364"),
    .since(32, "1.31.1", dependencies),
    .since(33, "1.32.0", "1.33 release notes, PR #129116"),
    .since(34, "1.33.0", "1.34 release notes, PR #131406"),
    .since(35, "1.34.0", "1.35 release notes, PR #133636"),
    .since(36, "1.35.0", "1.36 release notes, PR #135694"),
  ]

  private static let dependencies = "build/dependencies.yaml of kubernetes"

  /// The kubelet's own default, from 1.34 kubeadm's.
  static let pauseImageSteps: [FactStep] = [
    .since(11, "k8s.gcr.io/pause:3.1", sandboxImage),
    .since(18, "k8s.gcr.io/pause:3.2", sandboxImage),
    .since(21, "k8s.gcr.io/pause:3.4.1", sandboxImage),
    .since(22, "k8s.gcr.io/pause:3.5", kubeadmConstants),
    .since(23, "k8s.gcr.io/pause:3.6", sandboxImage),
    .since(24, "k8s.gcr.io/pause:3.7", sandboxImage),
    .since(25, "registry.k8s.io/pause:3.8", sandboxImage),
    .since(26, "registry.k8s.io/pause:3.9", sandboxImage),
    .since(31, "registry.k8s.io/pause:3.10", sandboxImage),
    .since(34, "registry.k8s.io/pause:3.10.1", kubeadmConstants),
    .since(36, "registry.k8s.io/pause:3.10.2", kubeadmConstants),
  ]

  private static let sandboxImage =
    "cmd/kubelet/app/options/container_runtime.go of kubernetes at the minor"

  static let coreDNSImageSteps: [FactStep] = [
    .since(11, "k8s.gcr.io/coredns:1.1.3", kubeadmConstants),
    .since(12, "k8s.gcr.io/coredns:1.2.2", kubeadmConstants),
    .since(13, "k8s.gcr.io/coredns:1.2.6", kubeadmConstants),
    .since(14, "k8s.gcr.io/coredns:1.3.1", kubeadmConstants),
    .since(
      16,
      "k8s.gcr.io/coredns:1.6.2",
      "the file of 1.16 was not read; 1.15 has 1.3.1, 1.17 has 1.6.5"
    ),
    .since(17, "k8s.gcr.io/coredns:1.6.5", "1.17 release notes"),
    .since(18, "k8s.gcr.io/coredns:1.6.7", "1.18 release notes, PR #86260"),
    .since(19, "k8s.gcr.io/coredns:1.7.0", dependencies),
    .since(21, "k8s.gcr.io/coredns/coredns:v1.8.0", kubeadmConstants),
    .since(22, "k8s.gcr.io/coredns/coredns:v1.8.4", kubeadmConstants),
    .since(23, "k8s.gcr.io/coredns/coredns:v1.8.6", kubeadmConstants),
    .since(25, "registry.k8s.io/coredns/coredns:v1.9.3", "1.25 release notes, PR #110489"),
    .since(27, "registry.k8s.io/coredns/coredns:v1.10.1", kubeadmConstants),
    .since(29, "registry.k8s.io/coredns/coredns:v1.11.1", kubeadmConstants),
    .since(30, "registry.k8s.io/coredns/coredns:v1.11.3", kubeadmConstants),
    .since(33, "registry.k8s.io/coredns/coredns:v1.12.0", kubeadmConstants),
    .since(34, "registry.k8s.io/coredns/coredns:v1.12.1", kubeadmConstants),
    .since(35, "registry.k8s.io/coredns/coredns:v1.13.1", kubeadmConstants),
    .since(36, "registry.k8s.io/coredns/coredns:v1.14.2", kubeadmConstants),
  ]

  static let goVersionSteps: [FactStep] = [
    .since(11, "1.10.2", goSource),
    .since(12, "1.10.4", goSource),
    .since(13, "1.11.2", goSource),
    .since(14, "1.12.1", goSource),
    .since(15, "1.12.5", goSource),
    .since(17, "1.13.4", goSource),
    .since(19, "1.15", goSource),
    .since(20, "1.15.5", "1.20 release notes, PR #95776"),
    .since(21, "1.16.1", "1.21 release notes, PR #100106"),
    .since(22, "1.16.6", "1.22 release notes, PR #103669"),
    .since(23, "1.17.3", "1.23 release notes, PR #106209"),
    .since(24, "1.18.1", "1.24 release notes, PR #109461"),
    .since(25, "1.19", "1.25 release notes, PR #111679"),
    .since(27, "1.20.2", "1.27 release notes, PR #117125"),
    .since(29, "1.21", goSource),
    .since(30, "1.22", goSource),
    .since(31, "1.22.5", "1.31 release notes, PR #126330"),
    .since(32, "1.23.3", "1.32 release notes, PR #128852"),
    .since(33, "1.24", goSource),
    .since(34, "1.24.6", "1.34 release notes, PR #133516"),
    .since(35, "1.25", goSource),
    .since(36, "1.26", goSource),
  ]

  private static let goSource =
    "build/build-image/cross/VERSION up to 1.15, go.mod of kubernetes/apiserver after"

  static let containerdMinimumSteps: [FactStep] = [
    .since(11, "1.1.0", "containerd 1.1 is the first with CRI v1alpha2 built in"),
    .since(26, "1.6.0", "containerd 1.6 is the first with CRI v1, which the kubelet needs"),
  ]

  static let containerdRecommendedSteps: [FactStep] = [
    .since(11, "1.1.0", containerdReleases),
    .since(12, "1.3.0", containerdReleases),
    .since(19, "1.4.0", containerdReleases),
    .since(20, "1.5.0", containerdReleases),
    .since(26, "1.6.15", containerdReleases),
    .since(32, "1.6.36", containerdReleases),
    .since(34, "1.6.39", containerdReleases),
    .since(35, "1.7.28", containerdReleases),
    .since(36, "2.2.0", containerdReleases),
  ]

  private static let containerdReleases = "containerd RELEASES.md, August 2026"
}
