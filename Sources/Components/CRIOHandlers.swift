// SPDX-License-Identifier: Apache-2.0

import Catalog
import Facts
import Spec
import Values

/// What runs pods: the usual runtime, and the handlers of the spec, in CRI-O's form.
struct CRIOHandlers {
  let context: HostContext

  init(_ context: HostContext) {
    self.context = context
  }

  private var minor: Minor { context.crioMinor }

  private func has(_ key: String) -> Bool {
    Catalog.standard.has(field: "runtime.\(key)", of: .crio, at: minor)
  }

  /// - Throws: `Failure` (`internalError`) for a key that the minor lacks.
  func write(to keys: inout CRIOKeys) throws {
    let handlers = context.host.runtime.handlers
    if has("runtimes") {
      try usualRuntime(&keys)
    } else {
      try keys.set("runtime.runtime", .text(usualPath("runc")), "Runs pods that are trusted.")
    }
    // Of 1.12 and 1.13 the annotation and runtimeClassName both find this one.
    if Catalog.standard.has(.crioTrustedSandbox, at: minor) {
      try keys.set(
        "runtime.default_workload_trust",
        .text("trusted"),
        "Pods are, unless they say so."
      )
    }
    if handlers.contains(where: { $0.type == .kata }), isVirtualMachine { try namespaces(&keys) }
    for handler in handlers { try table(handler, &keys) }
  }

  /// Whether kata is a shim here, and not yet an OCI runtime.
  private var isVirtualMachine: Bool { has("runtimes.runtime_type") }

  // MARK: The usual runtime

  /// A package that CRI-O reads drop-ins with brings its own table, and knows best where its runtime
  /// is; there the package's choice stays.
  private func usualRuntime(_ keys: inout CRIOKeys) throws {
    let isHosts = context.crio.source == .host
    if Catalog.standard.has(.crioDropIns, at: minor), !isHosts { return }
    let name = isHosts ? hostRuntime : Catalog.standard.fact(.crioDefaultRuntime, at: minor)
    try keys.set("runtime.default_runtime", .text(name), "Runs pods that name no handler.")
    let table = "runtime.runtimes.\(name)"
    if Catalog.standard.has(.crioRuntimeFromPath, at: minor) {
      try keys.set("\(table).runtime_path", .text(""), "The one in PATH.")
    } else {
      try keys.set("\(table).runtime_path", .text(usualPath(name)), "The program.")
    }
    try keys.setIfKnown("\(table).runtime_type", .text("oci"), "An OCI runtime.")
    try keys.setIfKnown("\(table).runtime_root", .text("/run/\(name)"), "Where it keeps its state.")
  }

  /// crun does not run on hybrid hosts; else CRI-O's own choice, if it is there.
  private var hostRuntime: String {
    let usual = Catalog.standard.fact(.crioDefaultRuntime, at: minor)
    let other = usual == "runc" ? "crun" : "runc"
    let tools = context.facts.tools
    if usual == "crun", context.facts.cgroup == .hybrid { return other }
    return tools[usual] == nil && tools[other] != nil ? other : usual
  }

  /// Before CRI-O looked in PATH.
  private func usualPath(_ name: String) -> String {
    let packaged = context.facts.packageManager == .apt ? "/usr/sbin/\(name)" : "/usr/bin/\(name)"
    guard context.crio.source == .host else { return packaged }
    return context.facts.tools[name] ?? packaged
  }

  // MARK: Handlers

  private func table(_ handler: HandlerSpec, _ keys: inout CRIOKeys) throws {
    let path = HandlerPrograms.crioPath(handler, isShim: isVirtualMachine)
    let reason = "Runs pods of the handler \(handler.name): \(handler.type.rawValue)."
    if HandlerRequest.isByTrust(handler.name, crio: minor) {
      try keys.set("runtime.runtime_untrusted_workload", .text(path), reason)
      return
    }
    let table = "runtime.runtimes.\(handler.name)"
    try keys.set("\(table).runtime_path", .text(path), reason)
    let isMachine = HandlerPrograms.isShim(path)
    try keys.setIfKnown(
      "\(table).runtime_type",
      .text(isMachine ? "vm" : "oci"),
      isMachine ? "A shim that keeps a machine for each pod." : "An OCI runtime."
    )
    try keys.setIfKnown(
      "\(table).runtime_root",
      .text(isMachine ? "/run/vc" : "/run/\(handler.name)"),
      "Where it keeps its state."
    )
    if handler.type == .kata {
      try keys.setIfKnown(
        "\(table).privileged_without_host_devices",
        .flag(true),
        "A privileged pod is so within its machine only."
      )
    }
    if isMachine, let configuration = handler.configuration {
      try keys.setIfKnown(
        "\(table).runtime_config_path",
        .text(configuration),
        "The program's own settings."
      )
    }
  }

  /// A machine needs its network before it starts; from 1.21 on CRI-O always makes it so.
  private func namespaces(_ keys: inout CRIOKeys) throws {
    let reason = "CRI-O makes pods' namespaces: Kata needs them before its machine starts."
    if try keys.setIfKnown("runtime.manage_ns_lifecycle", .flag(true), reason) { return }
    try keys.setIfKnown("runtime.manage_network_ns_lifecycle", .flag(true), reason)
  }
}
