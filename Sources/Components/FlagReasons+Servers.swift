// SPDX-License-Identifier: Apache-2.0

extension FlagReasons {
  static let etcd: [String: FlagReason] = [
    "name": .init("The member is called as its host.", spec: "spec.hosts[].name"),
    "data-dir": .init("A directory for etcd alone, 0700.", cis: "1.1.11, 1.1.12"),
    "listen-client-urls": .init(
      "Clients reach it at the node's address and from the host itself, over TLS only.",
      spec: "spec.hosts[].nodeIP"
    ),
    "advertise-client-urls": .init(
      "Where it tells clients to find it.",
      spec: "spec.hosts[].nodeIP"
    ),
    "listen-peer-urls": .init(
      "Peers reach it at the node's address, over TLS only.",
      spec: "spec.hosts[].nodeIP"
    ),
    "initial-advertise-peer-urls": .init(
      "Where it tells peers to find it.",
      spec: "spec.hosts[].nodeIP"
    ),
    "initial-cluster": .init(
      "The members when this one entered; it is read without data only, and stays as it was.",
      spec: "spec.hosts[].roles"
    ),
    "initial-cluster-token": .init(
      "Members of clusters with different names never mix.",
      spec: "metadata.name"
    ),
    "initial-cluster-state": .init(
      "new: it began the cluster with the others; existing: it joined one. Read without data only."
    ),
    "cert-file": .init("Shown to clients.", cis: "2.1"),
    "key-file": .init("Shown to clients.", cis: "2.1"),
    "client-cert-auth": .init("Nobody enters without a certificate.", cis: "2.2"),
    "trusted-ca-file": .init(
      "An authority of its own: a certificate of the cluster's opens no door here.",
      cis: "2.7"
    ),
    "peer-cert-file": .init("Shown to peers.", cis: "2.4"),
    "peer-key-file": .init("Shown to peers.", cis: "2.4"),
    "peer-client-cert-auth": .init("No peer enters without a certificate.", cis: "2.5"),
    "peer-trusted-ca-file": .init("Which peers are ours.", cis: "2.5"),
    "cipher-suites": .init("Only suites with forward secrecy, which implies TLS 1.2."),
    "auto-compaction-retention": .init(
      "Hours of history that are kept; the API server compacts too, this is for when none runs."
    ),
    "quota-backend-bytes": .init(
      "Bytes before it refuses writes; the default of 2 GiB is soon full of events."
    ),
  ]

  static let controllerManager: [String: FlagReason] = [
    "kubeconfig": .init("Enters this host's own API server."),
    "authentication-kubeconfig": .init("Asks the API server who calls its port."),
    "authorization-kubeconfig": .init("Asks the API server what the caller may do."),
    "bind-address": .init("Only this host reaches its port.", cis: "1.3.7"),
    "secure-port": .init("TLS with authentication, or no port where it cannot ask who calls."),
    "port": .init("No port without TLS and authentication."),
    "leader-elect": .init("One of all control-plane hosts acts at a time."),
    "use-service-account-credentials": .init(
      "Each controller has just its own rights.",
      cis: "1.3.3"
    ),
    "service-account-private-key-file": .init(
      "Signs service account tokens, with a key that signs nothing else.",
      cis: "1.3.4"
    ),
    "root-ca-file": .init("Pods learn by it which API server is theirs.", cis: "1.3.5"),
    "allocate-node-cidrs": .init(
      "Each node's pod subnet is given by kubewright and never moves.",
      spec: "spec.network.podCIDR"
    ),
    "terminated-pod-gc-threshold": .init("Finished pods do not fill the store.", cis: "1.3.1"),
    "profiling": .init("No profiling for whoever reaches the port.", cis: "1.3.2"),
    "tls-min-version": .init("Older versions of TLS are broken."),
    "tls-cipher-suites": .init("Only suites with forward secrecy."),
  ]

  static let scheduler: [String: FlagReason] = [
    "kubeconfig": .init("Enters this host's own API server."),
    "authentication-kubeconfig": .init("Asks the API server who calls its port."),
    "authorization-kubeconfig": .init("Asks the API server what the caller may do."),
    "bind-address": .init("Only this host reaches its port.", cis: "1.4.2"),
    "secure-port": .init("TLS with authentication."),
    "port": .init("No port without TLS and authentication."),
    "leader-elect": .init("One of all control-plane hosts acts at a time."),
    "profiling": .init("No profiling for whoever reaches the port.", cis: "1.4.1"),
    "tls-min-version": .init("Older versions of TLS are broken."),
    "tls-cipher-suites": .init("Only suites with forward secrecy."),
  ]

  static let kubelet: [String: FlagReason] = [
    "config": .init("All settings that have a place in the file are there.", cis: "4.2"),
    "kubeconfig": .init("Enters the API as this node."),
    "node-ip": .init(
      "The address that the API server reaches it at; there is no field for it.",
      spec: "spec.hosts[].nodeIP"
    ),
    "hostname-override": .init(
      "The node is called as in the spec, whatever the host calls itself.",
      cis: "4.2.7 wants it absent",
      spec: "spec.hosts[].name"
    ),
    "cloud-provider": .init(
      "Who says the node's addresses and zone: the kubelet's own code, or a controller manager.",
      spec: "spec.controlPlane.eks.cloudProvider"
    ),
    "cloud-config": .init(
      "Where EC2 is asked instead of at the region's own place.",
      spec: "spec.controlPlane.eks.endpoints.ec2"
    ),
    "provider-id": .init("By which the cloud controller manager finds the instance."),
    "image-credential-provider-config": .init("Whom the kubelet asks for ECR's passwords."),
    "image-credential-provider-bin-dir": .init("Where that program is."),
    "container-runtime": .init(
      "A runtime behind a socket, or the Docker that kubelets up to 1.23 drive themselves.",
      spec: "spec.hosts[].runtime.engine"
    ),
    "container-runtime-endpoint": .init(
      "The runtime's socket, where the file has no field for it.",
      spec: "spec.hosts[].runtime.engine"
    ),
    "network-plugin": .init(
      "Where the kubelet drives Docker, it calls the CNI plugins itself.",
      spec: "spec.hosts[].runtime.engine"
    ),
    "cni-conf-dir": .init("Where the CNI configuration is."),
    "cni-bin-dir": .init("Where the CNI plugins are."),
    "volume-plugin-dir": .init(
      "The kubelet makes this folder; its default is below /usr, where reset would not find it."
    ),
    "pod-infra-container-image": .init("Garbage collection spares the pause image."),
    "node-labels": .init(
      "Labels from the first moment on; those that a kubelet may set.",
      spec: "spec.hosts[].labels"
    ),
    "register-with-taints": .init(
      "Taints from the first moment on, where the file has no field for them.",
      spec: "spec.hosts[].taints"
    ),
  ]

  static let proxy: [String: FlagReason] = [
    "config": .init("All settings are in the file.", cis: "4.3.1"),
    "hostname-override": .init("The node is called as in the spec.", spec: "spec.hosts[].name"),
  ]
}
