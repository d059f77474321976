// SPDX-License-Identifier: Apache-2.0

import Facts
import Spec
import Values

extension Preflight {
  /// What a worker lacks for its container runtime and its handlers.
  static func runtimeFaults(of host: HostSpec, facts: HostFacts) -> [Failure] {
    guard host.roles.contains(.worker) else { return [] }
    return crioFaults(of: host, facts: facts) + virtualizationFaults(of: host, facts: facts)
      + storageFaults(of: host, facts: facts)
  }

  /// A file system without files' types in its directories, as CentOS 7 once made XFS: overlays show removed
  /// files again there, and runtimes refuse or spoil images.
  private static func storageFaults(of host: HostSpec, facts: HostFacts) -> [Failure] {
    let runtime = host.runtime
    let isCRIO = runtime.engine == .crio
    if isCRIO, runtime.crio?.storageDriver ?? .overlay != .overlay { return [] }
    let folder =
      switch runtime.engine {
      case .containerd: "/var/lib/containerd"
      case .crio: "/var/lib/containers/storage"
      case .docker: "/var/lib/docker"
      }
    guard facts.withoutFileTypes?.contains(folder) == true else { return [] }
    return [
      Failure(
        .preflight,
        host: host.name,
        "the file system of \(folder) cannot hold overlays",
        why: "it is XFS with ftype=0: its directories do not keep files' types",
        remedy: "mount one there that was made by mkfs.xfs -n ftype=1, or by mkfs.ext4"
          + (isCRIO ? ", or set runtime.crio.storageDriver to vfs" : "")
      )
    ]
  }

  private static func crioFaults(of host: HostSpec, facts: HostFacts) -> [Failure] {
    let crio = host.runtime.crio ?? CRIOSpec()
    guard host.runtime.engine == .crio, crio.source == .host else { return [] }
    let hasRuntime = facts.tools["runc"] != nil || facts.tools["crun"] != nil
    let missing =
      ["crio", "conmon"].filter { facts.tools[$0] == nil } + (hasRuntime ? [] : ["runc or crun"])
    guard !missing.isEmpty else { return [] }
    return [
      Failure(
        .preflight,
        host: host.name,
        "has no \(missing.joined(separator: ", no ")) in PATH",
        why: "runtime.crio.source is host: nothing is installed",
        remedy: "put it on the host, or set runtime.crio.source to repository or distribution"
      )
    ]
  }

  private static func virtualizationFaults(of host: HostSpec, facts: HostFacts) -> [Failure] {
    let names = host.runtime.handlers.filter(\.type.needsVirtualization).map(\.name)
    guard let first = names.first else { return [] }
    var faults: [Failure] = []
    func fault(_ what: String, why: String, remedy: String) {
      faults.append(Failure(.preflight, host: host.name, what, why: why, remedy: remedy))
    }
    let isIntel = facts.architecture == .amd64 || facts.architecture == .x86
    if isIntel, facts.virtualization == nil {
      fault(
        "its CPU shows no VT extensions, which the handler \(first) needs",
        why: "neither vmx nor svm is among the flags of /proc/cpuinfo",
        remedy: "switch virtualization on in the firmware, allow nested machines, or use a metal "
          + "instance"
      )
    }
    if !facts.paths.contains("/dev/kvm") {
      fault(
        "has no /dev/kvm, which the handler \(first) needs",
        why: "no driver of the kernel offers machines",
        remedy:
          "load the module kvm_intel or kvm_amd (on arm64 a kernel with KVM that starts at EL2)"
      )
    }
    return faults
  }
}
