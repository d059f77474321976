// SPDX-License-Identifier: Apache-2.0

import Facts
import Spec
import Values

/// Whether kube-proxy may size the kernel's connection table.
///
/// With a maximum per core it writes net.netfilter.nf_conntrack_max, and the table's number of buckets to
/// /sys/module/nf_conntrack/parameters/hashsize. EOS and other kernels before 4.0 panic at that
/// (`BUG: sleeping function called from invalid context … param_attr_store`), and in a container neither
/// is to be written. Source: cmd/kube-proxy/app/server_others.go, getConntrackMax, and conntrack.go,
/// SetMax, of 1.12 and 1.20.
enum Conntrack {
  enum Reason: String {
    case profile = "the host runs EOS, whose kernel has panicked at the write"
    case kernel = "the kernel is older than 4.0, and such kernels have panicked at the write"
    case spec = "spec.network.proxy.conntrack is 'kernel'"
  }

  /// Why the table is left alone; nil where kube-proxy sizes it.
  static func reason(_ context: HostContext) -> Reason? {
    if context.isEOS { return .profile }
    if let kernel = context.facts.kernelVersion, kernel.major < 4 { return .kernel }
    return context.cluster.network.conntrack == .kernel ? .spec : nil
  }

  static func isLeftAlone(_ context: HostContext) -> Bool { reason(context) != nil }

  /// Zeros mean "leave it", of the size and of the timeouts; what is absent would be a default and written.
  static let untouched: Document = [
    "maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s",
  ]
}
