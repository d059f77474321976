// SPDX-License-Identifier: Apache-2.0

package import Spec

extension RuntimeEngine {
  /// The unit that runs containers.
  package var unit: String {
    switch self {
    case .containerd: "containerd.service"
    case .crio: CRIO.unit
    case .docker: "docker.service"
    }
  }
}

/// How the kubelet reaches what runs its containers.
struct KubeletRuntime {
  /// The unit that must run before it.
  let unit: String
  /// The socket of the runtime interface; nil where the kubelet drives Docker itself.
  let socket: String?

  init(_ context: HostContext) {
    switch context.host.runtime.engine {
    case .containerd:
      unit = RuntimeEngine.containerd.unit
      socket = Layout.containerdSocket
    case .crio:
      unit = RuntimeEngine.crio.unit
      socket = CRIO.socket
    case .docker where Docker.usesShim(context):
      unit = RuntimeEngine.docker.unit
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
