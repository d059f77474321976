// SPDX-License-Identifier: Apache-2.0

import Spec

/// Handlers in containerd's configuration of version 2.
enum HandlerTables {
  /// The tables, indented as the rest of the file; empty where there are no handlers.
  ///
  /// Source: containerd docs/cri/config.md of 1.6 and 2.0; kata-containers
  /// docs/how-to/containerd-kata.md.
  static func containerd(_ handlers: [HandlerSpec]) -> String {
    handlers.map(table).joined()
  }

  private static func table(_ handler: HandlerSpec) -> String {
    let name = "[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.\(handler.name)"
    let path = handler.runtime
    let isShim = handler.type == .kata || path.map(HandlerPrograms.isShim) ?? false
    var lines = ["", "      \(name)]"]
    lines.append("        # Runs pods of the handler \(handler.name): \(handler.type.rawValue).")
    lines.append("        runtime_type = \(TOMLText.quoted(type(handler, isShim: isShim)))")
    if isShim, let path { lines.append("        runtime_path = \(TOMLText.quoted(path))") }
    if handler.type == .kata {
      lines.append("        # A privileged pod is so within its machine only.")
      lines.append("        privileged_without_host_devices = true")
      lines.append("        pod_annotations = [\"io.katacontainers.*\"]")
    }
    let options =
      isShim
      ? handler.configuration.map { "ConfigPath = \(TOMLText.quoted($0))" }
      : path.map { "BinaryName = \(TOMLText.quoted($0))" }
    if let options { lines += ["", "        \(name).options]", "          \(options)"] }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `containerd-shim-NAME-v2` goes by `io.containerd.NAME.v2`; an OCI runtime by runc's shim.
  private static func type(_ handler: HandlerSpec, isShim: Bool) -> String {
    guard isShim else { return "io.containerd.runc.v2" }
    let path = handler.runtime ?? HandlerPrograms.kataShim
    let name = path.split(separator: "/").last ?? ""
    return "io.containerd." + name.dropFirst("containerd-shim-".count).dropLast("-v2".count) + ".v2"
  }
}
