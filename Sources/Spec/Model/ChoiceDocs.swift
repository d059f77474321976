// SPDX-License-Identifier: Apache-2.0

extension Form where Value == CNIType {
  static var cni: Self {
    choice(of: "a kind of pod network") { type in
      switch type {
      case .bridge: "A bridge on each node, and routes between the nodes; nothing else runs."
      case .none: "You install one; nodes stay NotReady until it is there."
      case .flannel: "flannel on each node; its programs come from a folder of yours."
      }
    }
  }
}

extension Form where Value == FlannelBackend {
  static var flannelBackend: Self {
    choice(of: "a backend of flannel") { backend in
      switch backend {
      case .vxlan: "In VXLAN packets: over any network between the nodes."
      case .hostGateway: "By routes: the nodes share a network, and nothing is wrapped."
      }
    }
  }
}

extension Form where Value == ConntrackOwner {
  static var conntrackOwner: Self {
    choice(of: "who sizes the connection table") { owner in
      switch owner {
      case .kernel: "kube-proxy leaves the kernel's connection table alone."
      case .proxy:
        "kube-proxy sizes it by the number of CPUs, but never on EOS nor on a kernel before 4.0, "
          + "which that has crashed."
      }
    }
  }
}

extension Form where Value == ProxyMode {
  static var proxyMode: Self {
    choice(of: "a mode of kube-proxy") { mode in
      switch mode {
      case .userspace: "Every connection passes through kube-proxy; Kubernetes 1.25 and before."
      case .iptables: "Rules of iptables; in every version."
      case .ipvs: "The kernel's load balancer; needs its modules on every node."
      case .nftables: "Rules of nftables; from Kubernetes 1.29 on, kernel 5.13 or newer."
      }
    }
  }
}

extension Form where Value == KeyAlgorithm {
  static var keyAlgorithm: Self {
    choice(of: "a key algorithm") { algorithm in
      switch algorithm {
      case .rsa2048: "RSA of 2048 bits."
      case .rsa3072: "RSA of 3072 bits."
      case .rsa4096: "RSA of 4096 bits: slow to make and to use."
      case .ecdsaP256: "Elliptic curve P-256: quick, and as strong as RSA of 3072 bits."
      case .ecdsaP384: "Elliptic curve P-384."
      }
    }
  }
}

extension Form where Value == EncryptionProvider {
  static var encryptionProvider: Self {
    choice(of: "an encryption provider") { provider in
      switch provider {
      case .aescbc: "AES-CBC with padding: weaker against who can write to etcd."
      case .aesgcm: "AES-GCM: the key must be rotated every 200000 writes."
      case .secretbox: "XSalsa20 and Poly1305: strong and quick."
      case .identity: "No encryption: whoever reads etcd reads all secrets."
      }
    }
  }
}

extension Form where Value == Role {
  static var role: Self {
    choice(of: "a role") { role in
      switch role {
      case .etcd: "Holds a member of the store."
      case .controlPlane: "Runs the API server, controller manager and scheduler."
      case .worker: "Runs pods."
      }
    }
  }
}

extension Form where Value == Profile {
  static var profile: Self {
    choice(of: "a profile") { profile in
      switch profile {
      case .generic: "/etc/kubernetes, /var/lib, /usr/local/bin and units of systemd."
      case .eos:
        "The same paths as links to /mnt/flash/kubernetes, and put back after a reload by "
          + "/mnt/flash/rc.eos."
      }
    }
  }
}

extension Form where Value == RuntimeEngine {
  static var runtimeEngine: Self {
    choice(of: "a container runtime") { engine in
      switch engine {
      case .containerd: "containerd with runc."
      case .crio: "CRI-O, of the same minor as Kubernetes, with runc or crun."
      case .docker:
        "Docker Engine; from Kubernetes 1.24 on with cri-dockerd, which comes from a folder of yours."
      }
    }
  }
}

extension Form where Value == ArtifactsSpec.Source {
  static var artifactSource: Self {
    wordOrPair(
      "a source of programs",
      words: [
        (
          "published", .published,
          "The projects' own download places, checked against their published digests."
        ),
        ("build", .build, "Built from the distribution's source package on this machine."),
      ],
      pairs: [
        Pair(
          key: "mirror",
          doc: "A mirror with the layout of the published places.",
          form: .url,
          make: { .mirror($0) },
          get: { if case .mirror(let base) = $0 { base } else { nil } }
        ),
        Pair(
          key: "folder",
          doc: "A folder of ready programs, as `ARCH/NAME` or `NAME`; beside the spec if relative.",
          form: .path("a folder", example: "programs"),
          make: { .folder($0) },
          get: { if case .folder(let path) = $0 { path } else { nil } }
        ),
      ]
    )
  }
}
