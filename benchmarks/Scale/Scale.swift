// SPDX-License-Identifier: Apache-2.0

import Components
import Facts
import FoundationEssentials
import Glibc
import PKI
import Planner
import Resources
import Spec
import Values

/// What a thousand hosts cost on the operator's side: credentials, rendering, planning.
@main
enum Scale {
  static func main() async throws {
    let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1000
    let cluster = cluster(of: count)
    let folder = "/tmp/kubewright-scale-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = PKIStore(directory: folder)

    let made = try await timed("credentials of \(count) hosts, made and written") {
      try await store.ensure(cluster: cluster, dryRun: false)
    }
    let pki = try await timed("credentials read back and checked") {
      try await store.ensure(cluster: cluster, dryRun: true)
    }
    guard made.bundle == pki.bundle, pki.changes.isEmpty else {
      print("the credentials did not come back as they were made")
      exit(1)
    }
    let subnets = try PodSubnets.allocate(for: cluster, recorded: [:])
    let programs = programs()
    let plan = try await timed("render and plan of \(count) hosts from recorded facts") {
      let states = try await cluster.hosts.concurrentMap { host in
        let desired = try DesiredState.resources(
          for: HostContext(
            cluster: cluster,
            host: host,
            facts: facts(of: host),
            pki: pki.bundle,
            podSubnets: subnets,
            programs: programs
          )
        )
        return HostState(
          host: host.name,
          desired: desired,
          observed: [:],
          changes: Program.changes(
            desired: desired.map(\.resource),
            observed: [:],
            manifest: []
          )
        )
      }
      return Planner.plan(
        cluster: cluster.name,
        version: cluster.kubernetes.version.description,
        credentials: [],
        hosts: states,
        objects: [:]
      )
    }
    let text = PlanText.render(plan, diffs: false)
    print("\(plan.changeCount) changes, \(text.utf8.count) bytes of plan, \(peakMiB()) MiB at most")
  }

  private static func timed<Value>(
    _ what: String,
    _ body: () async throws -> Value
  ) async rethrows -> Value {
    let start = ContinuousClock.now
    let value = try await body()
    let took = (ContinuousClock.now - start).components
    let milliseconds = took.seconds * 1000 + took.attoseconds / 1_000_000_000_000_000
    print("\(what): \(milliseconds) ms")
    return value
  }

  /// The largest resident set so far.
  private static func peakMiB() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }

  /// Three control planes, all others workers.
  private static func cluster(of count: Int) -> ClusterSpec {
    ClusterSpec(
      name: "scale",
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 20, 2)),
      controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: "api.scale.example")),
      network: NetworkSpec(podCIDR: CIDR(base: IPv4Address(raw: 0x6440_0000), prefix: 10)),
      hosts: (0..<count).map { index in
        HostSpec(
          name: "node-\(index)",
          ssh: SSHSpec(address: "node-\(index)"),
          nodeIP: IPv4Address(raw: 0x0A00_0001 + UInt32(index)),
          roles: index < 3 ? [.etcd, .controlPlane, .worker] : [.worker]
        )
      }
    )
  }

  private static func facts(of host: HostSpec) -> HostFacts {
    HostFacts(
      hostname: host.name,
      tools: ["containerd": "/usr/bin/containerd", "ip": "/usr/sbin/ip"],
      addresses: [host.nodeIP],
      machineID: host.name,
      timeService: "chrony.service",
      containerdVersion: "1.6.20"
    )
  }

  private static func programs() -> [String: ProgramFile] {
    let names = [
      "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy",
      "etcd", "etcdctl", "bridge", "host-local", "loopback", "portmap", "pause.tar", "busybox.tar",
    ]
    return Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, ProgramFile(digest: Digest(of: $0), size: 50_000_000, source: "/nowhere/\($0)"))
      }
    )
  }
}
