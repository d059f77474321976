// SPDX-License-Identifier: Apache-2.0

/// Facts of CRI-O by its own minor, which is that of the Kubernetes it is made for.
extension FactKey {
  /// `MINOR` stands for the minor, as `v1.32`.
  static let crioRepositorySteps: [FactStep] = [
    .since(11, "", "cri-o/packaging README.md: its streams begin with v1.28"),
    .since(
      28,
      "https://pkgs.k8s.io/addons:/cri-o:/stable:/MINOR/",
      "cri-o/packaging README.md, 2023-10 to 2025"
    ),
    .since(
      32,
      "https://download.opensuse.org/repositories/isv:/cri-o:/stable:/MINOR/",
      "cri-o/packaging README.md: isv:cri-o in place of isv:kubernetes:addons:cri-o"
    ),
  ]

  static let crioDefaultRuntimeSteps: [FactStep] = [
    .since(11, "runc", "cri-o pkg/config/config_linux.go of v1.30.0"),
    .since(31, "crun", "cri-o pkg/config/config_linux.go of v1.31.0"),
  ]
}
