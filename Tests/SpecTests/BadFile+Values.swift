// SPDX-License-Identifier: Apache-2.0

extension BadFile {
  /// Single values of the cluster.
  static let values: [Self] = [
    Self(
      "number for text",
      edits: [
        ("name: demo", "name: 12")
      ],
      expected: [
        "c.yaml:4:9: error: metadata.name: must be text, and YAML takes 12 for a number: write \"12\""
      ]
    ),
    Self(
      "true for text",
      edits: [
        ("name: demo", "name: true")
      ],
      expected: [
        "c.yaml:4:9: error: metadata.name: must be text, and YAML takes true for true or false: write \"true\""
      ]
    ),
    Self(
      "quoted number",
      edits: [
        ("nodePrefix: 24", "nodePrefix: \"24\"")
      ],
      expected: [
        "c.yaml:13:17: error: spec.network.nodePrefix: must be a number, not text: remove the quotes"
      ]
    ),
    Self(
      "number out of range",
      edits: [
        ("nodePrefix: 24", "nodePrefix: 31")
      ],
      expected: [
        "c.yaml:13:17: error: spec.network.nodePrefix: '31' is not a number from 8 to 30"
      ]
    ),
    Self(
      "octal number",
      edits: [
        ("nodePrefix: 24", "nodePrefix: 024")
      ],
      expected: [
        "c.yaml:13:17: error: spec.network.nodePrefix: '024' is not a number from 8 to 30"
      ]
    ),
    Self(
      "huge number",
      edits: [
        ("nodePrefix: 24", "nodePrefix: 99999999999999999999999")
      ],
      expected: [
        "c.yaml:13:17: error: spec.network.nodePrefix: '99999999999999999999999' is not a number from 8 to 30"
      ]
    ),
    Self(
      "fraction",
      edits: [
        ("nodePrefix: 24", "nodePrefix: 24.0")
      ],
      expected: [
        "c.yaml:13:17: error: spec.network.nodePrefix: '24.0' is not a number from 8 to 30"
      ]
    ),
    Self(
      "upper-case cluster name",
      edits: [
        ("name: demo", "name: Demo")
      ],
      expected: [
        "c.yaml:4:9: error: metadata.name: 'Demo' is not a name of lower-case letters, digits and dashes; did you mean 'demo'?"
      ]
    ),
    Self(
      "cluster name with a slash",
      edits: [
        ("name: demo", "name: ../demo")
      ],
      expected: [
        "c.yaml:4:9: error: metadata.name: '../demo' is not a name of lower-case letters, digits and dashes, such as production"
      ]
    ),
    Self(
      "characters that a terminal obeys",
      edits: [
        ("name: demo", "name: \"d\\e[2J\\u202Eemo\\L\"")
      ],
      expected: [
        "c.yaml:4:9: error: metadata.name: 'd?[2J?emo?' is not a name of lower-case letters, digits and dashes, such as production"
      ]
    ),
    Self(
      "cluster name that is too long",
      edits: [
        ("name: demo", "name: " + String(repeating: "d", count: 64))
      ],
      expected: [
        "c.yaml:4:9: error: metadata.name: is longer than 63 characters"
      ]
    ),
    Self(
      "version without patch",
      edits: [
        ("v1.30.4", "1.30")
      ],
      expected: [
        "c.yaml:7:14: error: spec.kubernetes.version: '1.30' lacks the patch, as in v1.36.2"
      ]
    ),
    Self(
      "pre-release",
      edits: [
        ("v1.30.4", "v1.30.4-rc.1")
      ],
      expected: [
        "c.yaml:7:14: error: spec.kubernetes.version: 'v1.30.4-rc.1' is not a release of Kubernetes, such as v1.36.2"
      ]
    ),
    Self(
      "endpoint as a URL",
      edits: [
        ("endpoint: api.example.com:6443", "endpoint: https://api.example.com:6443")
      ],
      expected: [
        "c.yaml:9:15: error: spec.controlPlane.endpoint: is a URL: give only host:port"
      ]
    ),
    Self(
      "endpoint with a bad port",
      edits: [
        ("endpoint: api.example.com:6443", "endpoint: api.example.com:66443")
      ],
      expected: [
        "c.yaml:9:15: error: spec.controlPlane.endpoint: '66443' is not a port: 1 to 65535"
      ]
    ),
    Self(
      "endpoint that is nearly an address",
      edits: [
        ("endpoint: api.example.com:6443", "endpoint: 192.0.2.300:6443")
      ],
      expected: [
        "c.yaml:9:15: error: spec.controlPlane.endpoint: '192.0.2.300:6443' is not an address or DNS name with a port, such as kubernetes.example.com:6443"
      ]
    ),
    Self(
      "extra names",
      edits: [
        (
          "    endpoint: api.example.com:6443",
          "    endpoint: api.example.com:6443\n    extraSANs: [10.0.0.9, \"*.example.com\", \"a*b\", 10.0.0.9, 300.1.1.1]"
        )
      ],
      expected: [
        "c.yaml:10:44: error: spec.controlPlane.extraSANs[2]: 'a*b' is not an IPv4 address or a DNS name, such as kubernetes.example.com",
        "c.yaml:10:51: error: spec.controlPlane.extraSANs[3]: '10.0.0.9' stands here twice, first at c.yaml:10:17",
        "c.yaml:10:61: error: spec.controlPlane.extraSANs[4]: '300.1.1.1' is not an IPv4 address or a DNS name, such as kubernetes.example.com",
      ]
    ),
    Self(
      "network with host bits",
      edits: [
        ("podCIDR: 10.244.0.0/16", "podCIDR: 10.244.3.1/16")
      ],
      expected: [
        "c.yaml:11:14: error: spec.network.podCIDR: '10.244.3.1/16' is not an IPv4 network: bits are set past its prefix; did you mean '10.244.0.0/16'?"
      ]
    ),
    Self(
      "network without prefix",
      edits: [
        ("podCIDR: 10.244.0.0/16", "podCIDR: 10.244.0.0")
      ],
      expected: [
        "c.yaml:11:14: error: spec.network.podCIDR: '10.244.0.0' is not an IPv4 network, such as 10.244.0.0/16"
      ]
    ),
    Self(
      "IPv6 network",
      edits: [
        ("podCIDR: 10.244.0.0/16", "podCIDR: \"fd00::/48\"")
      ],
      expected: [
        "c.yaml:11:14: error: spec.network.podCIDR: 'fd00::/48' is not an IPv4 network, such as 10.244.0.0/16"
      ]
    ),
    Self(
      "node ports the wrong way round",
      edits: [
        ("30000-32767", "32767-30000")
      ],
      expected: [
        "c.yaml:14:16: error: spec.network.nodePorts: the range ends before it begins; did you mean '30000-32767'?"
      ]
    ),
    Self(
      "node ports with spaces",
      edits: [
        ("30000-32767", "30000 - 32767")
      ],
      expected: [
        "c.yaml:14:16: error: spec.network.nodePorts: '30000 - 32767' is not a range of ports, such as 30000-32767"
      ]
    ),
    Self(
      "DNS domain",
      edits: [
        ("    nodePrefix: 24", "    nodePrefix: 24\n    dnsDomain: cluster_local")
      ],
      expected: [
        "c.yaml:14:16: error: spec.network.dnsDomain: 'cluster_local' is not a DNS domain, such as cluster.local"
      ]
    ),
    Self(
      "unknown choices",
      edits: [
        ("mode: iptables", "mode: ipvss\n    cni: {type: calico}")
      ],
      expected: [
        "c.yaml:16:13: error: spec.network.proxy.mode: 'ipvss' is not a mode of kube-proxy (allowed: userspace, iptables, ipvs, nftables); did you mean 'ipvs'?",
        "c.yaml:17:17: error: spec.network.cni.type: 'calico' is not a kind of pod network (allowed: bridge, none, flannel)",
      ]
    ),
    Self(
      "keys and certificates",
      edits: [
        ("  hosts:", "  pki: {algorithm: ecdsaP265, leafHours: 0, userAuthorities: \"\"}\n  hosts:")
      ],
      expected: [
        "c.yaml:17:20: error: spec.pki.algorithm: 'ecdsaP265' is not a key algorithm (allowed: rsa2048, rsa3072, rsa4096, ecdsaP256, ecdsaP384); did you mean 'ecdsaP256'?",
        "c.yaml:17:42: error: spec.pki.leafHours: '0' is not a number from 1 to 876000",
        "c.yaml:17:62: error: spec.pki.userAuthorities: '' is not a folder, such as authorities",
      ]
    ),
    Self(
      "encryption provider",
      edits: [
        ("  hosts:", "  secretsEncryption: {provider: aes-cbc}\n  hosts:")
      ],
      expected: [
        "c.yaml:17:33: error: spec.secretsEncryption.provider: 'aes-cbc' is not an encryption provider (allowed: aescbc, aesgcm, secretbox, identity); did you mean 'aescbc'?"
      ]
    ),
    Self(
      "audit",
      edits: [
        ("  hosts:", "  audit: {maxAge: -1, maxSize: 0}\n  hosts:")
      ],
      expected: [
        "c.yaml:17:19: error: spec.audit.maxAge: '-1' is not a number from 0 to 3650",
        "c.yaml:17:32: error: spec.audit.maxSize: '0' is not a number from 1 to 10240",
      ]
    ),
    Self(
      "sources of programs",
      edits: [
        (
          "  hosts:",
          "  artifacts:\n    sources: [publishd, mirror, {mirror: ftp://x}, {folders: x}, {mirror: \"https://a.example\", folder: b}, build, build, {mirror: \"https://u:p@a.example/\"}]\n  hosts:"
        )
      ],
      expected: [
        "c.yaml:18:15: error: spec.artifacts.sources[0]: 'publishd' is not a source of programs (allowed: published, build, {mirror: …}, {folder: …}); did you mean 'published'?",
        "c.yaml:18:25: error: spec.artifacts.sources[1]: needs a value: {mirror: \"https://mirror.example.com/kubernetes\"}",
        "c.yaml:18:42: error: spec.artifacts.sources[2].mirror: 'ftp://x' is not an http or https URL, such as https://mirror.example.com/kubernetes",
        "c.yaml:18:53: error: spec.artifacts.sources[3].folders: is unknown (allowed: mirror, folder); did you mean 'folder'?",
        "c.yaml:18:66: error: spec.artifacts.sources[4]: must have just one key (allowed: mirror, folder)",
        "c.yaml:18:115: error: spec.artifacts.sources[6]: 'build' stands here twice, first at c.yaml:18:108",
        "c.yaml:18:131: error: spec.artifacts.sources[7].mirror: a URL with a password in it would be shown in plans: leave it out",
      ]
    ),
    Self(
      "no source of programs",
      edits: [
        ("  hosts:", "  artifacts: {sources: []}\n  hosts:")
      ],
      expected: [
        "c.yaml:17:24: error: spec.artifacts.sources: is empty: at least 1 must be named"
      ]
    ),
  ]
}
