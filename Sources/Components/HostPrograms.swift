// SPDX-License-Identifier: Apache-2.0

import Catalog
import Facts
import Resources
import Spec
import Values

/// Programs of the distribution that Kubernetes, its runtime or our own scripts call on a host.
///
/// No more than that: util-linux and kmod, which kubelets call too, are on every host; ebtables and tc
/// are called for kubenet alone, ethtool by no kubelet (pkg/kubelet/dockershim/network of 1.11 and 1.23);
/// mount.nfs and its like only where pods have such volumes.
enum HostPrograms {
  private struct Program {
    var name: String
    var reason: String
  }

  /// The packages that have them.
  ///
  /// They are wanted whether or not they are there: what one run installed, the next one must not take for
  /// something unwanted.
  static func packages(_ context: HostContext) -> [Resource] {
    guard let manager = context.packageManager else { return [] }
    return called(context).map { program in
      .package(
        Package(
          name: manager.package(of: program.name),
          manager: manager.rawValue,
          reason: program.reason
        )
      )
    }
  }

  private static func called(_ context: HostContext) -> [Program] {
    let network = context.cluster.network
    var programs: [Program] = []
    func add(_ name: String, _ reason: String) {
      programs.append(Program(name: name, reason: reason))
    }
    if PodRoutes.isNeeded(context) { add("ip", "The network script calls `ip`.") }
    if context.isWorker || PodRoutes.filters(context) {
      add("iptables", "kube-proxy, portmap and the network script call `iptables`.")
    }
    guard context.isWorker else { return programs }
    if Catalog.standard.has(.conntrackProgram, at: context.minor) {
      add("conntrack", "kube-proxy calls `conntrack`.")
    }
    if network.proxyMode == .ipvs { add("ipset", "kube-proxy's mode ipvs calls `ipset`.") }
    if network.proxyMode == .nftables { add("nft", "kube-proxy's mode nftables calls `nft`.") }
    if forwardsBySocat(context) { add("socat", "Ports of pods are forwarded by `socat`.") }
    return programs
  }

  /// containerd forwards by itself from 1.4 on, which is older than any that distributions still have.
  ///
  /// Source: containerd/cri PR #1470; kubernetes pkg/kubelet/dockershim/docker_streaming_others.go of
  /// 1.23, which cri-dockerd took over.
  private static func forwardsBySocat(_ context: HostContext) -> Bool {
    switch context.host.runtime.engine {
    case .docker: true
    case .crio: Catalog.standard.has(.crioSocat, at: context.crioMinor)
    case .containerd: false
    }
  }
}

extension PackageManager {
  /// The package that has a program, as the manager's distributions call it.
  ///
  /// Where `iptables` is none of its own, iptables-nft provides the name (Fedora 34, RHEL 9, Amazon Linux
  /// 2023).
  fileprivate func package(of program: String) -> String {
    switch program {
    case "ip": self == .apt ? "iproute2" : "iproute"
    case "conntrack": self == .apt ? "conntrack" : "conntrack-tools"
    case "nft": "nftables"
    default: program
    }
  }
}
