// SPDX-License-Identifier: Apache-2.0

extension BadFile {
  /// What must hold between keys.
  static let rules: [Self] = [
    Self(
      "admission plugins that are not there or need a file",
      edits: [
        (
          "endpoint: api.example.com:6443",
          "endpoint: api.example.com:6443\n    admissionPlugins: [LimitRanger, Initializers, PodSecurityy, EventRateLimit, PodTopologyLabels]"
        )
      ],
      expected: [
        "c.yaml:10:37: error: spec.controlPlane.admissionPlugins[1]: the API server of Kubernetes 1.30 has no admission plugin 'Initializers': it went after 1.13",
        "c.yaml:10:51: error: spec.controlPlane.admissionPlugins[2]: the API server of Kubernetes 1.30 has no admission plugin 'PodSecurityy'; did you mean 'PodSecurity'?",
        "c.yaml:10:65: error: spec.controlPlane.admissionPlugins[3]: EventRateLimit needs a configuration file of its own, which this format has no place for",
        "c.yaml:10:81: error: spec.controlPlane.admissionPlugins[4]: the API server of Kubernetes 1.30 has no admission plugin 'PodTopologyLabels': it came with 1.33",
      ]
    ),
    Self(
      "docker without its interface",
      edits: [
        ("      roles: [worker]", "      roles: [worker]\n      runtime: {engine: docker}")
      ],
      expected: [
        "c.yaml:28:25: error: spec.hosts[1].runtime.engine: the kubelet of Kubernetes 1.30 drives Docker only through cri-dockerd, which no source but a folder of yours has: put it there as ARCH/NAME (386/flanneld, amd64/cri-dockerd) and add {folder: PATH} to spec.artifacts.sources"
      ]
    ),
    Self(
      "flannel without its programs",
      edits: [("mode: iptables", "mode: iptables\n    cni: {type: flannel, backend: host-gw}")],
      expected: [
        "c.yaml:17:17: error: spec.network.cni.type: flannel's programs flanneld and flannel are in no source but a folder of yours: put it there as ARCH/NAME (386/flanneld, amd64/cri-dockerd) and add {folder: PATH} to spec.artifacts.sources"
      ]
    ),
    Self(
      "same name, address and nodeIP",
      edits: [
        ("- name: b", "- name: a"),
        ("192.0.2.2\n      node", "192.0.2.1\n      node"),
        ("nodeIP: 192.0.2.2", "nodeIP: 192.0.2.1"),
      ],
      expected: [
        "c.yaml:23:13: error: spec.hosts[1].name: a is the name of another host already, at c.yaml:18:13",
        "c.yaml:25:18: error: spec.hosts[1].ssh.address: 192.0.2.1 is the address of another host already, at c.yaml:20:18",
        "c.yaml:26:15: error: spec.hosts[1].nodeIP: 192.0.2.1 is the nodeIP of another host already, at c.yaml:21:15",
      ]
    ),
    Self(
      "two hosts that are this machine",
      edits: [
        ("      ssh:\n        address: 192.0.2.1\n", ""),
        ("      ssh:\n        address: 192.0.2.2\n", ""),
      ],
      expected: [
        "c.yaml:21:7: error: spec.hosts[1]: has no ssh, and so is this machine, as is the host at c.yaml:18:7"
      ]
    ),
    Self(
      "overlapping networks",
      edits: [
        ("serviceCIDR: 10.96.0.0/16", "serviceCIDR: 10.244.128.0/20")
      ],
      expected: [
        "c.yaml:12:18: error: spec.network.serviceCIDR: 10.244.128.0/20 overlaps the pod network 10.244.0.0/16"
      ]
    ),
    Self(
      "hosts and endpoint inside the networks",
      edits: [
        ("podCIDR: 10.244.0.0/16", "podCIDR: 192.0.0.0/16"),
        ("endpoint: api.example.com:6443", "endpoint: 10.96.0.7:6443"),
      ],
      expected: [
        "c.yaml:9:15: error: spec.controlPlane.endpoint: 10.96.0.7 lies in spec.network.serviceCIDR 10.96.0.0/16",
        "c.yaml:21:15: error: spec.hosts[0].nodeIP: 192.0.2.1 lies in spec.network.podCIDR 192.0.0.0/16",
        "c.yaml:26:15: error: spec.hosts[1].nodeIP: 192.0.2.2 lies in spec.network.podCIDR 192.0.0.0/16",
      ]
    ),
    Self(
      "networks that IPv4 keeps",
      edits: [
        ("podCIDR: 10.244.0.0/16", "podCIDR: 169.254.0.0/16"),
        ("serviceCIDR: 10.96.0.0/16", "serviceCIDR: 127.0.0.0/16"),
        ("nodeIP: 192.0.2.2", "nodeIP: 224.0.0.2"),
      ],
      expected: [
        "c.yaml:11:14: error: spec.network.podCIDR: 169.254.0.0/16 overlaps 169.254.0.0/16, which IPv4 keeps for other uses",
        "c.yaml:12:18: error: spec.network.serviceCIDR: 127.0.0.0/16 overlaps 127.0.0.0/8, which IPv4 keeps for other uses",
        "c.yaml:26:15: error: spec.hosts[1].nodeIP: 224.0.0.2 is no address for other hosts to reach: it lies in 224.0.0.0/3",
      ]
    ),
    Self(
      "service network too large",
      edits: [
        ("serviceCIDR: 10.96.0.0/16", "serviceCIDR: 10.0.0.0/9")
      ],
      expected: [
        "c.yaml:12:18: error: spec.network.serviceCIDR: 10.0.0.0/9 is too large: the API server takes a /12 at most"
      ]
    ),
    Self(
      "service network too small",
      edits: [
        ("serviceCIDR: 10.96.0.0/16", "serviceCIDR: 10.96.0.0/29")
      ],
      expected: [
        "c.yaml:12:18: error: spec.network.serviceCIDR: 10.96.0.0/29 is too small: a /28 is the least"
      ]
    ),
    Self(
      "pod network too small",
      edits: [
        ("podCIDR: 10.244.0.0/16", "podCIDR: 10.244.0.0/24")
      ],
      expected: [
        "c.yaml:11:14: error: spec.network.podCIDR: 10.244.0.0/24 holds 1 of the /24 that every node needs, and there are 2 hosts"
      ]
    ),
    Self(
      "nodePrefix shorter than the network",
      edits: [
        ("nodePrefix: 24", "nodePrefix: 15")
      ],
      expected: [
        "c.yaml:13:17: error: spec.network.nodePrefix: a /15 for each node is larger than the pod network 10.244.0.0/16"
      ]
    ),
    Self(
      "too many subnets",
      edits: [
        ("podCIDR: 10.244.0.0/16", "podCIDR: 11.0.0.0/8"),
        ("nodePrefix: 24", "nodePrefix: 25"),
      ],
      expected: [
        "c.yaml:13:17: error: spec.network.nodePrefix: 11.0.0.0/8 holds more than 65536 subnets of /25 (allowed: 8 to 24)"
      ]
    ),
    Self(
      "older than what is supported",
      edits: [
        ("v1.30.4", "v1.10.13")
      ],
      expected: [
        "c.yaml:7:14: error: spec.kubernetes.version: v1.10.13 is not supported: it is outside of 1.11 to 1.36"
      ]
    ),
    Self(
      "newer than what is supported",
      edits: [
        ("v1.30.4", "v1.99.0")
      ],
      expected: [
        "c.yaml:7:14: error: spec.kubernetes.version: v1.99.0 is not supported: it is outside of 1.11 to 1.36"
      ]
    ),
    Self(
      "userspace is gone",
      edits: [
        ("v1.30.4", "v1.26.0"),
        ("mode: iptables", "mode: userspace"),
      ],
      expected: [
        "c.yaml:16:13: error: spec.network.proxy.mode: kube-proxy of Kubernetes 1.26 has no mode 'userspace' (allowed: iptables, ipvs)"
      ]
    ),
    Self(
      "nftables is not there yet",
      edits: [
        ("v1.30.4", "v1.28.0"),
        ("mode: iptables", "mode: nftables"),
      ],
      expected: [
        "c.yaml:16:13: error: spec.network.proxy.mode: kube-proxy of Kubernetes 1.28 has no mode 'nftables' (allowed: iptables, ipvs)"
      ]
    ),
    Self(
      "etcd 2",
      edits: [
        ("  hosts:", "  etcd: {version: v2.3.8}\n  hosts:")
      ],
      expected: [
        "c.yaml:17:19: error: spec.etcd.version: Kubernetes works with etcd 3 only, not v2.3.8"
      ]
    ),
    Self(
      "leaves outlive authorities",
      edits: [
        ("  hosts:", "  pki: {authorityHours: 100, leafHours: 200}\n  hosts:")
      ],
      expected: [
        "c.yaml:17:41: error: spec.pki.leafHours: 200 hours are longer than the 100 hours of the authority (authorityHours)"
      ]
    ),
    Self(
      "node ports hold used ports",
      edits: [
        ("30000-32767", "6000-11000")
      ],
      expected: [
        "c.yaml:14:16: error: spec.network.nodePorts: 6000-11000 holds ports in use: 6443 (the API server), 10249 (kube-proxy), 10250 (kubelet), 10256 (kube-proxy), 10257 (kube-controller-manager), 10259 (kube-scheduler)"
      ]
    ),
    Self(
      "node ports the kernel gives away",
      edits: [
        ("30000-32767", "30000-33000")
      ],
      expected: [
        "c.yaml:14:16: warning: spec.network.nodePorts: 30000-33000 holds ports that the kernel gives to outgoing connections (32768-60999): services there fail at times"
      ]
    ),
    Self(
      "endpoint on etcd's port",
      edits: [
        ("6443", "2379")
      ],
      expected: [
        "c.yaml:9:15: error: spec.controlPlane.endpoint: port 2379 is etcd's"
      ]
    ),
    Self(
      "no roles of the control plane",
      edits: [
        ("[etcd, control-plane, worker]", "[worker]")
      ],
      expected: [
        "c.yaml:18:5: error: spec.hosts: no host has the role etcd",
        "c.yaml:18:5: error: spec.hosts: no host has the role control-plane",
      ]
    ),
    Self(
      "no worker",
      edits: [
        ("[etcd, control-plane, worker]", "[etcd, control-plane]"),
        ("roles: [worker]", "roles: [control-plane]"),
      ],
      expected: [
        "c.yaml:18:5: warning: spec.hosts: no host has the role worker: no pod will run"
      ]
    ),
    Self(
      "no role can be judged while one is misspelt",
      edits: [
        ("[etcd, control-plane, worker]", "[etc, control-plane, worker]")
      ],
      expected: [
        "c.yaml:22:15: error: spec.hosts[0].roles[0]: 'etc' is not a role (allowed: etcd, control-plane, worker); did you mean 'etcd'?"
      ]
    ),
    Self(
      "even number of members",
      edits: [
        ("roles: [worker]", "roles: [worker, etcd]")
      ],
      expected: [
        "c.yaml:18:5: warning: spec.hosts: 2 members of etcd survive no failure, no more than 1 would: use an odd number"
      ]
    ),
    Self(
      "even number of four",
      edits: [
        (
          "roles: [worker]",
          "roles: [worker, etcd]\n    - {name: m1, ssh: {address: 198.51.100.1}, nodeIP: 198.51.100.1, roles: [etcd]}\n    - {name: m2, ssh: {address: 198.51.100.2}, nodeIP: 198.51.100.2, roles: [etcd]}"
        )
      ],
      expected: [
        "c.yaml:18:5: warning: spec.hosts: 4 members of etcd survive 1 failure, no more than 3 would: use an odd number"
      ]
    ),
    Self(
      "eight members",
      edits: [
        (
          "roles: [worker]",
          "roles: [worker]\n    - {name: m1, ssh: {address: 198.51.100.1}, nodeIP: 198.51.100.1, roles: [etcd]}\n    - {name: m2, ssh: {address: 198.51.100.2}, nodeIP: 198.51.100.2, roles: [etcd]}\n    - {name: m3, ssh: {address: 198.51.100.3}, nodeIP: 198.51.100.3, roles: [etcd]}\n    - {name: m4, ssh: {address: 198.51.100.4}, nodeIP: 198.51.100.4, roles: [etcd]}\n    - {name: m5, ssh: {address: 198.51.100.5}, nodeIP: 198.51.100.5, roles: [etcd]}\n    - {name: m6, ssh: {address: 198.51.100.6}, nodeIP: 198.51.100.6, roles: [etcd]}\n    - {name: m7, ssh: {address: 198.51.100.7}, nodeIP: 198.51.100.7, roles: [etcd]}"
        )
      ],
      expected: [
        "c.yaml:18:5: error: spec.hosts: 8 hosts have the role etcd: 7 are the most that work well"
      ]
    ),
    Self(
      "endpoint is one of several control planes",
      edits: [
        ("endpoint: api.example.com:6443", "endpoint: 192.0.2.1:6443"),
        ("roles: [worker]", "roles: [worker, control-plane]"),
      ],
      expected: [
        "c.yaml:9:15: warning: spec.controlPlane.endpoint: is the host a, one of 2 with the role control-plane: when it is down, so is the API; use a load balancer or a virtual address"
      ]
    ),
    Self(
      "endpoint is a worker",
      edits: [
        ("endpoint: api.example.com:6443", "endpoint: 192.0.2.2:6443")
      ],
      expected: [
        "c.yaml:9:15: warning: spec.controlPlane.endpoint: is the host b, which lacks the role control-plane: no API server listens there"
      ]
    ),
    Self(
      "labels that are Kubernetes' own",
      edits: [
        (
          "      roles: [worker]",
          "      roles: [worker]\n      labels: {node-role.kubernetes.io/worker: \"\", app.k8s.io/x: a, topology.kubernetes.io/zone: z, node.kubernetes.io/x: y, kubernetes.io/hostname: h, example.com/x: y}"
        )
      ],
      expected: [
        "c.yaml:28:16: error: spec.hosts[1].labels['node-role.kubernetes.io/worker']: a node may not give itself this label: Kubernetes keeps names of kubernetes.io and k8s.io for its own use, but those under node.kubernetes.io and kubelet.kubernetes.io",
        "c.yaml:28:52: error: spec.hosts[1].labels['app.k8s.io/x']: a node may not give itself this label: Kubernetes keeps names of kubernetes.io and k8s.io for its own use, but those under node.kubernetes.io and kubelet.kubernetes.io",
      ]
    ),
    Self(
      "labels and taints of no node",
      edits: [
        (
          "      roles: [worker]",
          "      roles: [control-plane]\n      labels: {a: b}\n      taints: [\"a=b:NoSchedule\"]"
        )
      ],
      expected: [
        "c.yaml:28:15: warning: spec.hosts[1].labels: has no effect: without the role worker the host is no node",
        "c.yaml:29:15: warning: spec.hosts[1].taints: has no effect: without the role worker the host is no node",
      ]
    ),
  ]
}
