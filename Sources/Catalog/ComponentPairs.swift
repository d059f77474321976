// SPDX-License-Identifier: Apache-2.0

package import Values

/// Which versions of programs work together.
extension Catalog {
  /// The oldest containerd that serves the CRI that the kubelet of `minor` needs: `1.6.0`.
  package func containerdMinimum(at minor: Minor) -> String {
    fact(.containerdMinimum, at: minor)
  }

  /// Whether an API server of `minor` works with an etcd of `version`: from what kubeadm accepts
  /// upwards, as the client protocol of etcd 3 has stayed the same.
  package func etcdFits(_ version: KubernetesVersion, at minor: Minor) -> Bool {
    guard let oldest = KubernetesVersion(fact(.etcdMinimum, at: minor)) else { return false }
    return version >= oldest && version.minor.major == oldest.minor.major
  }

  /// The oldest kubelet that an API server of `minor` may have.
  ///
  /// Three minors back, two where that kubelet would be older than 1.25; none may be newer than the
  /// API server. Source: the version skew policy of Kubernetes.
  package func oldestKubelet(at minor: Minor) -> Minor {
    let back = minor.minor - 3 >= 25 ? 3 : 2
    return max(Minor(minor.major, minor.minor - back), supported.lowerBound)
  }

  /// The `version` to write into the config.toml of a containerd release.
  ///
  /// A file of version 1 has no such line, 2 names plugins by URI, 3 has the plugins of
  /// containerd 2 and is still read by 2.3. Source: version/version.go of containerd's tags.
  package func containerdConfigVersion(of release: KubernetesVersion) -> Int {
    if release.minor >= Minor(2, 0) { return 3 }
    return release.minor >= Minor(1, 3) ? 2 : 1
  }
}
