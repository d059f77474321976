// SPDX-License-Identifier: Apache-2.0

extension SpanTable {
  /// Flags of kube-proxy, in the form that `SpanTable` describes.
  static let proxy = Self(
    """
    add-dir-header 1.16-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    alsologtostderr -1.25 !1.23 # klog; gone in 1.26, KEP-2845
    azure-container-registry-config -1.20
    bind-address -
    bind-address-hard-fail 1.19-
    cleanup -
    cleanup-iptables -1.14 !1.11
    cleanup-ipvs -1.20 !1.17
    cluster-cidr -
    config -
    config-sync-period -
    conntrack-max -1.14 !1.11 # 1.15 release notes, PR #78399
    conntrack-max-per-core -
    conntrack-min -
    conntrack-tcp-be-liberal 1.29- # 1.29 release notes, PR #120354
    conntrack-tcp-timeout-close-wait -
    conntrack-tcp-timeout-established -
    conntrack-udp-timeout 1.29- # 1.29 release notes, PR #120808
    conntrack-udp-timeout-stream 1.29- # 1.29 release notes, PR #120808
    detect-local-mode 1.18-
    feature-gates - # component-base featuregate/feature_gate.go of each minor
    healthz-bind-address -
    healthz-port - !1.18
    help -
    hostname-override -
    init-only 1.29-
    iptables-localhost-nodeports 1.26-
    iptables-masquerade-bit -
    iptables-min-sync-period -
    iptables-sync-period -
    ipvs-exclude-cidrs -
    ipvs-min-sync-period -
    ipvs-scheduler -
    ipvs-strict-arp 1.15-
    ipvs-sync-period -
    ipvs-tcp-timeout 1.18-
    ipvs-tcpfin-timeout 1.18-
    ipvs-udp-timeout 1.18-
    kube-api-burst -
    kube-api-content-type -
    kube-api-qps -
    kubeconfig -
    log-backtrace-at -1.25 !1.23 # klog; gone in 1.26, KEP-2845
    log-dir -1.25 !1.23 # klog; gone in 1.26, KEP-2845
    log-file 1.13-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    log-file-max-size 1.15-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    log-flush-frequency - # component-base logs/logs.go of each minor
    log-json-info-buffer-size 1.28- # cmd/kube-proxy/app/options.go
    log-json-split-stream 1.28- # cmd/kube-proxy/app/options.go
    log-text-info-buffer-size 1.30-
    log-text-split-stream 1.30-
    logging-format 1.28- # cmd/kube-proxy/app/options.go
    logtostderr -1.25 !1.23 # klog; gone in 1.26, KEP-2845
    masquerade-all -
    master -
    metrics-bind-address -
    metrics-port 1.14- !1.18
    nodeport-addresses -
    one-output 1.20-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    oom-score-adj -
    pod-bridge-interface 1.25-
    pod-interface-name-prefix 1.25-
    profiling -
    proxy-mode -
    proxy-port-range -1.30 !1.29
    resource-container -1.15 !1.11
    show-hidden-metrics-for-version 1.18-
    skip-headers 1.13-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    skip-log-headers 1.15-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    stderrthreshold -1.25 !1.23 # klog; gone in 1.26, KEP-2845
    udp-timeout -1.25
    v - # klog of each minor
    version - # component-base version/verflag/verflag.go of each minor
    vmodule - # klog of each minor
    write-config-to -
    """
  )
}
