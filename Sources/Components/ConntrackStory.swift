// SPDX-License-Identifier: Apache-2.0

import Spec

/// What `explain` tells of the kernel's connection table, and of the switch that kube-proxy killed.
enum ConntrackStory {
  static func lines(_ context: HostContext) -> [String] {
    let verdict =
      if let reason = Conntrack.reason(context) {
        "kube-proxy leaves the kernel's connection table alone on \(context.host.name): "
          + "\(reason.rawValue)."
      } else {
        "kube-proxy sizes the kernel's connection table on \(context.host.name): "
          + "spec.network.proxy.conntrack is 'proxy', and its kernel is 4.0 or newer."
      }
    return [
      verdict,
      "  With a maximum per core (32768 by default, 131072 at least in all) kube-proxy sets",
      "  net.netfilter.nf_conntrack_max, and then writes a quarter of it to",
      "  /sys/module/nf_conntrack/parameters/hashsize",
      "  (cmd/kube-proxy/app/server_others.go getConntrackMax, conntrack.go SetMax).",
      "  On Arista EOS that write made the kernel panic right after 'Setting conntrack hashsize to 32768':",
      "  BUG: sleeping function called from invalid context ... param_attr_store.",
      "  conntrack.maxPerCore: 0 and min: 0 (--conntrack-max-per-core=0 --conntrack-min=0) mean: leave both",
      "  alone. Beside a configuration file the flags have no effect, so the file says it.",
      "  A size, where one is wanted, is given when the module loads:",
      "  spec.network.proxy.conntrackBuckets writes \(Layout.conntrackOptions)"
        + (context.cluster.network.conntrackBuckets.map { " (hashsize=\($0))." } ?? " (not set)."),
    ]
  }
}
