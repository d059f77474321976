// SPDX-License-Identifier: Apache-2.0

import Components
package import Facts
package import Spec
package import Values

/// What must hold before anything is changed.
///
/// Pure: it judges facts, and names every fault at once.
package enum Preflight {
  /// The faults of all hosts, in the order of the spec.
  ///
  /// `instanceProblems` says why hosts cannot tell which EC2 instance they are.
  package static func faults(
    cluster: ClusterSpec,
    facts: [String: HostFacts],
    instanceProblems: [String: String] = [:]
  ) -> [Failure] {
    var faults: [Failure] = []
    for host in cluster.hosts {
      guard let found = facts[host.name] else { continue }
      faults += Self.faults(of: host, in: cluster, facts: found)
      faults += eksFaults(
        of: host,
        in: cluster,
        facts: found,
        problem: instanceProblems[host.name]
      )
    }
    faults += duplicates(cluster: cluster, facts: facts)
    return faults
  }

  private static func faults(
    of host: HostSpec,
    in cluster: ClusterSpec,
    facts: HostFacts
  ) -> [Failure] {
    var faults: [Failure] = []
    func fault(_ what: String, why: String? = nil, remedy: String) {
      faults.append(Failure(.preflight, host: host.name, what, why: why, remedy: remedy))
    }
    if facts.initSystem != "systemd" || facts.systemdVersion < 219 {
      fault(
        "needs systemd 219 or newer as process 1",
        why: "found \(facts.initSystem) \(facts.systemdVersion)",
        remedy: "use a host that boots with systemd"
      )
    }
    if let owner = facts.manifestCluster, owner != cluster.name {
      fault(
        "belongs to the cluster '\(owner)' already",
        why: "its manifest says so",
        remedy: "reset the host with that cluster's spec first"
      )
    }
    if facts.manifestCluster == nil, !facts.foreign.isEmpty {
      fault(
        "holds a cluster that is not ours",
        why: facts.foreign.joined(separator: ", "),
        remedy: "remove that cluster first (kubeadm reset, k0s reset, …), or use another host"
      )
    }
    if host.nodeIP != .unspecified, !facts.addresses.isEmpty,
      !facts.addresses.contains(host.nodeIP)
    {
      fault(
        "does not have its nodeIP \(host.nodeIP)",
        why: "its addresses are " + facts.addresses.map(\.description).joined(separator: ", "),
        remedy: "correct nodeIP in the spec, or give the host that address"
      )
    }
    if abs(facts.clockSkewSeconds) > maximumClockSkew {
      fault(
        "its clock is \(abs(facts.clockSkewSeconds)) s "
          + (facts.clockSkewSeconds > 0 ? "ahead of" : "behind") + " this machine's",
        remedy: "set both clocks (chronyc makestep): certificates are valid from now on"
      )
    }
    faults += profileFaults(of: host, in: cluster, facts: facts)
    faults += proxyFaults(of: host, in: cluster, facts: facts)
    faults += filterFaults(of: host, in: cluster, facts: facts)
    let needed = host.profile(by: facts) == .eos ? minimumFreeInMemoryMiB : minimumFreeMiB
    if facts.freeMiB < needed {
      fault(
        "has too little space: \(facts.freeMiB) MiB free under /var/lib, \(needed) needed",
        remedy: "free some space; nothing was changed"
      )
    }
    faults += runtimeFaults(of: host, facts: facts)
    if facts.manifestCluster == nil {
      for (port, use) in ports(of: host, in: cluster) {
        guard let holder = facts.listening.first(where: { $0.port == port }) else { continue }
        fault(
          "port \(port) (\(use)) is in use",
          why: holder.program.isEmpty ? nil : "by \(holder.program)",
          remedy: "stop what listens there"
        )
      }
    }
    return faults
  }

  /// Two spec entries that are the same machine.
  private static func duplicates(
    cluster: ClusterSpec,
    facts: [String: HostFacts]
  ) -> [Failure] {
    var seen: [String: String] = [:]
    var faults: [Failure] = []
    for host in cluster.hosts {
      guard let id = facts[host.name]?.machineID, !id.isEmpty else { continue }
      if let other = seen[id] {
        faults.append(
          Failure(
            .preflight,
            host: host.name,
            "is the same machine as \(other)",
            why: "both have the machine id \(id)",
            remedy: "give each host of the spec a machine of its own (cloned machines need a new "
              + "/etc/machine-id)"
          )
        )
      } else {
        seen[id] = host.name
      }
    }
    return faults
  }

  /// Seconds that a host's clock may differ from the operator's.
  package static let maximumClockSkew = 60

  /// MiB that programs, images and a young etcd need.
  package static let minimumFreeMiB = 1024

  /// The same for a root file system in memory, where programs and etcd's data lie elsewhere.
  package static let minimumFreeInMemoryMiB = 256

  private static func ports(of host: HostSpec, in cluster: ClusterSpec) -> [(Int, String)] {
    var ports: [(Int, String)] = []
    if host.roles.contains(.etcd) { ports += [(2379, "etcd"), (2380, "etcd peers")] }
    if host.roles.contains(.controlPlane) {
      ports += [
        (cluster.controlPlane.endpoint.port, "kube-apiserver"),
        (10257, "kube-controller-manager"), (10259, "kube-scheduler"),
      ]
    }
    if host.roles.contains(.worker) { ports.append((10250, "kubelet")) }
    if host.roles.contains(.worker), !cluster.isOfEKS {
      ports.append((10256, "kube-proxy"))
    }
    return ports
  }
}
