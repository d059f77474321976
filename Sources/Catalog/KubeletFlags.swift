// SPDX-License-Identifier: Apache-2.0

extension SpanTable {
  /// Flags of kubelet, in the form that `SpanTable` describes.
  static let kubelet = Self(
    """
    add-dir-header 1.16-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    address -
    allow-privileged -1.14 !1.11 # 1.15 release notes, PR #77820
    allowed-unsafe-sysctls -
    alsologtostderr -1.25 !1.23 # klog; gone in 1.26, KEP-2845
    anonymous-auth -
    application-metrics-count-limit - !1.16 # globalflags_linux.go of each minor
    authentication-token-webhook -
    authentication-token-webhook-cache-ttl -
    authorization-mode -
    authorization-webhook-cache-authorized-ttl -
    authorization-webhook-cache-unauthorized-ttl -
    azure-container-registry-config -1.29 !1.28
    boot-id-file - !1.16 # globalflags_linux.go of each minor
    bootstrap-checkpoint-path -1.18
    bootstrap-kubeconfig -
    cadvisor-port -1.11 !1.11
    cert-dir -
    cgroup-driver -
    cgroup-root -
    cgroups-per-qos -
    chaos-chance -1.21 !1.19
    client-ca-file -
    cloud-config -1.33 !1.19
    cloud-provider - !1.19
    cloud-provider-gce-lb-src-cidrs 1.12-1.15
    cluster-dns -
    cluster-domain -
    cni-bin-dir -1.23 !1.21
    cni-cache-dir 1.16-1.23 !1.21
    cni-conf-dir -1.23 !1.21
    config -
    config-dir 1.28- # 1.28 release notes, PR #119390; needs an environment variable before 1.30
    container-hints - !1.16 # globalflags_linux.go of each minor
    container-log-max-files -
    container-log-max-size -
    container-runtime -1.26 !1.24 # 1.24 release notes, PR #107094; 1.27, PR #114017
    container-runtime-endpoint -
    containerd - !1.16 # globalflags_linux.go of each minor
    containerd-namespace 1.20- # globalflags_linux.go of each minor
    containerized -1.15 !1.14
    contention-profiling -
    cpu-cfs-quota -
    cpu-cfs-quota-period 1.12-
    cpu-manager-policy -
    cpu-manager-policy-options 1.22-
    cpu-manager-reconcile-period -
    docker -1.23 !1.16 # globalflags_linux.go of each minor
    docker-disable-shared-pid -1.11 !1.11
    docker-endpoint -1.23 !1.21
    docker-env-metadata-whitelist -1.23 !1.16 # globalflags_linux.go of each minor
    docker-only -1.23 !1.16 # globalflags_linux.go of each minor
    docker-root -1.23 !1.16 # globalflags_linux.go of each minor
    docker-tls -1.23 !1.16 # globalflags_linux.go of each minor
    docker-tls-ca -1.23 !1.16 # globalflags_linux.go of each minor
    docker-tls-cert -1.23 !1.16 # globalflags_linux.go of each minor
    docker-tls-key -1.23 !1.16 # globalflags_linux.go of each minor
    dynamic-config-dir -1.23 !1.22
    enable-cadvisor-json-apis 1.15-1.16 !1.15
    enable-cadvisor-json-endpoints 1.15-1.20 !1.17
    enable-controller-attach-detach -
    enable-debugging-handlers -
    enable-load-reader - !1.16 # globalflags_linux.go of each minor
    enable-server -
    enforce-node-allocatable -
    event-burst -
    event-qps -
    event-storage-age-limit - !1.16 # globalflags_linux.go of each minor
    event-storage-event-limit - !1.16 # globalflags_linux.go of each minor
    eviction-hard -
    eviction-max-pod-grace-period -
    eviction-minimum-reclaim -
    eviction-pressure-transition-period -
    eviction-soft -
    eviction-soft-grace-period -
    exit-on-lock-contention -
    experimental-allocatable-ignore-eviction - !1.19
    experimental-bootstrap-kubeconfig -1.22 !1.11
    experimental-check-node-capabilities-before-mount -1.23 !1.19
    experimental-dockershim -1.18
    experimental-dockershim-root-directory -1.23
    experimental-fail-swap-on -1.13 !1.11
    experimental-kernel-memcg-notification -1.24
    experimental-logging-sanitization 1.20-1.23
    experimental-mounter-path - !1.19
    fail-cgroupv1 1.31- # 1.35 release notes, PR #134298: true by default from then
    fail-swap-on -
    feature-gates - # component-base featuregate/feature_gate.go of each minor
    file-check-frequency -
    global-housekeeping-interval - !1.16 # globalflags_linux.go of each minor
    google-json-key 1.12-1.15
    hairpin-mode -
    healthz-bind-address -
    healthz-port -
    help -
    host-ipc-sources -1.14 !1.11
    host-network-sources -1.14 !1.11
    host-pid-sources -1.14 !1.11
    hostname-override -
    housekeeping-interval - # globalflags_linux.go of each minor
    http-check-frequency -
    image-credential-provider-bin-dir 1.20- # 1.20 release notes, PR #94196
    image-credential-provider-config 1.20- # 1.20 release notes, PR #94196
    image-gc-high-threshold -
    image-gc-low-threshold -
    image-pull-progress-deadline -1.23 !1.21
    image-service-endpoint -
    iptables-drop-bit -1.30 !1.28 # 1.31 release notes, PR #122363
    iptables-masquerade-bit -1.30 !1.28 # 1.31 release notes, PR #122363
    keep-terminated-pod-volumes -1.30 !1.11 # 1.31 release notes, PR #122082
    kernel-memcg-notification 1.19-
    kube-api-burst -
    kube-api-content-type -
    kube-api-qps -
    kube-reserved -
    kube-reserved-cgroup -
    kubeconfig -
    kubelet-cgroups -
    local-storage-capacity-isolation 1.25-
    lock-file -
    log-backtrace-at -1.25 !1.23 # klog; gone in 1.26, KEP-2845
    log-cadvisor-usage - !1.16 # globalflags_linux.go of each minor
    log-dir -1.25 !1.23 # klog; gone in 1.26, KEP-2845
    log-file 1.13-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    log-file-max-size 1.15-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    log-flush-frequency - # component-base logs/logs.go of each minor
    log-json-info-buffer-size 1.23-
    log-json-split-stream 1.23-
    log-text-info-buffer-size 1.30-
    log-text-split-stream 1.30-
    logging-format 1.19- # component-base logs/options.go
    logtostderr -1.25 !1.23 # klog; gone in 1.26, KEP-2845
    machine-id-file - !1.16 # globalflags_linux.go of each minor
    make-iptables-util-chains -
    manifest-url -
    manifest-url-header -
    master-service-namespace -1.26 !1.11 # 1.27 release notes, PR #116015
    max-housekeeping-interval 1.23- # globalflags_linux.go of each minor
    max-open-files -
    max-pods -
    maximum-dead-containers - !1.11
    maximum-dead-containers-per-container - !1.11
    memory-manager-policy 1.21-
    minimum-container-ttl-duration - !1.11
    minimum-image-ttl-duration -
    network-plugin -1.23 !1.21 # 1.24 release notes, PR #106907
    network-plugin-mtu -1.23 !1.21
    node-ip -
    node-labels -
    node-status-max-images -
    node-status-update-frequency -
    non-masquerade-cidr -1.23 !1.11 # 1.24 release notes, PR #107096
    one-output 1.20-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    oom-score-adj -
    pod-cidr -
    pod-infra-container-image -1.34 !1.24 # 1.24 release notes, PR #108045; 1.35, PR #133779
    pod-manifest-path -
    pod-max-pids -
    pods-per-core -
    port -
    protect-kernel-defaults -
    provider-id -
    qos-reserved -
    read-only-port -
    really-crash-for-testing -1.23 !1.19
    redirect-container-streaming -1.21 !1.18
    register-node -
    register-schedulable -1.33 !1.11 # 1.34 release notes, PR #122384
    register-with-taints -
    registry-burst -
    registry-qps -
    reserved-cpus 1.17-
    reserved-memory 1.21-
    resolv-conf -
    root-dir -
    rotate-certificates -
    rotate-server-certificates 1.12-
    runonce - !1.19 # 1.32 release notes, PR #126336: from then an error when used
    runtime-cgroups -
    runtime-request-timeout -
    seccomp-default 1.22-
    seccomp-profile-root -1.22 !1.19
    serialize-image-pulls -
    skip-headers 1.15-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    skip-log-headers 1.15-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    stderrthreshold -1.25 !1.23 # klog; gone in 1.26, KEP-2845
    storage-driver-buffer-duration - !1.16 # globalflags_linux.go of each minor
    storage-driver-db - !1.16 # globalflags_linux.go of each minor
    storage-driver-host - !1.16 # globalflags_linux.go of each minor
    storage-driver-password - !1.16 # globalflags_linux.go of each minor
    storage-driver-secure - !1.16 # globalflags_linux.go of each minor
    storage-driver-table - !1.16 # globalflags_linux.go of each minor
    storage-driver-user - !1.16 # globalflags_linux.go of each minor
    streaming-connection-idle-timeout -
    sync-frequency -
    system-cgroups -
    system-reserved -
    system-reserved-cgroup -
    tls-cert-file -
    tls-cipher-suites -
    tls-min-version -
    tls-private-key-file -
    topology-manager-policy 1.16-
    topology-manager-policy-options 1.26-
    topology-manager-scope 1.20-
    v - # klog of each minor
    version - # component-base version/verflag/verflag.go of each minor
    vmodule - # klog of each minor
    volume-plugin-dir -
    volume-stats-agg-period -
    """
  )
}
