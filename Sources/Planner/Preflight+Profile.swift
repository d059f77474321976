// SPDX-License-Identifier: Apache-2.0

import Components
import Facts
import Spec
import Values

extension Preflight {
  /// What a host lacks that its profile counts on.
  static func profileFaults(
    of host: HostSpec,
    in cluster: ClusterSpec,
    facts: HostFacts
  ) -> [Failure] {
    guard host.profile(by: facts) == .eos else {
      return facts.packageManager == nil ? missing(of: host, in: cluster, facts: facts) : []
    }
    var faults = missing(of: host, in: cluster, facts: facts)
    guard let flash = facts.flash else {
      return faults + [
        fault(
          host,
          "has no /mnt/flash, where the profile eos keeps what must outlive a reload",
          remedy: "set the host's profile to generic, or mount its flash there"
        )
      ]
    }
    if withoutOwners.contains(flash.fileSystem) {
      faults.append(
        fault(
          host,
          "its /mnt/flash keeps neither owners nor links",
          why: "it is of the type \(flash.fileSystem)",
          remedy: "give it a file system of Linux (EOS formats flash as ext4), or mount one at "
            + "/mnt/flash/kubernetes and have /mnt/flash/rc.eos mount it first"
        )
      )
    }
    if flash.freeMiB < minimumFreeMiB {
      faults.append(
        fault(
          host,
          "has too little space: \(flash.freeMiB) MiB free on /mnt/flash, \(minimumFreeMiB) needed",
          remedy: "remove images of EOS that are not booted; nothing was changed"
        )
      )
    }
    return faults
  }

  private static let withoutOwners: Set = ["exfat", "msdos", "vfat"]

  /// Programs that only a package manager could bring.
  private static func missing(
    of host: HostSpec,
    in cluster: ClusterSpec,
    facts: HostFacts
  ) -> [Failure] {
    var named: Set<String> = []
    return host.requiredPrograms(in: cluster, on: facts).compactMap { program, need in
      guard facts.tools[program] == nil, named.insert(program).inserted else { return nil }
      return fault(
        host,
        "has no program `\(program)`: \(need)",
        why: "nothing is installed on this host: it has no package manager that lasts",
        remedy: "install \(program) there"
      )
    }
  }

  /// Modes of kube-proxy that the host's kernel has nothing for.
  static func proxyFaults(
    of host: HostSpec,
    in cluster: ClusterSpec,
    facts: HostFacts
  ) -> [Failure] {
    guard host.roles.contains(.worker) else { return [] }
    let mode = cluster.network.proxyMode
    var why: String?
    // The mode userspace has rules of iptables too.
    if facts.lacksForProxy.contains(mode == .userspace ? "iptables" : mode.rawValue) {
      why = "a try on the host failed"
    }
    if mode == .nftables, let kernel = facts.kernelVersion, kernel < (5, 13) {
      why = "the kernel is \(facts.kernel), and kube-proxy asks for 5.13"
    }
    guard let why else { return [] }
    let others = ProxyMode.allCases.filter {
      $0 != mode && $0 != .userspace && !facts.lacksForProxy.contains($0.rawValue)
    }
    return [
      fault(
        host,
        "its kernel has nothing for kube-proxy's mode \(mode.rawValue)",
        why: why,
        remedy: "load what the mode needs, or set spec.network.proxy.mode to another: "
          + others.map(\.rawValue).joined(separator: ", ")
      )
    ]
  }

  private static func fault(
    _ host: HostSpec,
    _ what: String,
    why: String? = nil,
    remedy: String
  ) -> Failure {
    Failure(.preflight, host: host.name, what, why: why, remedy: remedy)
  }
}
