// SPDX-License-Identifier: Apache-2.0

import Spec

/// How the kubelet reaches what runs its containers.
struct KubeletRuntime {
  /// The unit that must run before it.
  let unit: String
  /// The socket of the runtime interface; nil where the kubelet drives Docker itself.
  let socket: String?

  init(_ context: HostContext) {
    switch context.host.runtime.engine {
    case .containerd:
      unit = "containerd.service"
      socket = Layout.containerdSocket
    case .crio:
      unit = CRIO.unit
      socket = CRIO.socket
    case .docker where Docker.usesShim(context):
      unit = "docker.service"
      socket = nil
    case .docker:
      unit = CRIDockerd.unit
      socket = Layout.criDockerSocket
    }
  }

  /// The flags for a kubelet that drives Docker; other runtimes know the network themselves.
  var shimFlags: [Flag] {
    socket == nil
      ? [
        .set("network-plugin", "cni"),
        .set("cni-conf-dir", Layout.cniConfigurations),
        .set("cni-bin-dir", Layout.cniPrograms),
      ] : []
  }
}
