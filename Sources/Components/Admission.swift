// SPDX-License-Identifier: Apache-2.0

import Catalog
import Spec
import Values

/// The admission plugins that are switched on beside the minor's own defaults.
///
/// Left out on purpose: AlwaysPullImages (CIS 1.2.11) would make every pod depend on a registry, and
/// images that were loaded on a host would not start; EventRateLimit (CIS 1.2.9) has no limits that are
/// right for every cluster. Both are manual checks.
enum Admission {
  /// Ours and then the spec's, each once.
  static func plugins(_ cluster: ClusterSpec) -> [String] {
    let minor = cluster.kubernetes.version.minor
    let ours = plugins(at: minor)
    return ours + cluster.controlPlane.admissionPlugins.filter { !ours.contains($0) }
  }

  private static func plugins(at minor: Minor) -> [String] {
    var plugins = ["NodeRestriction"]
    if usesPodSecurityPolicy(at: minor) { plugins.append("PodSecurityPolicy") }
    if VersionedChoices.deniesExternalIPs(at: minor) {
      plugins.append("DenyServiceExternalIPs")
    }
    return plugins
  }

  /// PodSecurityPolicy holds pods in check until PodSecurity is on by itself (CIS 1.2.16 of cis-1.20);
  /// `ClusterObjects` then has the policies that pods need.
  static func usesPodSecurityPolicy(at minor: Minor) -> Bool {
    Catalog.standard.admissionPlugins(at: minor).contains("PodSecurityPolicy")
      && !Catalog.standard.defaultAdmissionPlugins(at: minor).contains("PodSecurity")
  }
}
