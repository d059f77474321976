// SPDX-License-Identifier: Apache-2.0

/// Where things lie on a host: the paths that kubeadm's users, kube-bench and people expect.
enum Layout {
  static let binaries = "/usr/local/bin"
  static let kubernetes = "/etc/kubernetes"
  static let pki = "/etc/kubernetes/pki"
  /// etcd's own keys lie apart: CIS 1.1.19 wants root:root below /etc/kubernetes/pki, and etcd runs as
  /// its own user.
  static let etcdPKI = "/etc/etcd/pki"
  static let etcdData = "/var/lib/etcd"
  static let auditLogs = "/var/log/kubernetes/audit"
  static let auditPolicy = "/etc/kubernetes/audit-policy.yaml"
  static let encryption = "/etc/kubernetes/encryption-config.yaml"
  static let controllerManagerKubeconfig = "/etc/kubernetes/controller-manager.conf"
  static let schedulerKubeconfig = "/etc/kubernetes/scheduler.conf"
  static let kubeletKubeconfig = "/etc/kubernetes/kubelet.conf"
  static let proxyKubeconfig = "/etc/kubernetes/proxy.conf"
  static let kubelet = "/var/lib/kubelet"
  static let kubeletConfig = "/var/lib/kubelet/config.yaml"
  static let kubeletPKI = "/var/lib/kubelet/pki"
  static let proxy = "/var/lib/kube-proxy"
  static let proxyConfig = "/var/lib/kube-proxy/config.yaml"
  static let cniPrograms = "/opt/cni/bin"
  static let cniConfigurations = "/etc/cni/net.d"
  static let images = "/var/lib/kubewright/images"
  static let networkScript = "/usr/local/libexec/kubewright-network"
  static let containerdConfig = "/etc/containerd/config.toml"
  static let dockerConfig = "/etc/docker/daemon.json"
  static let dockershim = "/var/lib/dockershim"
  static let criDockerSocket = "unix:///run/cri-dockerd.sock"
  static let flannelKubeconfig = "/etc/kubernetes/flannel.conf"
  static let flannelNetwork = "/etc/kube-flannel/net-conf.json"
  static let conntrackOptions = "/etc/modprobe.d/kubewright-conntrack.conf"
  /// All of ours that outlives a reload of EOS.
  static let flash = "/mnt/flash/kubernetes"
  static let containerdSocket = "unix:///run/containerd/containerd.sock"
}
