// SPDX-License-Identifier: Apache-2.0

import Catalog
import Values

/// What handlers need of the engine and of Kubernetes.
enum HandlerRules {
  static let all = [
    Rule(
      doc: "Handlers need the engine containerd or crio, and are not called runc or crun.",
      check: engine
    ),
    Rule(
      doc: "A handler of the type custom names its runtime; one of the type clear-containers needs "
        + "CRI-O \(lastForClearContainers) or older.",
      check: type
    ),
    Rule(
      doc: "Only a handler of the type custom shares the host's kernel.",
      check: kernel
    ),
    Rule(
      doc: "Before Kubernetes 1.14, which has no RuntimeClass, and on CRI-O 1.11, which has one "
        + "handler, a handler is called untrusted: annotations reach no other.",
      check: reach
    ),
    Rule(
      doc: "Handlers of one name cost the same on all hosts: they share a RuntimeClass.",
      check: overhead
    ),
  ]

  /// The last CRI-O that Clear Containers 3 was of use with: its project ended in 2018, and the
  /// packages of later CRI-O are built against a runtime specification that it does not know.
  static let lastForClearContainers = Minor(1, 16)

  private static let engines: Set<RuntimeEngine> = [.containerd, .crio]
  private static let reserved = ["runc", "crun"]

  /// Every handler that can be judged, with its place.
  private static func handlers(
    _ spec: ClusterSpec,
    _ reading: Reading
  ) -> [(path: SpecPath, host: HostSpec, handler: HandlerSpec)] {
    reading.hosts(of: spec, with: "runtime").flatMap { path, host in
      host.runtime.handlers.enumerated().compactMap { index, handler in
        let path = path["handlers"][index]
        return reading.isSound(path) ? (path, host, handler) : nil
      }
    }
  }

  @Sendable private static func engine(_ spec: ClusterSpec, _ reading: inout Reading) {
    for (path, host, handler) in handlers(spec, reading) {
      if !engines.contains(host.runtime.engine), reading.isSound(path["engine"]) {
        reading.error(path, "the engine \(host.runtime.engine.rawValue) has no handlers")
      }
      if reserved.contains(handler.name) {
        reading.error(path["name"], "\(handler.name) is the engine's own handler")
      }
    }
  }

  @Sendable private static func type(_ spec: ClusterSpec, _ reading: inout Reading) {
    for (path, host, handler) in handlers(spec, reading) where reading.isSound(path["type"]) {
      switch handler.type {
      case .custom where handler.runtime == nil && reading.isSound(path["runtime"]):
        reading.error(path["runtime"], "is missing: a custom handler needs the path of a program")
      case .clearContainers where host.runtime.engine != .crio:
        reading.error(path["type"], "Clear Containers work with CRI-O only: use kata")
      case .clearContainers:
        let minor = crioMinor(host, spec)
        guard minor > lastForClearContainers else { continue }
        reading.error(
          path["type"],
          "Clear Containers work with CRI-O up to \(lastForClearContainers), not \(minor): use kata"
        )
      case .kata, .custom: continue
      }
    }
  }

  @Sendable private static func kernel(_ spec: ClusterSpec, _ reading: inout Reading) {
    for (path, _, handler) in handlers(spec, reading)
    where handler.kernel == .host && handler.type.needsVirtualization {
      guard reading.isSound(path["type"]), reading.isSound(path["kernel"]) else { continue }
      reading.error(
        path["kernel"],
        "pods of \(handler.type.rawValue) have a kernel of their own: leave it out"
      )
    }
  }

  @Sendable private static func reach(_ spec: ClusterSpec, _ reading: inout Reading) {
    guard reading.isSound(SpecPath("spec", "kubernetes", "version")) else { return }
    let hasClasses = Catalog.standard.has(.runtimeClass, at: spec.kubernetes.version.minor)
    for (path, host, handler) in handlers(spec, reading) where handler.name != "untrusted" {
      let crio = crioMinor(host, spec)
      let hasTable =
        host.runtime.engine != .crio
        || Catalog.standard.has(field: "runtime.runtimes", of: .crio, at: crio)
      guard !hasClasses || !hasTable else { continue }
      let why =
        hasClasses
        ? "CRI-O \(crio) has one handler beside its own"
        : "Kubernetes \(spec.kubernetes.version.minor) has no RuntimeClass"
      reading.error(
        path["name"],
        "\(why), and pods can ask for it by an annotation only: call it untrusted"
      )
    }
  }

  @Sendable private static func overhead(_ spec: ClusterSpec, _ reading: inout Reading) {
    var first: [String: (path: SpecPath, handler: HandlerSpec)] = [:]
    for (path, _, handler) in handlers(spec, reading) {
      guard let earlier = first[handler.name] else {
        first[handler.name] = (path, handler)
        continue
      }
      let isSame =
        earlier.handler.overhead == handler.overhead && earlier.handler.type == handler.type
      guard !isSame, let position = reading.place(earlier.path) else { continue }
      reading.error(
        path,
        "\(handler.name) has another type or overhead here than at \(position): the two share a "
          + "RuntimeClass"
      )
    }
  }

  private static func crioMinor(_ host: HostSpec, _ spec: ClusterSpec) -> Minor {
    host.runtime.version ?? spec.kubernetes.version.minor
  }
}
