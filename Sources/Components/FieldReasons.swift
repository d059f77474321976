// SPDX-License-Identifier: Apache-2.0

import Catalog

/// The reason of every field of the configuration files that programs are given, by the field's first part.
enum FieldReasons {
  static func reason(for field: String, of kind: ConfigKind) -> FlagReason? {
    let first = String(field.prefix { $0 != "." })
    switch kind {
    case .kubelet: return kubelet[first]
    case .kubeProxy: return proxy[first]
    case .crio: return nil
    }
  }

  static let kubelet: [String: FlagReason] = [
    "authentication": .init(
      "Nobody is let in without a certificate or a token that the API server knows.",
      cis: "4.2.1, 4.2.3"
    ),
    "authorization": .init("The API server says what a caller may do.", cis: "4.2.2"),
    "readOnlyPort": .init("No port that asks nobody who he is.", cis: "4.2.4"),
    "tlsCertFile": .init("Shown to the API server.", cis: "4.2.9"),
    "tlsPrivateKeyFile": .init("Shown to the API server.", cis: "4.2.9"),
    "tlsMinVersion": .init("Older versions of TLS are broken."),
    "tlsCipherSuites": .init("Only suites with forward secrecy.", cis: "4.2.12"),
    "clusterDNS": .init(
      "The tenth service address, by custom the name server's.",
      spec: "spec.network.serviceCIDR"
    ),
    "clusterDomain": .init("The domain of services' names.", spec: "spec.network.dnsDomain"),
    "resolvConf": .init("The host's own name servers, which pods ask for other names."),
    "maxPods": .init(
      "Kubernetes' default, or what the node's subnet has addresses for.",
      spec: "spec.network.nodePrefix"
    ),
    "podPidsLimit": .init("A pod cannot use up the node's processes.", cis: "4.2.13"),
    "eventRecordQPS": .init(
      "Events a second, so that a loop does not flood the API.",
      cis: "4.2.8"
    ),
    "evictionHard": .init("Pods go before the node itself runs out."),
    "cgroupDriver": .init(
      "Kubelet and runtime must agree on who makes cgroups.",
      spec: "spec.hosts[].runtime.engine"
    ),
    "failSwapOn": .init("Memory limits hold only without swap."),
    "protectKernelDefaults": .init(
      "The kernel settings that it would write are resources of ours.",
      cis: "4.2.6"
    ),
    "makeIPTablesUtilChains": .init("kube-proxy's rules need its chains.", cis: "4.2.7"),
    "containerRuntimeEndpoint": .init(
      "The runtime's socket.",
      spec: "spec.hosts[].runtime.engine"
    ),
    "seccompDefault": .init("Containers may not call what hardly any needs."),
    "serverTLSBootstrap": .init(
      "EKS signs what the kubelet shows to the API server.",
      cis: "4.2.11"
    ),
    "featureGates": .init("Asking EKS for that certificate needs the gate at this version."),
    "kubeReserved": .init("What the kubelet and the runtime need, by the formulas of EKS's nodes."),
    "providerID": .init("By which the cloud controller manager finds the instance."),
    "failCgroupV1": .init("This host has cgroup version 1, which it would refuse."),
    "registerWithTaints": .init("Taints from the first moment on.", spec: "spec.hosts[].taints"),
  ]

  static let proxy: [String: FlagReason] = [
    "clientConnection": .init("Enters the API."),
    "hostnameOverride": .init("The node is called as in the spec.", spec: "spec.hosts[].name"),
    "bindAddress": .init(
      "Says which address the node has: it need not wait for the node to register.",
      spec: "spec.hosts[].nodeIP"
    ),
    "mode": .init("How it works.", spec: "spec.network.proxy.mode"),
    "clusterCIDR": .init("What comes from pods is not masqueraded.", spec: "spec.network.podCIDR"),
    "healthzBindAddress": .init("Only this host reaches it: nobody is asked who he is there."),
    "metricsBindAddress": .init("Only this host reaches it: nobody is asked who he is there."),
    "conntrack": .init(
      "Zeros leave the kernel's connection table alone.",
      spec: "spec.network.proxy.conntrack"
    ),
    "featureGates": .init(
      "The mode needs the gate at this version.",
      spec: "spec.network.proxy.mode"
    ),
  ]

  /// Flags that have no effect, or no place, beside the file that holds the field.
  static let fieldOfFlag: [ServerProgram: [String: String]] = [
    .proxy: [
      "proxy-mode": "mode", "cluster-cidr": "clusterCIDR", "bind-address": "bindAddress",
      "kubeconfig": "clientConnection.kubeconfig", "healthz-bind-address": "healthzBindAddress",
      "metrics-bind-address": "metricsBindAddress", "feature-gates": "featureGates",
      "conntrack-max-per-core": "conntrack.maxPerCore", "conntrack-min": "conntrack.min",
      "conntrack-tcp-timeout-established": "conntrack.tcpEstablishedTimeout",
      "conntrack-tcp-timeout-close-wait": "conntrack.tcpCloseWaitTimeout",
    ],
    .kubelet: [
      "anonymous-auth": "authentication.anonymous.enabled",
      "authentication-token-webhook": "authentication.webhook.enabled",
      "client-ca-file": "authentication.x509.clientCAFile",
      "authorization-mode": "authorization.mode", "read-only-port": "readOnlyPort",
      "tls-cert-file": "tlsCertFile", "tls-private-key-file": "tlsPrivateKeyFile",
      "tls-min-version": "tlsMinVersion", "tls-cipher-suites": "tlsCipherSuites",
      "cluster-dns": "clusterDNS", "cluster-domain": "clusterDomain", "resolv-conf": "resolvConf",
      "max-pods": "maxPods", "pod-max-pids": "podPidsLimit", "event-qps": "eventRecordQPS",
      "eviction-hard": "evictionHard", "cgroup-driver": "cgroupDriver",
      "fail-swap-on": "failSwapOn", "protect-kernel-defaults": "protectKernelDefaults",
      "make-iptables-util-chains": "makeIPTablesUtilChains",
      "container-runtime-endpoint": "containerRuntimeEndpoint",
      "kube-reserved": "kubeReserved", "provider-id": "providerID",
      "seccomp-default": "seccompDefault", "fail-cgroupv1": "failCgroupV1",
      "register-with-taints": "registerWithTaints",
    ],
  ]
}
