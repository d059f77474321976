// SPDX-License-Identifier: Apache-2.0

/// What a minor does, needs or refuses, where neither a flag nor a field tells.
package enum Feature: String, Sendable, CaseIterable {
  /// The kubelet drives Docker Engine itself; afterwards only cri-dockerd does.
  case dockershim
  /// The API server serves plain HTTP when asked to.
  case insecureServing
  /// The API server refuses to start without a service account issuer and signing key.
  case serviceAccountIssuerRequired
  /// Each service account gets a token Secret that never expires.
  case tokenSecrets
  /// PodSecurityPolicy objects are served.
  case podSecurityPolicy
  /// Pod security admission is on without a feature gate.
  case podSecurity
  /// Jobs are removed some time after they finish, without a feature gate.
  case ttlAfterFinished
  /// RuntimeClass objects are served without a CRD.
  case runtimeClass
  /// The kubelet refuses to set most labels under kubernetes.io on its own node.
  case nodeLabelsRestricted
  /// The kubelet asks for a serving certificate (serverTLSBootstrap) without a feature gate.
  case serverTLSBootstrap
  /// The kubelet's seccompDefault works without a feature gate.
  case seccompDefault
  /// The kubelet reads drop-in files (--config-dir) without an environment variable.
  case kubeletDropIns
  /// The kubelet asks the runtime for the cgroup driver, without a feature gate.
  case cgroupDriverFromRuntime
  /// The kubelet works on cgroup v2.
  case cgroupV2
  /// The kubelet stops on cgroup v1 unless failCgroupV1 is false.
  case cgroupV1Refused
  /// CRI-O reads files in /etc/crio/crio.conf.d; CRI-O's features go by its own minor.
  case crioDropIns
  /// CRI-O looks for a runtime whose path is empty in PATH.
  case crioRuntimeFromPath
  /// CRI-O looks for conmon in PATH where its path is empty.
  case crioConmonFromPath
  /// CRI-O has a seccomp profile of its own where no file is named.
  case crioBuiltInSeccomp
  /// CRI-O reads registries.conf in its form with unqualified-search-registries.
  case crioSearchRegistries
  /// CRI-O reads files in /etc/containers/registries.conf.d.
  case crioRegistriesDropIns
  /// CRI-O forwards ports of pods by the program socat.
  case crioSocat
  /// CRI-O goes by the annotation io.kubernetes.cri-o.TrustedSandbox.
  case crioTrustedSandbox
  /// The API server keeps a RuntimeClass's scheduling, without a feature gate.
  case runtimeClassScheduling
  /// The API server keeps a RuntimeClass's overhead, without a feature gate.
  case runtimeClassOverhead
  /// kube-proxy needs the conntrack program.
  case conntrackProgram
  /// kube-proxy's nftables mode works without a feature gate.
  case nftablesProxy
  /// The kubelet enters ECR by itself.
  case kubeletECRCredentials
  /// Cloud providers within the Kubernetes programs.
  case cloudProviderAWS
  case cloudProviderAzure
  case cloudProviderGCE
  case cloudProviderOpenStack
  case cloudProviderVSphere
  /// Programs refuse serving certificates that have a common name but no alternative name.
  case alternativeNamesRequired
  /// A file of kube-proxy or the scheduler with an unknown field is refused.
  case strictConfiguration
  /// Programs for 32-bit ARM are published.
  case publishedForARM
  /// Every program is also in one multi-call binary, hyperkube.
  case hyperkube
}

extension SpanTable {
  /// The minors that have each `Feature`.
  static let features = Self(
    """
    alternativeNamesRequired 1.19- # 1.19 release notes: Go 1.15 ignores common names
    cgroupDriverFromRuntime 1.31- # 1.28 release notes, PR #118770; 1.31, PR #125828
    cgroupV1Refused 1.35- # 1.35 release notes, PR #134298
    cgroupV2 1.19- # kubernetes 1.19 pkg/kubelet/cm
    cloudProviderAWS -1.26 # legacy-cloud-providers of 1.26, absent from 1.27
    cloudProviderAzure -1.29 # 1.30 release notes, PR #122857
    cloudProviderGCE -1.30 # 1.31 release notes, PR #124519
    cloudProviderOpenStack -1.25 # legacy-cloud-providers of 1.25, absent from 1.26
    cloudProviderVSphere -1.29 # 1.30 release notes, PR #122937
    conntrackProgram -1.31 # 1.32 release notes, PR #126847
    crioBuiltInSeccomp 1.15- # docs/crio.conf.5.md of 1.14 and 1.15
    crioConmonFromPath 1.16- # cri-o v1.15.4 lib/config/config.go, v1.16.6 pkg/config/config.go
    crioDropIns 1.17- # cri-o v1.17.0 pkg/config/config.go, docs/crio.8.md
    crioRegistriesDropIns 1.18- # containers/image as vendored in cri-o v1.18.0
    crioRuntimeFromPath 1.15- # cri-o v1.14.12 lib/config.go, v1.15.4 lib/config/config.go
    crioSearchRegistries 1.15- # containers/image as vendored in cri-o v1.14.0 and v1.15.0
    crioSocat -1.18 # cri-o server/container_portforward.go of 1.11, internal/oci/runtime_oci.go of 1.18; PR #3749
    crioTrustedSandbox -1.13 # cri-o pkg/annotations/annotations.go of 1.13 and 1.14
    dockershim -1.23 !1.20 # 1.20 release notes, PR #94624; 1.24, PR #106907; KEP-2221
    hyperkube -1.16 !1.16 # 1.17 release notes, PR #83454
    insecureServing -1.19 !1.10 # 1.20 changelog, PR #95856
    kubeletDropIns 1.30- # 1.30 release notes, PR #122907
    kubeletECRCredentials -1.26 # 1.27 release notes, PR #116329
    nftablesProxy 1.31- # 1.31 release notes, PR #124383
    nodeLabelsRestricted 1.16- # cmd/kubelet/app/options/options.go of 1.15 and 1.16
    podSecurity 1.23- # 1.23 release notes, PR #106089
    podSecurityPolicy -1.24 !1.21 # 1.21 release notes, PR #97171; 1.25, PR #109798
    publishedForARM -1.26 # 1.27 release notes, PR #115742
    runtimeClass 1.14- # 1.14 release notes, PR #75003
    runtimeClassOverhead 1.18- # KEP-688: PodOverhead alpha 1.16, beta 1.18
    runtimeClassScheduling 1.16- # 1.16 release notes, PR #80825
    seccompDefault 1.25- # pkg/features/kube_features.go of 1.24 and 1.25
    serverTLSBootstrap 1.12- # pkg/features/kube_features.go of 1.11 and 1.12
    serviceAccountIssuerRequired 1.20- # 1.20 release notes, PR #93258
    strictConfiguration 1.17- # 1.17 release notes
    tokenSecrets -1.23 # 1.24 release notes, PR #108309
    ttlAfterFinished 1.21- # KEP-592: beta 1.21, stable 1.23
    """
  )
}
