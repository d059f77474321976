// SPDX-License-Identifier: Apache-2.0

extension SpanTable {
  /// Flags of kube-controller-manager, in the form that `SpanTable` describes.
  static let controllerManager = Self(
    """
    add-dir-header 1.16-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    address -1.23 !1.11 # 1.22 release notes, PR #96216; 1.24, PR #106860
    allocate-node-cidrs -
    allow-metric-labels 1.21-
    allow-metric-labels-manifest 1.29-
    allow-untagged-cloud - !1.11
    alsologtostderr -1.25 !1.23 # klog; gone in 1.26, KEP-2845
    attach-detach-reconcile-sync-period -
    authentication-kubeconfig 1.12-
    authentication-skip-lookup -
    authentication-token-webhook-cache-ttl -
    authentication-tolerate-lookup-failure 1.14-
    authorization-always-allow-paths 1.12-
    authorization-kubeconfig 1.12-
    authorization-webhook-cache-authorized-ttl -
    authorization-webhook-cache-unauthorized-ttl -
    azure-container-registry-config -1.20
    bind-address -
    cert-dir -
    cidr-allocator-type -
    client-ca-file 1.12-
    cloud-config -
    cloud-provider -
    cloud-provider-gce-lb-src-cidrs 1.13-1.13
    cluster-cidr -
    cluster-name -
    cluster-signing-cert-file -
    cluster-signing-duration 1.19-
    cluster-signing-key-file -
    cluster-signing-kube-apiserver-client-cert-file 1.19-
    cluster-signing-kube-apiserver-client-key-file 1.19-
    cluster-signing-kubelet-client-cert-file 1.19-
    cluster-signing-kubelet-client-key-file 1.19-
    cluster-signing-kubelet-serving-cert-file 1.19-
    cluster-signing-kubelet-serving-key-file 1.19-
    cluster-signing-legacy-unknown-cert-file 1.19-
    cluster-signing-legacy-unknown-key-file 1.19-
    concurrent-cron-job-syncs 1.28-
    concurrent-daemonset-syncs 1.32-
    concurrent-deployment-syncs -
    concurrent-device-taint-eviction-syncs 1.35-
    concurrent-endpoint-syncs -
    concurrent-ephemeralvolume-syncs 1.23-
    concurrent-gc-syncs -
    concurrent-horizontal-pod-autoscaler-syncs 1.26-
    concurrent-job-syncs 1.28-
    concurrent-namespace-syncs -
    concurrent-node-status-updates 1.36-
    concurrent-node-syncs 1.27-
    concurrent-rc-syncs - # written concurrent_rc_syncs there; both spellings are accepted
    concurrent-replicaset-syncs -
    concurrent-resource-quota-syncs -
    concurrent-resourceclaim-syncs 1.36-
    concurrent-service-endpoint-syncs 1.16-
    concurrent-service-syncs -
    concurrent-serviceaccount-token-syncs -
    concurrent-statefulset-syncs 1.16-
    concurrent-ttl-after-finished-syncs 1.12-
    concurrent-validating-admission-policy-status-syncs 1.28-
    configure-cloud-routes -
    contention-profiling -
    controller-shutdown-timeout 1.35-
    controller-start-interval -
    controllers -
    deleting-pods-burst -1.24 !1.11
    deleting-pods-qps -1.24 !1.11
    deployment-controller-sync-period -1.23 !1.23
    disable-attach-detach-reconcile-sync -
    disable-force-detach-on-timeout 1.30-
    disable-http2-serving 1.31-
    disabled-metrics 1.21-
    emulated-version 1.31- # component-base compatibility/registry.go
    enable-dynamic-provisioning -
    enable-garbage-collector -
    enable-hostpath-provisioner -
    enable-leader-migration 1.21-
    enable-taint-manager -1.26 !1.25 # nodelifecyclecontroller.go of 1.25 and 1.26
    endpoint-updates-batch-period 1.16-
    endpointslice-updates-batch-period 1.18-
    experimental-cluster-signing-duration -1.24 !1.19
    experimental-logging-sanitization 1.20-1.23
    external-cloud-volume-plugin -
    feature-gates - # component-base featuregate/feature_gate.go of each minor
    flex-volume-plugin-dir -
    help -
    horizontal-pod-autoscaler-cpu-initialization-period 1.12-
    horizontal-pod-autoscaler-downscale-delay -1.30 !1.12
    horizontal-pod-autoscaler-downscale-stabilization 1.12-
    horizontal-pod-autoscaler-initial-readiness-delay 1.12-
    horizontal-pod-autoscaler-sync-period -
    horizontal-pod-autoscaler-tolerance -
    horizontal-pod-autoscaler-upscale-delay -1.30 !1.12
    horizontal-pod-autoscaler-use-rest-clients -1.23 !1.12
    http2-max-streams-per-connection -
    insecure-experimental-approve-all-kubelet-csrs-for-group -1.12 !1.11
    kube-api-burst -
    kube-api-content-type -
    kube-api-qps -
    kubeconfig -
    large-cluster-size-threshold -
    leader-elect -
    leader-elect-lease-duration -
    leader-elect-renew-deadline -
    leader-elect-resource-lock -
    leader-elect-resource-name 1.16-
    leader-elect-resource-namespace 1.16-
    leader-elect-retry-period -
    leader-migration-config 1.21-
    legacy-service-account-token-clean-up-period 1.28-
    log-backtrace-at -1.25 !1.23 # klog; gone in 1.26, KEP-2845
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
    master -
    max-endpoints-per-slice 1.16-
    min-compatibility-version 1.35- # component-base compatibility/registry.go
    min-resync-period -
    mirroring-concurrent-service-endpoint-syncs 1.19-
    mirroring-endpointslice-updates-batch-period 1.19-
    mirroring-max-endpoints-per-subset 1.19-
    namespace-sync-period -
    node-cidr-mask-size -
    node-cidr-mask-size-ipv4 1.17-
    node-cidr-mask-size-ipv6 1.17-
    node-eviction-rate -
    node-monitor-grace-period -
    node-monitor-period -
    node-startup-grace-period -
    node-sync-period - !1.11
    one-output 1.20-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    permit-address-sharing 1.21-
    permit-port-sharing 1.19-
    pod-eviction-timeout -1.26 !1.26 # nodelifecyclecontroller.go of 1.25 and 1.26
    port -1.23 !1.11 # 1.22 release notes, PR #96216; 1.24, PR #106860
    profiling -
    pv-recycler-increment-timeout-nfs -
    pv-recycler-minimum-timeout-hostpath -
    pv-recycler-minimum-timeout-nfs -
    pv-recycler-pod-template-filepath-hostpath -
    pv-recycler-pod-template-filepath-nfs -
    pv-recycler-timeout-increment-hostpath -
    pvclaimbinder-sync-period -
    register-retry-count -1.24 !1.11
    requestheader-allowed-names -
    requestheader-client-ca-file -
    requestheader-extra-headers-prefix -
    requestheader-group-headers -
    requestheader-uid-headers 1.32-
    requestheader-username-headers -
    resource-quota-sync-period -
    root-ca-file -
    route-reconciliation-period -
    secondary-node-eviction-rate -
    secure-port -
    service-account-private-key-file - !1.11
    service-cluster-ip-range -
    show-hidden-metrics-for-version 1.18-
    skip-headers 1.13-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    skip-log-headers 1.15-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    stderrthreshold -1.25 !1.23 # klog; gone in 1.26, KEP-2845
    terminated-pod-gc-threshold -
    tls-cert-file -
    tls-cipher-suites -
    tls-curve-preferences 1.36-
    tls-min-version -
    tls-private-key-file -
    tls-sni-cert-key -
    unhealthy-zone-threshold -
    use-service-account-credentials -
    v - # klog of each minor
    version - # component-base version/verflag/verflag.go of each minor
    vmodule - # klog of each minor
    volume-host-allow-local-loopback 1.20-1.30 !1.28
    volume-host-cidr-denylist 1.20-1.30 !1.28
    webhook-bind-address 1.27-
    webhook-cert-dir 1.27-
    webhook-disable-http2-serving 1.36-
    webhook-secure-port 1.27-
    webhook-tls-cert-file 1.27-
    webhook-tls-cipher-suites 1.36-
    webhook-tls-curve-preferences 1.36-
    webhook-tls-min-version 1.36-
    webhook-tls-private-key-file 1.27-
    webhook-tls-sni-cert-key 1.36-
    webhooks 1.27-
    """
  )
}
