// SPDX-License-Identifier: Apache-2.0

import Catalog
package import Spec
import Values

/// What a pod says of itself to be run by a handler of its host, or by the usual runtime.
package struct HandlerRequest: Sendable, Equatable {
  /// Where the cluster has RuntimeClass.
  package var runtimeClass: String?
  package var annotations: [String: String]

  /// For pods that a handler is to run.
  ///
  /// Where the class is not enough, an annotation is all that reaches the handler, which is called
  /// `untrusted` there: the spec's rules see to that.
  package init(
    for handler: HandlerSpec,
    on host: HostSpec,
    in cluster: ClusterSpec
  ) {
    let minor = cluster.kubernetes.version.minor
    let hasClasses = !Catalog.standard.fact(.runtimeClassAPIVersion, at: minor).isEmpty
    runtimeClass = hasClasses ? handler.name : nil
    annotations = [:]
    switch host.runtime.engine {
    case .crio where Self.isByTrust(handler.name, crio: host.runtime.version ?? minor):
      annotations[Self.trustedSandbox] = "false"
    case .containerd where !hasClasses: annotations[Self.untrustedWorkload] = "true"
    case .crio, .containerd, .docker: break
    }
  }

  /// For pods that the usual runtime is to run.
  package init(usualOn host: HostSpec, in cluster: ClusterSpec) {
    runtimeClass = nil
    let crio = host.runtime.version ?? cluster.kubernetes.version.minor
    let knowsTrust =
      host.runtime.engine == .crio && Catalog.standard.has(.crioTrustedSandbox, at: crio)
    annotations = knowsTrust ? [Self.trustedSandbox: "true"] : [:]
  }

  /// Whether CRI-O of that minor has the handler as its runtime of untrusted workloads, not in a table.
  static func isByTrust(_ name: String, crio minor: Minor) -> Bool {
    name == "untrusted" && Catalog.standard.has(.crioTrustedSandbox, at: minor)
  }

  /// Source: cri-o pkg/annotations/annotations.go of 1.11 to 1.13.
  private static let trustedSandbox = "io.kubernetes.cri-o.TrustedSandbox"

  /// Finds the handler that is called `untrusted`.
  ///
  /// Source: containerd pkg/cri/annotations/annotations.go of 1.6.
  private static let untrustedWorkload = "io.kubernetes.cri.untrusted-workload"
}
