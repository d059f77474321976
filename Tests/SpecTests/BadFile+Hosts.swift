// SPDX-License-Identifier: Apache-2.0

extension BadFile {
  /// Single values of a host.
  static let hosts: [Self] = [
    Self(
      "node name",
      edits: [
        ("- name: b", "- name: Node_B")
      ],
      expected: [
        "c.yaml:23:13: error: spec.hosts[1].name: 'Node_B' is not a DNS name of lower-case letters, digits, dashes and dots, such as node-1"
      ]
    ),
    Self(
      "upper-case node name",
      edits: [
        ("- name: b", "- name: Node-B")
      ],
      expected: [
        "c.yaml:23:13: error: spec.hosts[1].name: 'Node-B' is not a DNS name of lower-case letters, digits, dashes and dots; did you mean 'node-b'?"
      ]
    ),
    Self(
      "long node name",
      edits: [
        ("- name: b", "- name: " + String(repeating: "b", count: 64))
      ],
      expected: [
        "c.yaml:23:13: error: spec.hosts[1].name: is longer than 63 characters"
      ]
    ),
    Self(
      "nodeIP",
      edits: [
        ("nodeIP: 192.0.2.2", "nodeIP: 192.0.2.02")
      ],
      expected: [
        "c.yaml:26:15: error: spec.hosts[1].nodeIP: '192.0.2.02' is not an IPv4 address, such as 192.0.2.11"
      ]
    ),
    Self(
      "ssh address with a port",
      edits: [
        ("address: 192.0.2.2", "address: 192.0.2.2:22")
      ],
      expected: [
        "c.yaml:25:18: error: spec.hosts[1].ssh.address: the port belongs into ssh.port; did you mean '192.0.2.2'?"
      ]
    ),
    Self(
      "ssh address with a user",
      edits: [
        ("address: 192.0.2.2", "address: root@192.0.2.2")
      ],
      expected: [
        "c.yaml:25:18: error: spec.hosts[1].ssh.address: the user belongs into ssh.user; did you mean '192.0.2.2'?"
      ]
    ),
    Self(
      "ssh address that is an option",
      edits: [
        ("address: 192.0.2.2", "address: -oProxyCommand=x")
      ],
      expected: [
        "c.yaml:25:18: error: spec.hosts[1].ssh.address: '-oProxyCommand=x' is not an address, a host name, or a name of ssh_config, such as 192.0.2.11"
      ]
    ),
    Self(
      "ssh keys",
      edits: [
        (
          "        address: 192.0.2.2",
          "        address: 192.0.2.2\n        port: 0\n        user: -x\n        identityFile: -i\n        jump: \"a,,b\""
        )
      ],
      expected: [
        "c.yaml:26:15: error: spec.hosts[1].ssh.port: '0' is not a number from 1 to 65535",
        "c.yaml:27:15: error: spec.hosts[1].ssh.user: '-x' is not a user's name, such as admin",
        "c.yaml:28:23: error: spec.hosts[1].ssh.identityFile: '-i' is not a private key's file, such as ~/.ssh/id_ed25519",
        "c.yaml:29:15: error: spec.hosts[1].ssh.jump: 'a,,b' is not a list of hosts as ssh -J takes it, such as admin@bastion.example.com",
      ]
    ),
    Self(
      "host key as a fingerprint",
      edits: [
        ("        address: 192.0.2.2", "        address: 192.0.2.2\n        hostKey: SHA256:abc")
      ],
      expected: [
        "c.yaml:26:18: error: spec.hosts[1].ssh.hostKey: is a fingerprint: give the whole key (ssh-keyscan -t ed25519 ADDRESS)"
      ]
    ),
    Self(
      "host key with the host",
      edits: [
        (
          "        address: 192.0.2.2",
          "        address: 192.0.2.2\n        hostKey: 192.0.2.2 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
        )
      ],
      expected: [
        "c.yaml:26:18: error: spec.hosts[1].ssh.hostKey: begins with the host's name: give only the key's type and the key"
      ]
    ),
    Self(
      "host key of another type than it says",
      edits: [
        (
          "        address: 192.0.2.2",
          "        address: 192.0.2.2\n        hostKey: ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
        )
      ],
      expected: [
        "c.yaml:26:18: error: spec.hosts[1].ssh.hostKey: 'ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz…' is not a public host key as ssh-keyscan prints it behind the name, such as ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
      ]
    ),
    Self(
      "profile and runtime",
      edits: [
        (
          "      roles: [worker]",
          "      roles: [worker]\n      profile: generik\n      runtime: {engine: dokker}"
        )
      ],
      expected: [
        "c.yaml:28:16: error: spec.hosts[1].profile: 'generik' is not a profile (allowed: generic, eos); did you mean 'generic'?",
        "c.yaml:29:25: error: spec.hosts[1].runtime.engine: 'dokker' is not a container runtime (allowed: containerd, crio, docker); did you mean 'docker'?",
      ]
    ),
    Self(
      "label syntax",
      edits: [
        (
          "      roles: [worker]",
          "      roles: [worker]\n      labels: {\"-a\": b, a: \"-b\", a/b/c: d, n: 1, flag: true, e: }"
        )
      ],
      expected: [
        "c.yaml:28:16: error: spec.hosts[1].labels.-a: '-a' is not a label's key, such as tier",
        "c.yaml:28:28: error: spec.hosts[1].labels.a: '-b' is not a label's value (letters, digits, and -_. inside), such as storage",
        "c.yaml:28:34: error: spec.hosts[1].labels['a/b/c']: 'a/b/c' is not a label's key, such as tier",
        "c.yaml:28:47: error: spec.hosts[1].labels.n: must be text, and YAML takes 1 for a number: write \"1\"",
        "c.yaml:28:56: error: spec.hosts[1].labels.flag: must be text, and YAML takes true for true or false: write \"true\"",
        "c.yaml:28:65: error: spec.hosts[1].labels.e: is empty: give a label's value (letters, digits, and -_. inside), or remove the key",
      ]
    ),
    Self(
      "taint syntax",
      edits: [
        (
          "      roles: [worker]",
          "      roles: [worker]\n      taints: [\"a=b\", \"a=b:noSchedule\", \"=b:NoSchedule\", \"a=b c:NoSchedule\", \"a=b:NoSchedule\", \"a=c:NoSchedule\"]"
        )
      ],
      expected: [
        "c.yaml:28:16: error: spec.hosts[1].taints[0]: 'a=b' is not a taint, such as dedicated=storage:NoSchedule",
        "c.yaml:28:23: error: spec.hosts[1].taints[1]: 'noSchedule' is not a taint's effect (allowed: NoSchedule, PreferNoSchedule, NoExecute); did you mean 'NoSchedule'?",
        "c.yaml:28:41: error: spec.hosts[1].taints[2]: '' is not a taint's key",
        "c.yaml:28:58: error: spec.hosts[1].taints[3]: 'b c' is not a taint's value",
        "c.yaml:28:96: error: spec.hosts[1].taints[5]: 'a:NoSchedule' stands here twice, first at c.yaml:28:78",
      ]
    ),
  ]
}
