// SPDX-License-Identifier: Apache-2.0

import Catalog
import Spec
import Values

/// The RuntimeClass of each handler.
enum HandlerObjects {
  /// One for each name of a handler on a worker, by name; none where the cluster has no such objects.
  static func all(_ cluster: ClusterSpec) -> [ClusterObject] {
    let minor = cluster.kubernetes.version.minor
    let version = Catalog.standard.fact(.runtimeClassAPIVersion, at: minor)
    guard !version.isEmpty else { return [] }
    var byName: [String: HandlerSpec] = [:]
    for handler in cluster.hosts(with: .worker).flatMap(\.runtime.handlers)
    where byName[handler.name] == nil {
      byName[handler.name] = handler
    }
    return byName.values.sorted { $0.name < $1.name }.map {
      object($0, version: version, minor: minor)
    }
  }

  /// Labels by which pods find hosts that have their handler.
  static func labels(of host: HostSpec) -> [String: String] {
    Dictionary(
      host.runtime.handlers.map { (Handlers.label($0.name), "true") },
      uniquingKeysWith: { first, _ in first }
    )
  }

  private static func object(
    _ handler: HandlerSpec,
    version: String,
    minor: Minor
  ) -> ClusterObject {
    let collection = "/apis/\(version)/runtimeclasses"
    var members: [(key: String, value: Document)] = [
      ("apiVersion", .text(version)), ("kind", "RuntimeClass"),
      ("metadata", ["name": .text(handler.name)]), ("handler", .text(handler.name)),
    ]
    let overhead = overhead(of: handler)
    if !overhead.isEmpty, Catalog.standard.has(.runtimeClassOverhead, at: minor) {
      members.append(("overhead", ["podFixed": .map(overhead)]))
    }
    if Catalog.standard.has(.runtimeClassScheduling, at: minor) {
      let selector: Document = .map([(Handlers.label(handler.name), .text("true"))])
      members.append(("scheduling", ["nodeSelector": selector]))
    }
    return ClusterObject(
      name: "runtimeclass/\(handler.name)",
      path: "\(collection)/\(handler.name)",
      collection: collection,
      json: Document.map(members).json,
      summary: "new",
      reason: "Pods that name it run by the handler \(handler.name), on hosts that have it."
    )
  }

  /// What a machine costs.
  ///
  /// Source: kata-containers tools/packaging/kata-deploy/runtimeclasses, kata-qemu.
  private static func overhead(of handler: HandlerSpec) -> [(key: String, value: Document)] {
    let usual = OverheadSpec(cpu: "250m", memory: "160Mi")
    let cost = handler.overhead ?? (handler.type.needsVirtualization ? usual : OverheadSpec())
    return [("cpu", cost.cpu), ("memory", cost.memory)].compactMap { key, value in
      value.map { (key: key, value: .text($0)) }
    }
  }
}
