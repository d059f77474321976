// SPDX-License-Identifier: Apache-2.0

package import Values

/// One machine.
package struct HostSpec: Sendable, Equatable {
  /// The node's name.
  package var name: String
  /// nil: this very machine.
  package var ssh: SSHSpec?
  /// `.unspecified` where instance metadata says it.
  package var nodeIP: IPv4Address
  package var roles: Set<Role>
  package var profile: Profile?
  package var runtime: RuntimeSpec
  package var labels: [String: String]
  package var taints: [Taint]

  package init(
    name: String,
    ssh: SSHSpec?,
    nodeIP: IPv4Address,
    roles: Set<Role>,
    profile: Profile? = nil,
    runtime: RuntimeSpec = RuntimeSpec(),
    labels: [String: String] = [:],
    taints: [Taint] = []
  ) {
    self.name = name
    self.ssh = ssh
    self.nodeIP = nodeIP
    self.roles = roles
    self.profile = profile
    self.runtime = runtime
    self.labels = labels
    self.taints = taints
  }
}

package enum Role: String, Sendable, CaseIterable, Codable {
  case etcd
  case controlPlane = "control-plane"
  case worker
}

/// Where things lie on a host.
package enum Profile: String, Sendable, CaseIterable, Codable {
  case generic
  /// Arista EOS: only /mnt/flash outlives a reload.
  case eos
}

/// How to reach a host.
package struct SSHSpec: Sendable, Equatable {
  package var address: String
  /// nil: what ssh_config says.
  package var port: Int?
  package var user: String?
  /// A private key file; nil: agent and ssh_config.
  package var identityFile: String?
  /// `ssh-ed25519 AAAA…`: the only host key accepted; nil: known_hosts decides.
  package var hostKey: String?
  /// `user@host:port`, as ssh's -J.
  package var jump: String?

  package init(
    address: String,
    port: Int? = nil,
    user: String? = nil,
    identityFile: String? = nil,
    hostKey: String? = nil,
    jump: String? = nil
  ) {
    self.address = address
    self.port = port
    self.user = user
    self.identityFile = identityFile
    self.hostKey = hostKey
    self.jump = jump
  }
}

/// What runs containers.
package struct RuntimeSpec: Sendable, Equatable {
  package var engine: RuntimeEngine
  /// The minor of CRI-O; nil: that of Kubernetes.
  package var version: Minor?
  /// What concerns CRI-O only; nil: its defaults.
  package var crio: CRIOSpec?
  /// Further ways to run a pod, beside the engine's own.
  package var handlers: [HandlerSpec]

  package init(
    engine: RuntimeEngine = .containerd,
    version: Minor? = nil,
    crio: CRIOSpec? = nil,
    handlers: [HandlerSpec] = []
  ) {
    self.engine = engine
    self.version = version
    self.crio = crio
    self.handlers = handlers
  }
}

package enum RuntimeEngine: String, Sendable, CaseIterable, Codable {
  case containerd
  case crio
  /// Docker Engine: driven by the kubelet itself up to Kubernetes 1.23, by cri-dockerd after.
  case docker
}

/// A taint in kubectl's form: `key=value:Effect`.
package struct Taint: Sendable, Hashable, CustomStringConvertible {
  package enum Effect: String, Sendable, CaseIterable {
    case noSchedule = "NoSchedule"
    case preferNoSchedule = "PreferNoSchedule"
    case noExecute = "NoExecute"
  }
  package var key: String
  package var value: String
  package var effect: Effect
  package init(key: String, value: String, effect: Effect) {
    self.key = key
    self.value = value
    self.effect = effect
  }
  package var description: String {
    value.isEmpty ? "\(key):\(effect.rawValue)" : "\(key)=\(value):\(effect.rawValue)"
  }
}
