// SPDX-License-Identifier: Apache-2.0

import Values

/// The keys under `spec.hosts`.
enum HostModel {
  static let start = HostSpec(name: "", ssh: nil, nodeIP: .unspecified, roles: [])

  static let hosts: Field<ClusterSpec> = .required(
    "hosts",
    \.hosts,
    .list(of: .record(start: start, fields), minimum: 1),
    "The machines, each with its roles."
  )

  private static let fields: [Field<HostSpec>] = [
    .required(
      "name",
      \.name,
      .nodeName,
      "The node's name in the cluster; EKS knows a node by its private DNS name instead."
    ),
    .optional(
      "ssh",
      \.ssh,
      .record(start: SSHSpec(address: ""), ssh),
      absent: "this machine itself",
      "How the host is reached."
    ),
    .conditional(
      "nodeIP",
      \.nodeIP,
      .address,
      isAbsent: { $0 == .unspecified },
      absent:
        "what instance metadata says, where EKS is the control plane; elsewhere it must be given",
      "The address by which the other hosts reach it; it must be on one of its interfaces."
    ),
    .conditional(
      "roles",
      \.roles,
      Form.list(of: .role, minimum: 1, identity: \.rawValue).converted(
        to: { Set($0) },
        from: { roles in Role.allCases.filter(roles.contains) }
      ),
      isAbsent: \.isEmpty,
      absent: "`[worker]` where EKS is the control plane; elsewhere it must be given",
      "What the host does."
    ),
    .optional(
      "profile",
      \.profile,
      .profile,
      absent: "what the host is found to be",
      "Where things lie on the host."
    ),
    .group(
      "runtime",
      "What runs its containers.",
      [.defaulted("engine", \.runtime.engine, .runtimeEngine, "Which container runtime.")]
        + RuntimeModel.fields
    ),
    .defaulted("labels", \.labels, .labels, "Labels of the node."),
    .defaulted(
      "taints",
      \.taints,
      .list(of: .taint, identity: { "\($0.key):\($0.effect.rawValue)" }),
      "Taints of the node, as `key=value:Effect`; one that others put there stays."
    ),
  ]

  private static let ssh: [Field<SSHSpec>] = [
    .required("address", \.address, .sshAddress, "Where sshd listens, or a name of ssh_config."),
    .optional(
      "port",
      \.port,
      .integer(Ports.all, example: 22),
      absent: "what ssh_config says, or 22",
      "Its port."
    ),
    .optional(
      "user",
      \.user,
      .sshUser,
      absent: "what ssh_config says",
      "Who logs in: root, or someone who may use sudo."
    ),
    .optional(
      "identityFile",
      \.identityFile,
      .path("a private key's file", example: "~/.ssh/id_ed25519"),
      absent: "the agent and ssh_config",
      "The private key; beside this file if relative."
    ),
    .optional(
      "hostKey",
      \.hostKey,
      .hostKey,
      absent: "known_hosts",
      "The only key accepted from the host, as ssh-keyscan prints it behind the name."
    ),
    .optional(
      "jump",
      \.jump,
      .jump,
      absent: "no jump",
      "Hosts to pass through, as ssh -J takes them."
    ),
  ]
}
