# SPDX-License-Identifier: Apache-2.0
# A worker of the stand-in made by hand: shows that a node can join it, whatever kubewright itself does.
# Sourced after stand-in.sh.
# shellcheck shell=sh disable=SC2154 # those of the sourcing script

# hand_made_worker HOST ADDRESS PROVIDER-ID: containerd, and a kubelet that enters by a token of ours.
hand_made_worker() {
  node=ip-$(echo "$2" | tr . -).$region.compute.internal
  put "$1" /usr/local/bin/kubelet 755 <"$programs/kubelet"
  for plugin in bridge host-local loopback portmap; do put "$1" "/opt/cni/bin/$plugin" 755 <"$programs/$plugin"; done
  put "$1" /root/pause.tar 644 <"$programs/pause.tar"
  put "$1" /root/busybox.tar 644 <"$programs/busybox.tar"
  put "$1" /etc/kubernetes/pki/ca.crt 644 <"$ca.crt"
  put "$1" /etc/containerd/config.toml 644 <<END
version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "k8s.gcr.io/pause:3.2"
  restrict_oom_score_adj = true
END
  put "$1" /etc/kubernetes/kubelet.conf 600 <<END
apiVersion: v1
kind: Config
clusters: [{name: eks, cluster: {server: "https://$control_plane:6443", certificate-authority: /etc/kubernetes/pki/ca.crt}}]
contexts: [{name: eks, context: {cluster: eks, user: kubelet}}]
current-context: eks
users:
- name: kubelet
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: /usr/local/bin/kubewright
      args: [eks, token, --cluster-name, $cluster, --region, $region]
END
  put "$1" /var/lib/kubelet/config.yaml 644 <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}}
authorization: {mode: Webhook}
clusterDNS: [10.100.0.10]
clusterDomain: cluster.local
serverTLSBootstrap: true
readOnlyPort: 0
maxPods: 29
END
  put "$1" /etc/systemd/system/kubelet.service 644 <<END
[Unit]
After=containerd.service network.target
[Service]
ExecStart=/usr/local/bin/kubelet --config=/var/lib/kubelet/config.yaml --kubeconfig=/etc/kubernetes/kubelet.conf \\
  --cloud-provider=external --hostname-override=$node --node-ip=$2 --node-labels=runtime=containerd \\
  --container-runtime=remote --container-runtime-endpoint=unix:///run/containerd/containerd.sock \\
  --pod-infra-container-image=k8s.gcr.io/pause:3.2 --provider-id=$3
Restart=always
RestartSec=2
[Install]
WantedBy=multi-user.target
END
  # shellcheck disable=SC2016 # expands on the host
  on "$1" sh -c 'sysctl -qw net.ipv4.ip_forward=1 vm.overcommit_memory=1 kernel.panic=10 kernel.panic_on_oops=1
    systemctl restart containerd
    for image in pause busybox; do ctr -n k8s.io images import "/root/$image.tar" >/dev/null; done
    systemctl daemon-reload && systemctl enable --quiet containerd kubelet && systemctl restart kubelet'
}
