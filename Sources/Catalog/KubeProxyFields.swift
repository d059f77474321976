// SPDX-License-Identifier: Apache-2.0

extension SpanTable {
  /// Fields of KubeProxyConfiguration in the form of `SpanTable`; a dot goes into a struct.
  static let proxyFields = Self(
    """
    bindAddress -
    bindAddressHardFail 1.19-
    clientConnection -
    clientConnection.acceptContentTypes -
    clientConnection.burst -
    clientConnection.contentType -
    clientConnection.kubeconfig -
    clientConnection.qps -
    clusterCIDR -
    configSyncPeriod -
    conntrack -
    conntrack.max -1.14
    conntrack.maxPerCore -
    conntrack.min -
    conntrack.tcpBeLiberal 1.29-
    conntrack.tcpCloseWaitTimeout -
    conntrack.tcpEstablishedTimeout -
    conntrack.udpStreamTimeout 1.29-
    conntrack.udpTimeout 1.29-
    detectLocal 1.24-
    detectLocal.bridgeInterface 1.24-
    detectLocal.interfaceNamePrefix 1.24-
    detectLocalMode 1.18-
    enableProfiling -
    featureGates -
    healthzBindAddress -
    hostnameOverride -
    iptables -
    iptables.localhostNodePorts 1.26-
    iptables.masqueradeAll -
    iptables.masqueradeBit -
    iptables.minSyncPeriod -
    iptables.syncPeriod -
    ipvs -
    ipvs.excludeCIDRs 1.12-
    ipvs.minSyncPeriod -
    ipvs.scheduler -
    ipvs.strictARP 1.15-
    ipvs.syncPeriod -
    ipvs.tcpFinTimeout 1.18-
    ipvs.tcpTimeout 1.18-
    ipvs.udpTimeout 1.18-
    logging 1.28-
    logging.flushFrequency 1.28-
    logging.format 1.28-
    logging.options 1.28-
    logging.options.json 1.28-
    logging.options.json.infoBufferSize 1.28-
    logging.options.json.splitStream 1.28-
    logging.options.text 1.30-
    logging.options.text.infoBufferSize 1.30-
    logging.options.text.splitStream 1.30-
    logging.verbosity 1.28-
    logging.vmodule 1.28-
    metricsBindAddress -
    mode -
    nftables 1.29-
    nftables.masqueradeAll 1.29-
    nftables.masqueradeBit 1.29-
    nftables.minSyncPeriod 1.29-
    nftables.syncPeriod 1.29-
    nodePortAddresses -
    oomScoreAdj -
    portRange -
    resourceContainer -1.15
    showHiddenMetricsForVersion 1.18-
    udpIdleTimeout -1.25
    windowsRunAsService 1.31-
    winkernel 1.14-
    winkernel.enableDSR 1.14-
    winkernel.forwardHealthCheckVip 1.24-
    winkernel.networkName 1.14-
    winkernel.rootHnsEndpointName 1.24-
    winkernel.sourceVip 1.14-
    """,
    source: "kubernetes/kube-proxy config/v1alpha1/types.go, tags kubernetes-1.12.0 to v0.36.0"
  )
}
