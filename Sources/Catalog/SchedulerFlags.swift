// SPDX-License-Identifier: Apache-2.0

extension SpanTable {
  /// Flags of kube-scheduler, in the form that `SpanTable` describes.
  static let scheduler = Self(
    """
    add-dir-header 1.16-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    address -1.23 !1.13 # 1.13 release notes, PR #69663; 1.23, PR #96345
    algorithm-provider -1.21 !1.11 # 1.22 release notes, PR #102239
    allow-metric-labels 1.21-
    allow-metric-labels-manifest 1.29-
    alsologtostderr -1.25 !1.23 # klog; gone in 1.26, KEP-2845
    authentication-kubeconfig 1.13-
    authentication-skip-lookup -
    authentication-token-webhook-cache-ttl -
    authentication-tolerate-lookup-failure 1.14-
    authorization-always-allow-paths 1.12-
    authorization-kubeconfig 1.13-
    authorization-webhook-cache-authorized-ttl -
    authorization-webhook-cache-unauthorized-ttl -
    azure-container-registry-config -1.20
    bind-address 1.13-
    cert-dir 1.13-
    client-ca-file 1.13-
    config -
    contention-profiling - !1.11
    disable-http2-serving 1.31-
    disabled-metrics 1.21-
    emulated-version 1.31- # component-base compatibility/registry.go
    experimental-logging-sanitization 1.20-1.23
    failure-domains -1.14 !1.11
    feature-gates - # component-base featuregate/feature_gate.go of each minor
    hard-pod-affinity-symmetric-weight -1.21 !1.11
    help -
    http2-max-streams-per-connection -
    kube-api-burst - !1.11
    kube-api-content-type - !1.11
    kube-api-qps - !1.11
    kubeconfig - !1.11
    leader-elect -
    leader-elect-lease-duration -
    leader-elect-renew-deadline -
    leader-elect-resource-lock -
    leader-elect-resource-name 1.16-
    leader-elect-resource-namespace 1.16-
    leader-elect-retry-period -
    lock-object-name -1.27 !1.11
    lock-object-namespace -1.27 !1.11
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
    min-compatibility-version 1.35- # component-base compatibility/registry.go
    one-output 1.20-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    permit-address-sharing 1.21-
    permit-port-sharing 1.19-
    pod-max-in-unschedulable-pods-duration 1.24- !1.24
    policy-config-file -1.22 !1.11 # 1.23 release notes, PR #105424
    policy-configmap -1.22 !1.11 # 1.23 release notes, PR #105424
    policy-configmap-namespace -1.22 !1.11 # 1.23 release notes, PR #105424
    port -1.23 !1.13 # 1.13 release notes, PR #69663; 1.23, PR #96345
    profiling - !1.11
    requestheader-allowed-names -
    requestheader-client-ca-file -
    requestheader-extra-headers-prefix -
    requestheader-group-headers -
    requestheader-uid-headers 1.32-
    requestheader-username-headers -
    scheduler-name -1.21 !1.11
    secure-port 1.13- # 1.13 release notes, PR #69663
    show-hidden-metrics-for-version 1.18-
    skip-headers 1.13-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    skip-log-headers 1.15-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    stderrthreshold -1.25 !1.23 # klog; gone in 1.26, KEP-2845
    tls-cert-file 1.13-
    tls-cipher-suites 1.13-
    tls-curve-preferences 1.36-
    tls-min-version 1.13-
    tls-private-key-file 1.13-
    tls-sni-cert-key -
    use-legacy-policy-config -1.22 !1.11 # 1.23 release notes, PR #105424
    v - # klog of each minor
    version - # component-base version/verflag/verflag.go of each minor
    vmodule - # klog of each minor
    write-config-to -
    """
  )
}
