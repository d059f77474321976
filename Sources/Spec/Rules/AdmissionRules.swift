// SPDX-License-Identifier: Apache-2.0

import Catalog
import Values

/// Which admission plugins may be asked for.
enum AdmissionRules {
  static let all = [
    Rule(
      doc: "The API server of that minor has each of the admission plugins, and needs no "
        + "configuration file for it.",
      check: plugins
    )
  ]

  /// Plugins that do not start without a file of their own.
  ///
  /// Source: plugin/pkg/admission/eventratelimit and imagepolicy of kubernetes.
  private static let configured: Set = ["EventRateLimit", "ImagePolicyWebhook"]

  @Sendable private static func plugins(_ spec: ClusterSpec, _ reading: inout Reading) {
    let path = SpecPath("spec", "controlPlane", "admissionPlugins")
    guard reading.isSound(SpecPath("spec", "kubernetes", "version")), reading.isSound(path) else {
      return
    }
    let minor = spec.kubernetes.version.minor
    let known = Catalog.standard.admissionPlugins(at: minor)
    guard !known.isEmpty else { return }
    for (index, plugin) in spec.controlPlane.admissionPlugins.enumerated() {
      if !known.contains(plugin) {
        reading.error(
          path[index],
          absence(of: plugin, at: minor),
          suggestion: NearestSpelling.of(plugin, among: known.sorted())
        )
      } else if configured.contains(plugin) {
        reading.error(
          path[index],
          "\(plugin) needs a configuration file of its own, which this format has no place for"
        )
      }
    }
  }

  private static func absence(of plugin: String, at minor: Minor) -> String {
    let lacks = "the API server of Kubernetes \(minor) has no admission plugin '\(plugin)'"
    guard let record = Catalog.standard.record(ofAdmissionPlugin: plugin) else { return lacks }
    if let last = record.last, last < minor { return "\(lacks): it went after \(last)" }
    if let first = record.first, minor < first { return "\(lacks): it came with \(first)" }
    return lacks
  }
}
