// SPDX-License-Identifier: Apache-2.0

/// The configuration kinds whose fields the catalog knows.
package enum ConfigKind: String, Sendable, CaseIterable {
  case kubelet = "KubeletConfiguration"
  case kubeProxy = "KubeProxyConfiguration"
  /// CRI-O ignores keys that it does not know in silence, so a key of another version has no effect
  /// and gives no warning. Its minors are those of Kubernetes.
  case crio = "crio.conf"
}
