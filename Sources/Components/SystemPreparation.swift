// SPDX-License-Identifier: Apache-2.0

import Resources
import Spec
import Values

/// What the host itself has to be like before anything of Kubernetes runs there.
package enum SystemPreparation: Component {
  package static let name = "system"

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    // EKS's nodes find each other by the names of their VPC.
    var resources =
      bootProgram(context)
      + (context.eks == nil ? [hostsBlock(context.cluster)] : [])
      + HostPrograms.packages(context)
    if context.isWorker {
      resources.append(
        .swap(SwapOff(reason: "The kubelet's memory limits hold only without swap."))
      )
      resources += modules(context) + sysctls
    }
    return resources.staged(.prepare)
  }

  /// What user data left on a worker of EKS that an operator takes over.
  ///
  /// As long as it is there, nobody can say that the host stays as it is: what spec the program holds is not
  /// known, and at the next boot it makes the host what that one said.
  private static func bootProgram(_ context: HostContext) -> [Resource] {
    // User data themselves do not take away what they bring.
    guard let eks = context.eks, !eks.isLate else { return [] }
    return [
      .absence(
        Absence(
          path: Program.bootScript,
          ours: "of user data: would put back at the next boot what they say",
          reason:
            "User data put this program there, which makes the host at every boot what the spec was when they "
            + "were rendered; from now on it is what `up` makes it."
        )
      )
    ]
  }

  private static func hostsBlock(_ cluster: ClusterSpec) -> Resource {
    .block(
      ManagedBlock(
        path: "/etc/hosts",
        label: "kubewright \(cluster.name)",
        lines: cluster.hosts.map { "\($0.nodeIP) \($0.name)" },
        reason: "All hosts know each other by name, whatever DNS says."
      )
    )
  }

  // MARK: Kernel

  private static func modules(_ context: HostContext) -> [Resource] {
    let overlay = Resource.kernelModule(
      KernelModule(
        name: "overlay",
        shownBy: "/sys/module/overlay",
        reason: "Containers' root file systems are overlays."
      )
    )
    // Docker has other drivers where the kernel has no overlays.
    var modules = context.host.runtime.engine == .docker ? [] : [overlay]
    modules += [
      .kernelModule(
        KernelModule(
          name: "br_netfilter",
          shownBy: "/proc/sys/net/bridge",
          reason: "Services work between pods of one bridge only if its traffic passes iptables."
        )
      )
    ]
    if context.cluster.network.proxyMode == .ipvs {
      modules += ["ip_vs", "ip_vs_rr"].map {
        .kernelModule(
          KernelModule(
            name: $0,
            shownBy: "/sys/module/\($0)",
            reason: "kube-proxy's mode ipvs needs it."
          )
        )
      }
    }
    return modules + conntrackTable(context.cluster.network)
  }

  /// The size of the connection table where the spec asks for one: by an option of its module, as writing it
  /// later has crashed kernels.
  private static func conntrackTable(_ network: NetworkSpec) -> [Resource] {
    guard let buckets = network.conntrackBuckets else { return [] }
    return [
      .file(
        File(
          path: Layout.conntrackOptions,
          text: "# Written by kubewright.\noptions nf_conntrack hashsize=\(buckets)\n",
          reason: "Gives the connection table its size when its module next loads."
        )
      ),
      .kernelModule(
        KernelModule(
          name: "nf_conntrack",
          shownBy: "/proc/sys/net/netfilter/nf_conntrack_max",
          reason: "Services are tracked connections; its options give the table's size."
        )
      ),
    ]
  }

  private static let sysctls: [Resource] =
    [
      ("net.ipv4.ip_forward", "1", false, "Pods' traffic is forwarded by their node."),
      (
        "net.bridge.bridge-nf-call-iptables", "1", true,
        "Traffic over the pods' bridge passes iptables, so that services work there."
      ),
      // What a kubelet with protectKernelDefaults demands (pkg/kubelet/cm and pkg/util/sysctl).
      ("vm.overcommit_memory", "1", false, "The kubelet demands it: memory is never refused."),
      ("vm.panic_on_oom", "0", false, "The kubelet demands it: a full node kills a process."),
      ("kernel.panic", "10", false, "The kubelet demands it: reboot 10 s after a panic."),
      ("kernel.panic_on_oops", "1", false, "The kubelet demands it: an oops is a panic."),
      (
        "kernel.keys.root_maxkeys", "1000000", false,
        "The kubelet demands it: containers use root's keys."
      ),
      (
        "kernel.keys.root_maxbytes", "25000000", false,
        "The kubelet demands it: containers use root's keys."
      ),
      (
        "fs.inotify.max_user_instances", "8192", true,
        "The kubelet and many pods watch files; the default of 128 is used up soon."
      ),
      ("fs.inotify.max_user_watches", "524288", true, "The kubelet and many pods watch files."),
    ].map { key, value, optional, reason in
      .sysctl(Sysctl(key: key, value: value, optional: optional, reason: reason))
    }
}
