// SPDX-License-Identifier: Apache-2.0

extension SpanTable {
  /// Flags of kube-apiserver, in the form that `SpanTable` describes.
  static let apiServer = Self(
    """
    add-dir-header 1.16-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    address -1.23 !1.10 # 1.24 release notes, PR #106859
    admission-control - !1.10 # pkg/kubeapiserver/options/admission.go of 1.11 and 1.36
    admission-control-config-file -
    advertise-address -
    aggregator-reject-forwarding-redirect 1.25-
    allow-metric-labels 1.21-
    allow-metric-labels-manifest 1.29-
    allow-privileged -
    alsologtostderr -1.25 !1.23 # klog; gone in 1.26, KEP-2845
    anonymous-auth -
    api-audiences 1.13- # 1.13 release notes, PR #70308
    apiserver-count - !1.24 # 1.24 release notes, PR #108062
    audit-dynamic-configuration 1.13-1.18
    audit-log-batch-buffer-size -
    audit-log-batch-max-size -
    audit-log-batch-max-wait -
    audit-log-batch-throttle-burst -
    audit-log-batch-throttle-enable -
    audit-log-batch-throttle-qps -
    audit-log-compress 1.20-
    audit-log-format -
    audit-log-maxage -
    audit-log-maxbackup -
    audit-log-maxsize -
    audit-log-mode -
    audit-log-path -
    audit-log-truncate-enabled -
    audit-log-truncate-max-batch-size -
    audit-log-truncate-max-event-size -
    audit-log-version -
    audit-policy-file -
    audit-webhook-batch-buffer-size -
    audit-webhook-batch-initial-backoff - !1.11
    audit-webhook-batch-max-size -
    audit-webhook-batch-max-wait -
    audit-webhook-batch-throttle-burst -
    audit-webhook-batch-throttle-enable -
    audit-webhook-batch-throttle-qps -
    audit-webhook-config-file -
    audit-webhook-initial-backoff -
    audit-webhook-mode -
    audit-webhook-truncate-enabled -
    audit-webhook-truncate-max-batch-size -
    audit-webhook-truncate-max-event-size -
    audit-webhook-version -
    authentication-config 1.29- # 1.29 release notes, PR #119142
    authentication-token-webhook-cache-ttl -
    authentication-token-webhook-config-file -
    authentication-token-webhook-version 1.17-
    authorization-config 1.29- # 1.29 release notes, PR #120154
    authorization-mode -
    authorization-policy-file -
    authorization-webhook-cache-authorized-ttl -
    authorization-webhook-cache-unauthorized-ttl -
    authorization-webhook-config-file -
    authorization-webhook-version 1.17-
    azure-container-registry-config -1.20
    basic-auth-file -1.18 !1.16 # 1.16 and 1.19 release notes
    bind-address -
    cert-dir -
    client-ca-file -
    cloud-config -1.32 !1.29 # 1.29 release notes, PR #120903; 1.33, PR #130162
    cloud-provider -1.32 !1.29 # 1.29 release notes, PR #120903; 1.33, PR #130162
    cloud-provider-gce-l7lb-src-cidrs 1.17-1.20
    cloud-provider-gce-lb-src-cidrs -1.30 !1.16
    contention-profiling -
    coordinated-leadership-lease-duration 1.34-
    coordinated-leadership-renew-deadline 1.34-
    coordinated-leadership-retry-period 1.34-
    cors-allowed-origins -
    debug-socket-path 1.27-
    default-not-ready-toleration-seconds 1.13-1.20
    default-unreachable-toleration-seconds 1.13-1.20
    default-watch-cache-size - !1.25
    delete-collection-workers -
    deserialization-cache-size -1.23 !1.13
    disable-admission-plugins - # 1.10 changelog, PR #58123
    disable-http2-serving 1.31-
    disabled-metrics 1.21-
    egress-selector-config-file 1.16-
    emulated-version 1.31- # component-base compatibility/registry.go
    emulation-forward-compatible 1.33-
    enable-admission-plugins - # 1.10 changelog, PR #58123
    enable-aggregator-routing -
    enable-bootstrap-token-auth -
    enable-garbage-collector -
    enable-inflight-quota-handler 1.15-1.17
    enable-logs-handler - !1.15
    enable-priority-and-fairness 1.18-
    enable-swagger-ui -1.23 !1.14 # kubernetes/apiserver pkg/server/options/feature.go
    encryption-provider-config 1.13- # 1.13 release notes, PR #71206
    encryption-provider-config-automatic-reload 1.26- # 1.26 release notes, PR #113529
    endpoint-reconciler-type -
    etcd-cafile -
    etcd-certfile -
    etcd-compaction-interval -
    etcd-count-metric-poll-period -
    etcd-db-metric-poll-interval 1.19-
    etcd-healthcheck-timeout 1.20-
    etcd-keyfile -
    etcd-prefix -
    etcd-quorum-read -1.12 !1.11
    etcd-readycheck-timeout 1.25-
    etcd-servers -
    etcd-servers-overrides -
    event-ttl -
    experimental-encryption-provider-config -1.23 !1.13 # 1.13 notes, PR #71206; 1.24, PR #108423
    experimental-logging-sanitization 1.20-1.23
    external-hostname -
    feature-gates - # component-base featuregate/feature_gate.go of each minor
    goaway-chance 1.18-
    help -
    http2-max-streams-per-connection -
    identity-lease-duration-seconds 1.20-1.25
    identity-lease-renew-interval-seconds 1.20-1.25
    insecure-bind-address -1.23 !1.10 # 1.20 changelog, PR #95856; 1.24 release notes, PR #106859
    insecure-port -1.23 !1.10 # 1.20 changelog, PR #95856; 1.24 release notes, PR #106859
    kubelet-certificate-authority -
    kubelet-client-certificate -
    kubelet-client-key -
    kubelet-https -1.21 !1.19 # 1.19 release notes, PR #91630; PR #101178
    kubelet-port - !1.11
    kubelet-preferred-address-types -
    kubelet-read-only-port - !1.11
    kubelet-timeout -
    kubernetes-service-node-port -
    lease-reuse-duration-seconds 1.21-
    livez-grace-period 1.16-
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
    master-service-namespace -1.26 !1.26 # 1.26 release notes, PR #112797; 1.27, PR #114446
    max-connection-bytes-per-sec -
    max-mutating-requests-inflight -
    max-requests-inflight -
    min-compatibility-version 1.35- # component-base compatibility/registry.go
    min-request-timeout -
    oidc-ca-file -
    oidc-client-id -
    oidc-groups-claim -
    oidc-groups-prefix -
    oidc-issuer-url -
    oidc-required-claim -
    oidc-signing-algs -
    oidc-username-claim -
    oidc-username-prefix -
    one-output 1.20-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    peer-advertise-ip 1.28-
    peer-advertise-port 1.28-
    peer-ca-file 1.28-
    permit-address-sharing 1.21-
    permit-port-sharing 1.19-
    port -1.23 !1.10 # 1.24 release notes, PR #106859
    profiling -
    proxy-client-cert-file -
    proxy-client-key-file -
    repair-malformed-updates -1.13 !1.11
    request-timeout -
    requestheader-allowed-names -
    requestheader-client-ca-file -
    requestheader-extra-headers-prefix -
    requestheader-group-headers -
    requestheader-uid-headers 1.32-
    requestheader-username-headers -
    runtime-config -
    runtime-config-emulation-forward-compatible 1.33-
    secure-port -
    send-retry-after-while-not-ready-once 1.25-
    service-account-api-audiences -1.24 !1.13 # 1.13 release notes, PR #70308
    service-account-extend-token-expiration 1.19-
    service-account-issuer -
    service-account-jwks-uri 1.18-
    service-account-key-file -
    service-account-lookup -
    service-account-max-token-expiration 1.12-
    service-account-signing-endpoint 1.32-
    service-account-signing-key-file -
    service-cluster-ip-range -
    service-node-port-range -
    show-hidden-metrics-for-version 1.17-
    shutdown-delay-duration 1.16-
    shutdown-send-retry-after 1.23-
    shutdown-watch-termination-grace-period 1.27-
    skip-headers 1.13-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    skip-log-headers 1.15-1.25 !1.23 # klog; gone in 1.26, KEP-2845
    ssh-keyfile -1.21 !1.9 # 1.22 release notes, PR #102297
    ssh-user -1.21 !1.9 # 1.22 release notes, PR #102297
    stderrthreshold -1.25 !1.23 # klog; gone in 1.26, KEP-2845
    storage-backend -
    storage-initialization-timeout 1.31-
    storage-media-type -
    storage-versions -1.13 !1.12
    strict-transport-security-directives 1.21-
    target-ram-mb -1.23 !1.19
    tls-cert-file -
    tls-cipher-suites -
    tls-curve-preferences 1.36- # 1.36 release notes, PR #137115
    tls-min-version -
    tls-private-key-file -
    tls-sni-cert-key -
    token-auth-file -
    tracing-config-file 1.22-
    v - # klog of each minor
    version - # component-base version/verflag/verflag.go of each minor
    vmodule - # klog of each minor
    watch-cache -
    watch-cache-sizes -
    """
  )
}
