// SPDX-License-Identifier: Apache-2.0

extension BadFile {
  /// Keys and kinds of values.
  static let structure: [Self] = [
    Self(
      "unknown key with a near one",
      edits: [
        ("  network:", "  netwrk:")
      ],
      expected: [
        "c.yaml:10:3: error: spec.netwrk: is unknown (allowed: kubernetes, controlPlane, network, pki, secretsEncryption, audit, etcd, artifacts, hosts); did you mean 'network'?"
      ]
    ),
    Self(
      "unknown key without a near one",
      edits: [
        ("      mode: iptables", "      mode: iptables\n      colour: red")
      ],
      expected: [
        "c.yaml:17:7: error: spec.network.proxy.colour: is unknown (allowed: mode, conntrack, conntrackBuckets)"
      ]
    ),
    Self(
      "key of another case",
      edits: [
        ("podCIDR", "podCidr")
      ],
      expected: [
        "c.yaml:11:5: error: spec.network.podCidr: is unknown (allowed: podCIDR, serviceCIDR, nodePrefix, nodePorts, dnsDomain, cni, proxy); did you mean 'podCIDR'?"
      ]
    ),
    Self(
      "key in the wrong place",
      edits: [
        ("  network:", "  podCIDR: 10.1.0.0/16\n  network:")
      ],
      expected: [
        "c.yaml:10:3: error: spec.podCIDR: is unknown here: it belongs into spec.network (allowed: kubernetes, controlPlane, network, pki, secretsEncryption, audit, etcd, artifacts, hosts)"
      ]
    ),
    Self(
      "duplicate key",
      edits: [
        ("    nodePrefix: 24", "    nodePrefix: 24\n    podCIDR: 10.1.0.0/16")
      ],
      expected: [
        "c.yaml:14:5: error: spec.network.podCIDR: is given twice, first at c.yaml:11:5"
      ]
    ),
    Self(
      "duplicate keys at several levels, one of them thrice",
      edits: [
        ("kind: Cluster", "kind: Cluster\nkind: Cluster\nkind: Other"),
        ("      roles: [worker]", "      roles: [worker]\n      \"name\": c"),
      ],
      expected: [
        "c.yaml:3:1: error: kind: is given twice, first at c.yaml:2:1",
        "c.yaml:4:1: error: kind: is given twice, first at c.yaml:2:1",
        "c.yaml:30:7: error: spec.hosts[1].name: is given twice, first at c.yaml:25:7",
      ]
    ),
    Self(
      "duplicate key in a flow mapping",
      edits: [
        (
          "  kubernetes:\n    version: v1.30.4",
          "  kubernetes: {version: v1.30.4, version: v1.30.5}"
        )
      ],
      expected: [
        "c.yaml:6:34: error: spec.kubernetes.version: is given twice, first at c.yaml:6:16"
      ]
    ),
    Self(
      "missing keys",
      edits: [
        ("    version: v1.30.4\n", "    versio: v1.30.4\n"),
        ("      nodeIP: 192.0.2.2\n", ""),
        ("apiVersion: kubewright/v1alpha1\n", ""),
      ],
      expected: [
        "c.yaml:1:1: error: apiVersion: is missing: it is kubewright/v1alpha1",
        "c.yaml:6:5: error: spec.kubernetes.versio: is unknown (allowed: version); did you mean 'version'?",
        "c.yaml:22:7: error: spec.hosts[1].nodeIP: is missing: it is an IPv4 address, such as 192.0.2.11",
      ]
    ),
    Self(
      "no spec at all",
      text: "apiVersion: kubewright/v1alpha1\nkind: Cluster\nmetadata:\n  name: demo\n",
      expected: [
        "c.yaml:1:1: error: spec: is missing"
      ]
    ),
    Self(
      "empty mapping",
      edits: [
        ("    endpoint: api.example.com:6443\n", "")
      ],
      expected: [
        "c.yaml:8:16: error: spec.controlPlane: is empty: give its keys below it, indented, or remove it"
      ]
    ),
    Self(
      "text for a mapping",
      edits: [
        ("  kubernetes:\n    version: v1.30.4", "  kubernetes: v1.30.4")
      ],
      expected: [
        "c.yaml:6:15: error: spec.kubernetes: must be a mapping of keys to values, not text"
      ]
    ),
    Self(
      "list for a mapping",
      edits: [
        ("metadata:\n  name: demo", "metadata: [demo]")
      ],
      expected: [
        "c.yaml:3:11: error: metadata: must be a mapping of keys to values, not a list"
      ]
    ),
    Self(
      "mapping for a list",
      edits: [
        ("      roles: [worker]", "      roles: {worker: true}")
      ],
      expected: [
        "c.yaml:27:14: error: spec.hosts[1].roles: must be a list, not a mapping"
      ]
    ),
    Self(
      "text for a list",
      edits: [
        ("      roles: [worker]", "      roles: worker")
      ],
      expected: [
        "c.yaml:27:14: error: spec.hosts[1].roles: must be a list, not text"
      ]
    ),
    Self(
      "mapping for text",
      edits: [
        ("    podCIDR: 10.244.0.0/16", "    podCIDR: {v4: 10.244.0.0/16}")
      ],
      expected: [
        "c.yaml:11:14: error: spec.network.podCIDR: must be an IPv4 network, not a mapping"
      ]
    ),
    Self(
      "text for a host",
      edits: [
        ("    - name: b", "    - b\n    - name: b")
      ],
      expected: [
        "c.yaml:23:7: error: spec.hosts[1]: must be a mapping of keys to values, not text"
      ]
    ),
    Self(
      "empty list",
      edits: [
        ("      roles: [worker]", "      roles: []")
      ],
      expected: [
        "c.yaml:27:14: error: spec.hosts[1].roles: is empty: at least 1 must be named"
      ]
    ),
    Self(
      "null",
      edits: [
        ("    podCIDR: 10.244.0.0/16", "    podCIDR: ~")
      ],
      expected: [
        "c.yaml:11:14: error: spec.network.podCIDR: is empty: give an IPv4 network, or remove the key"
      ]
    ),
    Self(
      "list of hosts with a stranger",
      edits: [
        ("    - name: b", "    - b\n    - name: a")
      ],
      expected: [
        "c.yaml:23:7: error: spec.hosts[1]: must be a mapping of keys to values, not text",
        "c.yaml:24:13: error: spec.hosts[2].name: a is the name of another host already, at c.yaml:18:13",
      ]
    ),
    Self(
      "other apiVersion and kind",
      edits: [
        ("kubewright/v1alpha1", "kubewright/v1alpha2"),
        ("kind: Cluster", "kind: Pod"),
      ],
      expected: [
        "c.yaml:1:13: error: apiVersion: must be kubewright/v1alpha1, not 'kubewright/v1alpha2'",
        "c.yaml:2:7: error: kind: must be Cluster, not 'Pod'",
      ]
    ),
    Self(
      "faults far apart are all named",
      edits: [
        ("v1.30.4", "v9"),
        ("nodePrefix: 24", "nodePrefix: x"),
        ("roles: [worker]", "roles: [wroker]"),
      ],
      expected: [
        "c.yaml:7:14: error: spec.kubernetes.version: 'v9' is not a release of Kubernetes, such as v1.36.2",
        "c.yaml:13:17: error: spec.network.nodePrefix: 'x' is not a number from 8 to 30",
        "c.yaml:27:15: error: spec.hosts[1].roles[0]: 'wroker' is not a role (allowed: etcd, control-plane, worker); did you mean 'worker'?",
      ]
    ),
  ]
}
