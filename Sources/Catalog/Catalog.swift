// SPDX-License-Identifier: Apache-2.0

package import Values

/// Everything that depends on a version of Kubernetes, as data with its source.
package struct Catalog: Sendable {
  package static let standard = Self()

  /// The minors that Kubewright installs.
  package var supported: ClosedRange<Minor> { Minor(1, 11)...Minor(1, 36) }

  /// The newest release that the data was read for.
  package var newest: KubernetesVersion { KubernetesVersion(1, 36, 2) }

  /// Every supported minor, ascending.
  package var minors: [Minor] { (11...36).map { Minor(1, $0) } }

  /// Whether `program` accepts `--flag` at `minor`; `flag` is written without dashes.
  package func has(flag: String, of program: ServerProgram, at minor: Minor) -> Bool {
    table(of: program).has(flag, at: minor)
  }

  /// Every flag that `program` accepts at `minor`, without dashes.
  package func flags(of program: ServerProgram, at minor: Minor) -> Set<String> {
    table(of: program).names(at: minor)
  }

  /// When `--flag` came and went; nil: no supported minor of `program` accepts it.
  package func record(flag: String, of program: ServerProgram) -> FlagRecord? {
    table(of: program).records[flag]
  }

  /// Whether the configuration kind has a field at `minor`; a dot goes into a struct:
  /// `authentication.x509.clientCAFile`, `runtime.conmon_cgroup`.
  package func has(field: String, of kind: ConfigKind, at minor: Minor) -> Bool {
    switch kind {
    case .kubelet: SpanTable.kubeletFields.has(field, at: minor)
    case .kubeProxy: SpanTable.proxyFields.has(field, at: minor)
    case .crio: SpanTable.crioKeys.has(field, at: minor)
    }
  }

  /// Whether the kind still has the field at `minor`, and nothing has taken its place there.
  package func recommends(field: String, of kind: ConfigKind, at minor: Minor) -> Bool {
    guard has(field: field, of: kind, at: minor) else { return false }
    let records =
      switch kind {
      case .kubelet: SpanTable.kubeletFields.records
      case .kubeProxy: SpanTable.proxyFields.records
      case .crio: SpanTable.crioKeys.records
      }
    return records[field]?.deprecated.map { minor < $0 } ?? true
  }

  /// Whether `minor` does, needs or refuses what the feature says.
  package func has(_ feature: Feature, at minor: Minor) -> Bool {
    SpanTable.features.has(feature.rawValue, at: minor)
  }

  /// When the feature came and went, and where that was read.
  package func record(of feature: Feature) -> FlagRecord? {
    SpanTable.features.records[feature.rawValue]
  }

  /// The fact's value at `minor`; empty where the thing does not exist then.
  package func fact(_ key: FactKey, at minor: Minor) -> String {
    step(key, at: minor)?.value ?? ""
  }

  /// Where the fact's value at `minor` was read.
  package func source(of key: FactKey, at minor: Minor) -> String {
    step(key, at: minor)?.source ?? ""
  }

  /// The admission plugins that the API server knows at `minor`; it refuses to start for any other.
  package func admissionPlugins(at minor: Minor) -> Set<String> {
    SpanTable.admissionPlugins.names(at: minor)
  }

  /// The admission plugins that are on at `minor` without being asked for.
  package func defaultAdmissionPlugins(at minor: Minor) -> Set<String> {
    SpanTable.defaultAdmissionPlugins.names(at: minor)
  }

  /// When an admission plugin came and went; nil: no supported minor knows it.
  package func record(ofAdmissionPlugin plugin: String) -> FlagRecord? {
    SpanTable.admissionPlugins.records[plugin]
  }

  /// When a mode of kube-proxy came and went; nil: no supported minor has it.
  package func record(ofProxyMode mode: String) -> FlagRecord? {
    SpanTable.proxyModes.records[mode]
  }

  /// When a field of a configuration kind came and went; nil: no supported minor has it.
  package func record(field: String, of kind: ConfigKind) -> FlagRecord? {
    switch kind {
    case .kubelet: SpanTable.kubeletFields.records[field]
    case .kubeProxy: SpanTable.proxyFields.records[field]
    case .crio: SpanTable.crioKeys.records[field]
    }
  }

  /// The modes of kube-proxy on Linux at `minor`; nftables needs a feature gate before
  /// `Feature.nftablesProxy`.
  package func proxyModes(at minor: Minor) -> Set<String> {
    SpanTable.proxyModes.names(at: minor)
  }

  private func table(of program: ServerProgram) -> SpanTable {
    switch program {
    case .apiServer: .apiServer
    case .controllerManager: .controllerManager
    case .scheduler: .scheduler
    case .kubelet: .kubelet
    case .proxy: .proxy
    }
  }

  private func step(_ key: FactKey, at minor: Minor) -> FactStep? {
    key.steps.last { Minor(1, $0.since) <= minor }
  }
}
