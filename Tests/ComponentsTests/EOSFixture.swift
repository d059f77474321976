// SPDX-License-Identifier: Apache-2.0

import Components
import Facts
import Resources
import Spec
import Values

extension Fixture {
  /// Three switches as in a leaf-spine fabric: 32-bit userlands, Docker, and a root file system in memory.
  static func eos(_ version: KubernetesVersion = KubernetesVersion(1, 20, 2)) -> Fixture {
    var fixture = Fixture(version)
    fixture.cluster.hosts = [
      Self.host("veos-b", 1, [.etcd, .controlPlane, .worker], labels: ["tier": "border"]),
      Self.host("veos-l1", 2, [.worker]), Self.host("veos-l2", 3, [.worker]),
    ].map { host in
      var host = host
      host.runtime.engine = .docker
      return host
    }
    fixture.cluster.controlPlane.endpoint.host = "10.0.0.1"
    fixture.cluster.network.conntrackBuckets = 16384
    fixture.facts = eosFacts
    return fixture
  }

  static let eosFacts = HostFacts(
    hostname: "switch",
    osID: "",
    osVersion: "",
    kernel: "3.18.28.Ar-9854302.4215F",
    architecture: .x86,
    systemdVersion: 219,
    packageManager: nil,
    cgroup: .v1,
    tools: [
      "docker": "/usr/bin/docker", "ip": "/sbin/ip", "iptables": "/sbin/iptables",
      "useradd": "/usr/sbin/useradd",
    ],
    paths: ["/mnt/flash"],
    freeMiB: 900,
    filtersInput: true,
    kernelIs64Bit: true,
    rootFileSystem: "tmpfs",
    flash: FlashFacts(fileSystem: "ext4", freeMiB: 3000, group: 88)
  )
}
