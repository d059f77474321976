// SPDX-License-Identifier: Apache-2.0

import Values

@testable import Facts

extension JoinDiagnosisTests {
  static let nodes: [BrokenLink] = [
    .init("kubelet is away", "kubelet.service is not on the host") { found, _ in
      found.node = .init(exitCode: 0, status: 404)
      found.kubelet.properties = ["LoadState": "not-found", "ActiveState": "inactive"]
    },
    .init(
      "kubelet fails",
      "kubelet.service does not stay up: it ended with exit code 1, 4 restarts",
      "misconfiguration: kubelet cgroup driver"
    ) { found, _ in
      found.node = .init(exitCode: 0, status: 404)
      found.kubelet.properties = [
        "LoadState": "loaded", "ActiveState": "activating", "NRestarts": "4", "ExecMainStatus": "1",
      ]
      found.kubelet.log = [
        "F0102 03:04:05 1 server.go:274] failed to run Kubelet: misconfiguration: kubelet cgroup driver",
        "goroutine 1 [running]:",
      ]
    },
    .init("not registered", "has not registered the node \(name)", "E0102 03:04 x.go:1] no") {
      found,
      _ in
      found.node = .init(exitCode: 0, status: 404)
      found.kubelet.log = ["E0102 03:04 x.go:1] no", "I0102 03:04 x.go:2] yes"]
    },
    .init("runtime", "crio.service is failed: it ended with exit code 1", "level=fatal msg=no") {
      found,
      expected in
      notReady("container runtime is down")(&found, &expected)
      found.runtime.properties = [
        "LoadState": "loaded", "ActiveState": "failed", "ExecMainStatus": "1",
      ]
      found.runtime.log = ["level=info", "level=fatal msg=no", "bye"]
    },
    .init(
      "PLEG",
      "container runtime does not answer",
      "3m6s ago",
      "journalctl -u crio.service",
      change: notReady(
        "PLEG is not healthy: pleg was last seen active 3m6s ago; threshold is 3m0s."
      )
    ),
    .init(
      "CNI",
      "pod network is not set up",
      "/etc/cni/net.d is empty",
      "aws-node",
      "AmazonEKS_CNI_Policy"
    ) {
      found,
      expected in
      notReady(
        "runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:docker: network"
          + " plugin is not ready: cni config uninitialized"
      )(&found, &expected)
      found.cniFiles = []
    },
    .init("CNI, no folder", "/etc/cni/net.d does not exist") { found, expected in
      notReady("Network plugin returns error: cni plugin not initialized")(&found, &expected)
      (found.cniFiles, found.hasCNIFolder) = ([], false)
    },
    .init(
      "CNI not taken",
      "/etc/cni/net.d has 10-aws.conflist",
      "restart crio.service",
      change: notReady("Network plugin returns error: cni plugin not initialized")
    ),
    .init(
      "silent kubelet",
      "its kubelet has stopped reporting",
      change: notReady("Kubelet stopped posting node status.", status: "Unknown")
    ),
    .init("no report", "its kubelet has not reported yet") { found, _ in
      found.node?.conditions = []
    },
    .init(
      "other reasons",
      "registered and NotReady: missing node capacity",
      change: notReady("missing node capacity for resources: ephemeral-storage")
    ),
  ]
}
