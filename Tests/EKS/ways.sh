# SPDX-License-Identifier: Apache-2.0
# The three ways in which a host becomes a worker: over SSH, on the host itself, by user data.
# Sourced by scripts/end-to-end-eks after stand-in.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # those of the sourcing script

# worker_spec HOST SOURCES EKS [RUNTIME]: the host as a worker; reached over ssh, unless HOST is `here`.
worker_spec() {
  cat <<END
apiVersion: kubewright/v1alpha1
kind: Cluster
metadata: {name: workers}
spec:
  kubernetes: {version: v1.20.2}
  controlPlane:
    eks: {cloudProvider: external, authenticator: {program: /usr/local/bin/eks-token}${3:+, $3}}
  artifacts: {sources: [$2]}
  hosts:
    - name: $1
END
  # The keys by which the lab's host is reached.
  [ "$1" = here ] || "$kubewright" lab spec -f "$topology" --kubernetes v1.20.2 | awk -v host="\"$1\"" '
    /^    - name:/ {on = $3 == host}
    on && /^      ssh:/ {ssh = 1; print; next}
    on && ssh && /^        / {print; next}
    {ssh = 0}'
  cat <<END
      runtime: ${4:-"{engine: containerd}"}
      labels: {runtime: worker}
END
}

# authenticator HOST: a program of the user's own that gets tokens.
authenticator() {
  put "$1" /usr/local/bin/eks-token 755 <<'END'
#!/bin/sh
exec /usr/local/bin/kubewright eks token --cluster-name "$1"
END
}

# admin COMMAND...: with an administrator's keys, and the cloud.
admin() {
  as eks-admin "$@"
}

# held HOST: everything that the host keeps of us, byte for byte; only what the kubelet itself wrote is left out.
held() {
  # shellcheck disable=SC2016 # expands on the host
  on "$1" sh -c '
    cd / && cat /var/lib/kubewright/manifest | sort
    find /etc/kubernetes /etc/containerd /etc/cni /usr/local /opt/cni /etc/sysctl.d /etc/modules-load.d \
      /etc/systemd/system /var/lib/kubelet/config.yaml /var/lib/kubewright -type f ! -path "*/tmp/*" ! -path "*/seals/*" \
      ! -path "*/var/lib/kubewright/manifest" ! -path "*/prior/*" ! -name "per-boot*" -print0 \
      | sort -z | xargs -0 stat -c "%n %a %U:%G" 
    find /etc/kubernetes /etc/containerd /etc/cni /usr/local /opt/cni /etc/sysctl.d /etc/modules-load.d \
      /etc/systemd/system /var/lib/kubelet/config.yaml /var/lib/kubewright -type f ! -path "*/tmp/*" ! -path "*/seals/*" \
      ! -path "*/var/lib/kubewright/manifest" ! -path "*/prior/*" -print0 | sort -z | xargs -0 sha256sum'
}

# nothing_to_do SPEC: a plan over SSH finds everything as it should be.
nothing_to_do() {
  admin "$kubewright" plan -f "$1" --detailed-exitcode
}

# node_ready NODE
node_ready() {
  kubectl wait --for=condition=Ready "node/$1" --timeout=240s
}

# gone NODE: as EKS's cloud controller takes a node away whose instance is gone.
gone() {
  kubectl delete node "$1" --ignore-not-found
}

# mirror: serves programs as the projects' places do, over HTTPS; $mirror is its URL. What is published under a URL never
# changes, so other programs have another URL.
mirror() {
  edition=$(cd "$programs" && cat kubelet bridge host-local loopback portmap pause.tar busybox.tar | sha256sum | cut -c 1-12)
  site=$work/site/$edition
  version=v1.20.2
  mkdir -p "$site/$version/bin/linux/amd64" "$site/release"
  cp -L "$programs/kubelet" "$site/$version/bin/linux/amd64/kubelet"
  plugins=$site/containernetworking/plugins/releases/download/v0.8.7
  mkdir -p "$plugins"
  tar -chzf "$plugins/cni-plugins-linux-amd64-v0.8.7.tgz" -C "$programs" ./bridge ./host-local ./loopback ./portmap
  for image in pause=k8s.gcr.io_pause_3.2 busybox=kubewright.local_busybox_1; do
    mkdir -p "$site/images/amd64/${image#*=}"
    cp -L "$programs/${image%%=*}.tar" "$site/images/amd64/${image#*=}/${image%%=*}.tar"
  done
  find "$site" -type f | while read -r file; do sha256sum "$file" | cut -d ' ' -f 1 >"$file.sha256"; done
  start mirror python3 "$eks/mirror.py" --listen "$operator" --port 8443 --folder "$work/site" \
    --certificate "$state/server.crt" --key "$state/server.key"
  mirror=https://$operator:8443/$edition
}

# seed HOST FILE: user data for cloud-init, as an instance has them from its first boot on.
seed() {
  # The lab's keys and login stay as they are.
  put "$1" /etc/cloud/cloud.cfg.d/99-lab.cfg 644 <<END
ssh_deletekeys: false
disable_root: false
users: []
preserve_hostname: true
END
  put "$1" /var/lib/cloud/seed/nocloud/user-data 600 <"$2"
  put "$1" /var/lib/cloud/seed/nocloud/meta-data 644 <<END
instance-id: i-of-the-lab
END
}
